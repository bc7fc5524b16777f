// Print: A4, one page a sheet, the key apart; an instrument on one page.
import { check, context, go, mine, only, open, rows, settled, shard, test } from './ground.mjs';

// pdf prints what is open and counts the pages and their sizes in the file.
async function pdf(page) {
  const file = (await page.pdf({ preferCSSPageSize: true, printBackground: true })).toString('latin1');
  const sizes = [...file.matchAll(/\/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]/g)].map((m) => [Math.round(m[1]), Math.round(m[2])].join('×'));
  return { pages: [...file.matchAll(/\/Type\s*\/Page\b(?!s)/g)].length, sizes: [...new Set(sizes)] };
}

async function sheets() {
  const c = await context();
  const page = await open(c, 'home');
  const ids = rows.filter((r) => r.id !== 'F0').map((r) => r.id);
  for (const lang of ['en', 'ko']) {
    await go(page, `sheet&pages=${ids.join('.')}&seed=7&lang=${lang}`);
    await page.waitForFunction((n) => document.querySelectorAll('[data-sheet]').length === n, ids.length, { timeout: 60000 });
    await page.emulateMedia({ media: 'print' });
    await page.setViewportSize({ width: 680, height: 1000 });
    await settled(page);
    const cut = await page.evaluate(() => [...document.querySelectorAll('[data-sheet]')].filter((s) => s.scrollHeight > s.clientHeight + 1 || s.scrollWidth > s.clientWidth + 1).map((s) => `${s.dataset.sheet} ${s.scrollWidth}×${s.scrollHeight} in ${s.clientWidth}×${s.clientHeight}`));
    check(`sheets, ${lang}`, cut.length === 0, 'nothing cut on a sheet', cut.join(', '));
    await page.setViewportSize({ width: 1280, height: 800 });
    if (lang === 'en') continue; // the file takes its time, and its pages are the same
    const plain = await pdf(page);
    check(`sheets, ${lang}`, plain.pages === ids.length, `${ids.length} pages for ${ids.length} sheets`, plain.pages);
    check(`sheets, ${lang}`, plain.sizes.join() === '595×842', 'A4', plain.sizes.join());
    await page.emulateMedia({ media: null });
  }
  await go(page, 'sheet&pages=4-2-3.4-5-24&seed=7&key=1');
  await page.waitForFunction(() => document.querySelectorAll('[data-sheet]').length === 2);
  await settled(page);
  const key = await pdf(page);
  check('sheets with the key', key.pages === 3, 'two sheets and one page of the key', key.pages);
  const [sheet, last] = await page.evaluate(() => [document.querySelector('[data-sheet="4-5-24"]').innerText, [...document.querySelectorAll('section.sheet')].at(-1).innerText]);
  check('sheets with the key', last.includes('0.60013') && !sheet.includes('0.60013'), 'the answer on the key alone', last);
  await c.close();
}

async function instruments() {
  const c = await context();
  const page = await open(c, 'home');
  // The file itself is slow to make: every fifth page of a chapter is.
  for (const r of mine.filter((r, i) => /^4/.test(r.id) && (i % 5 === 0 || only.length))) {
    await go(page, `${r.id}&lang=ko&theme=light`);
    const made = await pdf(page);
    check(`${r.id} printed`, made.pages === 1 && made.sizes.join() === '595×842', 'one page of A4', `${made.pages} of ${made.sizes}`);
  }
  await c.close();
}

export async function print() {
  await test(`instruments of shard ${shard} on paper`, instruments);
}
export async function paper() {
  await test('sheets on paper', sheets);
}
