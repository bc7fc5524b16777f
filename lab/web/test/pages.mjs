// Every page and room, in two languages and two themes: without a violation, without a cut word, with the command line's numbers.
import axe from 'axe-core';
import { check, context, go, langs, later, mine, numbers, open, resized, symbols, test, themes, widths } from './ground.mjs';
import { reached } from './keyboard.mjs';
import { clipped, crowded, unheard, unseen } from './looks.mjs';

// violations runs axe in the page; the engine of it stays there while the address changes.
export async function violations(page) {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const found = await window.axe.run(document, { rules: { region: { enabled: false } }, resultTypes: ['violations'] });
    return found.violations.map((v) => `${v.id}: ${v.nodes[0].html.slice(0, 200)} (${v.nodes.length})`).join(' | ');
  });
}

const missing = (page) => page.innerText('body').then((s) => s.match(/\[[a-z0-9]+\.[a-z0-9_]+\]|\{[a-z_0-9]+\}/)?.[0] ?? '');

// same compares every number of the page with the command line's: the same bits, as JSON writes them.
export async function same(page, at, want) {
  const expected = symbols(want.scene ?? {});
  const got = new Map();
  for (const [s, v] of await numbers(page)) if (s !== 'step' && v !== '' && v !== null && !got.has(s)) got.set(s, v);
  let compared = 0;
  for (const [s, v] of got) {
    if (!expected.has(s) || expected.get(s) === null) continue;
    compared++;
    check(`${at} ${s}`, Object.is(Number(v) + 0, expected.get(s) + 0), `the command line's ${expected.get(s)}`, v);
  }
  check(`${at}: numbers`, expected.size === 0 || compared > 0, `some of ${[...expected.keys()].slice(0, 6)} on the page`, [...got.keys()].slice(0, 6));
}

async function walk(page, id) {
  const want = later('lab', 'show', `#${id}`);
  for (const lang of langs) {
    for (const theme of themes) {
      const at = `${id} ${lang} ${theme}`;
      await go(page, `${id}&lang=${lang}&theme=${theme}`);
      const [l, t, p] = await page.evaluate(() => [document.documentElement.lang, document.documentElement.dataset.theme, document.querySelector('[data-page]')?.dataset.page]);
      check(at, l === lang && t === theme && p === id, `the page in ${lang}, ${theme}`, `${p} ${l} ${t}`);
      const bad = await violations(page);
      check(`${at} 1280: axe`, bad === '', 'no violation', bad);
      const lost = await missing(page);
      check(`${at}: sentences`, lost === '', 'every sentence in the catalogue', lost);
    }
    for (const what of await unheard(page)) check(`${id} ${lang}`, false, ...what);
    for (const width of widths) {
      await resized(page, width);
      for (const what of [...(await clipped(page)), ...(await crowded(page, width)), ...(await unseen(page))]) check(`${id} ${lang} dark ${width}`, false, ...what);
      check(`${id} ${lang} ${width}`, true);
    }
    await resized(page, 1280, 800);
  }
  await go(page, `${id}&lang=ko&theme=light`);
  await same(page, id, await want);
  const tabs = await reached(page);
  check(`${id}: keyboard`, tabs.missed.length === 0, 'everything within reach of Tab', tabs.missed.join(' '));
  check(`${id}: keyboard`, tabs.hidden.length === 0, 'the focus not under the step bar', tabs.hidden.join(' '));
}

export async function pages() {
  const c = await context();
  const page = await open(c, 'home');
  for (const r of mine) await test(`page ${r.id}`, () => walk(page, r.id));
  await c.close();
}
