// Own data: from a file to its report, as a person goes it, and what is no table. The verdict is the command line's.
import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { check, context, folder, json, langs, open, resized, settled, test, text, themes, widths } from './ground.mjs';
import { choose } from './keyboard.mjs';
import { clipped, crowded } from './looks.mjs';
import { violations } from './pages.mjs';

const name = '한 글 (최종).csv';

async function looked(table) {
  for (const lang of langs) {
    for (const theme of themes) {
      const c = await context();
      const page = await open(c, `data&lang=${lang}&theme=${theme}`);
      await dropped(page, table);
      await page.locator('#target').selectOption('died_30d');
      await page.waitForSelector('#start');
      const bad = await violations(page);
      check(`data ${lang} ${theme}: axe`, bad === '', 'no violation', bad);
      const lost = (await page.innerText('main')).match(/\[[a-z0-9]+\.[a-z0-9_]+\]|\{[a-z_0-9]+\}/);
      check(`data ${lang}: sentences`, !lost, 'every sentence in the catalogue', lost?.[0]);
      for (const width of theme === 'dark' ? widths : []) {
        await resized(page, width);
        for (const what of [...(await clipped(page)), ...(await crowded(page, width))]) check(`data ${lang} ${width}`, false, ...what);
      }
      await c.close();
    }
  }
}

// dropped lets go of a file over the page.
async function dropped(page, content) {
  const files = await page.evaluateHandle(({ name, content }) => {
    const d = new DataTransfer();
    d.items.add(new File([content], name, { type: 'text/csv' }));
    return d;
  }, { name, content });
  await page.dispatchEvent('[data-page=data]', 'drop', { dataTransfer: files });
  await page.waitForSelector('#target');
  await settled(page);
}

// refused: files that are no tables, or too large to be held, get a sentence and nothing else.
async function refused() {
  const c = await context();
  const page = await open(c, 'data&lang=en', { refusals: true });
  writeFileSync(join(folder, 'scan.csv'), '%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n');
  writeFileSync(join(folder, 'large.csv'), '');
  truncateSync(join(folder, 'large.csv'), 2 ** 31);
  for (const [file, words] of [['scan.csv', /PDF/i], ['large.csv', /256 MB/]]) {
    await page.setInputFiles('#file', join(folder, file));
    const said = await page.locator('[role=alert]').innerText({ timeout: 10000 });
    check(`data ${file}`, words.test(said) && (await page.locator('#target').count()) === 0, `a sentence with ${words}`, said);
  }
  await c.close();
}

// studied runs a study by keyboard, loses its page meanwhile, finds the run again and reads the command line's verdict.
async function studied(table) {
  const c = await context();
  let page = await open(c, 'data&lang=en');
  await dropped(page, table);
  await choose(page, page.locator('#target'), 'died_30d');
  await page.waitForSelector('[name=folds]');
  for (const [field, value] of [['folds', '3'], ['inner', '2'], ['draws', '50']]) {
    await page.focus(`[name=${field}]`);
    await page.keyboard.press('Control+a');
    await page.keyboard.type(value);
  }
  for (let i = 0; i < 10 && (await page.evaluate(() => document.activeElement?.id)) !== 'start'; i++) await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.waitForSelector('[role=progressbar], [data-state=done]');
  await page.close();
  page = await open(c, 'data&lang=en');
  await page.waitForSelector('[role=progressbar], [data-state=done]');
  const kept = [await page.inputValue('#target'), await page.inputValue('[name=folds]')].join();
  check('data: a page that was lost', kept === 'died_30d,3', 'its study again', kept);
  await page.waitForSelector('[data-state=done]', { timeout: 120000 });
  writeFileSync(join(folder, name), table);
  const said = json('study', join(folder, name), '--target', 'died_30d', '--outer', '3', '--inner', '2', '--draws', '50', '--no-record', '--out', join(folder, 'out')).verdict;
  check('data: the verdict', (await page.innerText('.verdict')) === said, `the command line's: ${said}`, await page.innerText('.verdict'));
  check('data: the report', /한 글/.test(await page.frameLocator('iframe').locator('h1').innerText()), 'its title in the page');
  await cancelled(page);
  await c.close();
}

async function cancelled(page) {
  await page.fill('[name=folds]', '50');
  await page.focus('#start');
  await page.keyboard.press('Enter');
  await page.waitForSelector('#cancel:not(:disabled)');
  await page.focus('#cancel');
  await page.keyboard.press('Enter');
  await page.waitForSelector('[data-state=cancelled]', { timeout: 20000 });
  const at = await page.evaluate(() => document.activeElement?.id);
  check('data: a study cancelled by keyboard', at === 'start', 'the focus at the start', at);
  const kept = await page.evaluate(() => JSON.stringify({ ...localStorage }));
  check('data: what the browser keeps', !/died_30d|한 글/.test(kept), 'nothing of the table', kept);
}

export async function data() {
  const table = text('data', 'cohort', '--csv');
  await test('own data: files that are no tables', refused);
  await test('own data: looks', () => looked(table));
  await test('own data: from a file to its report by keyboard', () => studied(table));
}
