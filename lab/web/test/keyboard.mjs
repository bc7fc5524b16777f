// A person with a keyboard: reaches whatever can be reached, sets controls and answers exercises by keys alone.
import { json, settled, written } from './ground.mjs';

// inner leaves out of an address what belongs to the page around the instrument.
export const inner = (address) => address.split('&').filter((p) => !/^(lang|theme|digits|mode|lesson|hide|keys|learner)=/.test(p)).join('&');

const press = async (page, key, times = 1) => {
  for (let i = 0; i < times; i++) await page.keyboard.press(key);
};

// reached walks with Tab through the whole page and returns what no Tab comes to, and what is hidden where it comes to it.
export async function reached(page) {
  await page.evaluate(() => {
    document.activeElement?.blur();
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.removeAttribute('tabindex');
    window.met = new Set();
    window.hidden = [];
  });
  for (let i = 0; i < 200; i++) {
    await page.keyboard.press('Tab');
    const again = await page.evaluate(() => {
      const e = document.activeElement;
      if (e === document.body || window.met.has(e)) return true;
      window.met.add(e);
      const b = e.getBoundingClientRect();
      const bar = document.querySelector('.stepbar')?.getBoundingClientRect();
      const under = bar && !e.closest('.stepbar, .skip') && b.height && b.top >= bar.top && b.bottom <= bar.bottom && b.right > bar.left && b.left < bar.right;
      if (under) window.hidden.push(e.outerHTML.slice(0, 140));
      return false;
    });
    if (again) break;
  }
  return page.evaluate(() => {
    const out = [];
    for (const e of document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')) {
      if (e.disabled || e.tabIndex < 0 || !e.checkVisibility({ visibilityProperty: true }) || window.met.has(e)) continue;
      if (e.type === 'radio' && [...document.getElementsByName(e.name)].some((o) => window.met.has(o))) continue; // the arrow keys go on from there
      out.push(e.outerHTML.slice(0, 140));
    }
    return { missed: out, hidden: window.hidden, met: window.met.size };
  });
}

// unfold opens what is folded, so that a control behind it can be reached.
async function unfold(page, key) {
  const fold = page.locator('main button[aria-expanded=false]:not([data-action=table]):visible');
  for (let i = 0, n = await fold.count(); i < n; i++) {
    await fold.nth(0).focus();
    await page.keyboard.press('Enter');
    await settled(page);
    if (await page.locator(`[data-control="${key}"]:visible`).count()) return true;
  }
  return false;
}

// put sets a control by keys; false where it is not on the page, yet.
export async function put(page, key, value) {
  const all = page.locator(`[data-control="${key}"]:visible`);
  if (!(await all.count()) && !(await unfold(page, key))) return false;
  const e = all.first();
  const kind = await e.evaluate((e) => (e.tagName === 'INPUT' ? e.type : e.getAttribute('role') ?? e.tagName));
  if (kind === 'SELECT') await choose(page, e, value);
  else if (kind === 'radiogroup') await turn(page, e, value);
  else if (kind === 'checkbox') {
    await e.focus();
    if ((await e.isChecked()) !== (value === '1')) await page.keyboard.press('Space');
  } else if (kind === 'spinbutton') {
    await e.focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Control+a');
    await page.keyboard.type(value);
    await page.keyboard.press('Enter');
  } else {
    await e.focus();
    await page.keyboard.press('Control+a');
    await page.keyboard.type(value);
    await page.keyboard.press('Enter');
  }
  await settled(page);
  return true;
}

// choose goes through a list of choices by its arrow keys.
export async function choose(page, select, value) {
  await select.focus();
  const [now, want] = await select.evaluate((e, v) => [e.selectedIndex, [...e.options].findIndex((o) => o.value === v)], value);
  await press(page, want > now ? 'ArrowDown' : 'ArrowUp', Math.abs(want - now));
}

// turn goes through a row of words, of which one is chosen, by the arrow keys.
async function turn(page, group, value) {
  const [now, want] = await group.evaluate((e, v) => {
    const list = [...e.querySelectorAll('input')];
    return [list.findIndex((o) => o.checked), list.findIndex((o) => o.value === v)];
  }, value);
  await group.locator('input').nth(Math.max(0, now)).focus();
  for (let i = 0; i < Math.abs(want - now); i++) {
    await page.keyboard.press(want > now ? 'ArrowRight' : 'ArrowLeft');
    await settled(page);
  }
}

// stepTo brings the step bar to a step by its own keys.
export async function stepTo(page, step) {
  const range = page.locator('.stepbar input[type=range]');
  await range.focus();
  await page.keyboard.press('Home');
  const all = Number(await range.getAttribute('max'));
  if (step > all / 2) await page.keyboard.press('End');
  await settled(page);
  await press(page, step > all / 2 ? 'ArrowLeft' : 'ArrowRight', step > all / 2 ? all - step : step);
  await settled(page);
}

// reach brings the instrument to where an exercise's goal is done.
export async function reach(page, key) {
  const left = new Map(Object.entries(key.solve ?? {}));
  const state = new Map(json('lab', 'show', `#${inner(await written(page))}`).controls.map((c) => [c.key, c.value]));
  for (const [k, v] of left) if (state.get(k) === v) left.delete(k);
  for (let round = 0; round < 4 && left.size; round++) {
    for (const [k, v] of left) if (await put(page, k, v)) left.delete(k);
  }
  if (key.step) await stepTo(page, key.step);
  return [...left.keys()];
}

// answer fills in an exercise and asks for the verdict.
export async function answer(page, n, answers) {
  const form = page.locator(`[data-exercise="${n + 1}"]`);
  for (const [i, a] of answers.entries()) {
    const field = form.locator(`[data-answer="${i + 1}"]`);
    if ((await field.evaluate((e) => e.tagName)) === 'SELECT') await choose(page, field, a);
    else {
      await field.focus();
      await page.keyboard.press('Control+a');
      await page.keyboard.type(a);
    }
  }
  if (!answers.length) await form.locator('[data-action=check]').focus();
  await page.keyboard.press('Enter');
  await settled(page);
  return { status: await form.getAttribute('data-check'), said: (await form.locator('[role=status]').innerText()).trim() };
}
