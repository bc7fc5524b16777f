// The way through the course as someone goes it who has never programmed: every exercise solved, then on by the page's own control.
// That each typical mistake of every exercise has its own sentence is proven in Go (lab/page/page_test.go); here one a page is tried.
import { check, context, go, json, langs, open, rows, settled, shard, shards, test, written } from './ground.mjs';
import { answer, inner, reach } from './keyboard.mjs';

// solve answers every exercise of the page that is open.
export async function solve(page, id, mistake) {
  const n = json('lab', 'key', `#${inner(await written(page))}`).length;
  for (let i = 0; i < n; i++) {
    const at = `${id}, exercise ${i + 1}`;
    let key = json('lab', 'key', `#${inner(await written(page))}`)[i];
    const wrong = key.wrong?.[mistake % key.wrong.length];
    if (wrong) {
      const got = await answer(page, i, wrong);
      check(`${at}, wrong answer ${wrong}`, got.status === 'hint' && got.said.length > 3, 'its mistake named', `${got.status}: ${got.said}`);
    }
    if (key.solve || key.step) {
      const left = await reach(page, key);
      check(`${at}`, left.length === 0, 'every control within reach of the keyboard', left);
      key = json('lab', 'key', `#${inner(await written(page))}`)[i];
    }
    const got = await answer(page, i, key.answers ?? []);
    check(`${at}, answers ${key.answers ?? 'on the screen'}`, got.status === 'pass', 'pass', `${got.status}: ${got.said} at ${inner(await written(page))}`);
  }
}

// onward presses the page's own way on: behind the last exercise by keyboard, or with the mouse.
async function onward(page, mouse) {
  const next = page.locator('form.exercise').last().locator('.buttons button:not([data-action])');
  if (mouse) await next.click();
  else {
    await next.focus();
    await page.keyboard.press('Enter');
  }
  await settled(page);
}

async function walk(lang, list, mouse) {
  const c = await context();
  const page = await open(c, `${list[0].id}&lang=${lang}`);
  for (const [i, r] of list.entries()) {
    const id = await page.evaluate(() => document.querySelector('[data-page]').dataset.page);
    if (!check(`${lang} ${r.id}`, id === r.id, 'the next page of the course', id)) await go(page, `${r.id}&lang=${lang}`);
    if (mouse) await clicked(page, r.id);
    else await solve(page, `${lang} ${r.id}`, i + (lang === 'ko' ? 0 : 1));
    if (i < list.length - 1) await onward(page, mouse);
  }
  const done = await page.evaluate(() => JSON.parse(localStorage.getItem('gradus-progress')).passed);
  for (const r of list) check(`${lang} ${r.id}`, done[r.id]?.length > 0, 'its pass in the progress', JSON.stringify(done[r.id]));
  await c.close();
}

// clicked solves a page of answers with the mouse: it clicks into each field, types, and clicks on check.
async function clicked(page, id) {
  const key = json('lab', 'key', `#${inner(await written(page))}`);
  for (const [i, k] of key.entries()) {
    const form = page.locator(`[data-exercise="${i + 1}"]`);
    for (const [n, a] of (k.answers ?? []).entries()) {
      const field = form.locator(`[data-answer="${n + 1}"]`);
      if ((await field.evaluate((e) => e.tagName)) === 'SELECT') await field.selectOption(a);
      else {
        await field.click();
        await page.keyboard.type(a);
      }
    }
    await form.locator('[data-action=check]').click();
    await settled(page);
    check(`${id}, exercise ${i + 1} by mouse`, (await form.getAttribute('data-check')) === 'pass', 'pass', await form.innerText());
  }
}

const course = rows.filter((r) => r.id.startsWith('4-'));

// The course in a language on each shard; front pages and rooms with the first, the mouse with the last.
export async function way() {
  for (const [i, lang] of langs.entries()) {
    if (i % shards === shard - 1) await test(`way from 4-1-1 to 4-5-31 by keyboard, ${lang}`, () => walk(lang, course, false));
  }
  if (shard === 1) {
    await test('front pages and rooms by keyboard', async () => {
      const c = await context();
      const page = await open(c, 'home');
      for (const r of rows.filter((r) => !r.id.startsWith('4-'))) {
        await go(page, r.id);
        await solve(page, r.id, 2);
      }
      await c.close();
    });
  }
  if (shard === shards) await test('way from 4-5-5 to 4-5-10 by mouse, en', () => walk('en', course.filter((r) => /^4-5-([5-9]|10)$/.test(r.id)), true));
}
