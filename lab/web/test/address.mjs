// The address is the state: what was set by hand comes back byte by byte, reset is reset, and any address opens something.
import { base, check, context, go, numbers, open, settled, test, written } from './ground.mjs';
import { put, stepTo } from './keyboard.mjs';

const all = async (page) => (await numbers(page)).map((n) => n.join('=')).join('\n');

// shared copies the address with the page's own button.
async function shared(page) {
  await page.locator('[data-action=share]').click();
  await page.waitForTimeout(200);
  return page.evaluate(() => navigator.clipboard.readText());
}

// What is changed by hand before each address is shared: controls, weights, the step, the language.
const hands = {
  '4-1-3': { w4: '0.45', w1: '-1.25' },
  '4-1-8': { w1: '1.3', b: '-0.7' },
  '4-2-7': { o1: '-0.4', c: '2' },
  '4-4-3': { alpha: '0.35', lambda: '2.5', step: 7 },
  '4-5-21': { w21: '-0.35', x1: '0.777', alpha: '0.25', step: 18 },
  playground: { data: 'circles', hidden: '4,3', alpha: '0.1', step: 9 },
  race: { surface: 'saddle', step: 12 },
  threshold: { t: '7.5', prev: '12' },
};

async function restored(c, id, hand) {
  const page = await open(c, id);
  for (const [key, value] of Object.entries(hand)) {
    if (key === 'step') await stepTo(page, value);
    else check(`${id} ${key}`, await put(page, key, value), 'a control of that name', 'none');
  }
  await page.keyboard.press('KeyN'); // another seed
  await settled(page);
  if (hand.step) await stepTo(page, hand.step);
  await page.locator('header input[value=en]').check();
  await written(page);
  const [before, address] = [await all(page), await shared(page)];
  check(id, address === page.url(), 'the share button to copy the address', address);
  const other = await context();
  const again = await other.newPage();
  await again.goto(address);
  await again.waitForSelector('[data-page]');
  await settled(again);
  check(address.slice(base.length), (await all(again)) === before, 'the same bytes in a new browser', difference(before, await all(again)));
  check(address.slice(base.length), (await again.getAttribute('html', 'lang')) === 'en', 'the language in the address');
  await other.close();
  await page.close();
}

const difference = (a, b) => {
  const [x, y] = [a.split('\n'), b.split('\n')];
  const i = x.findIndex((v, k) => v !== y[k]);
  return `${x[i]} became ${y[i]} (${x.length} and ${y.length} numbers)`;
};

// reset twice is the same bytes; and back and forward of the browser go through the pages.
async function again(c) {
  for (const id of ['4-1-8', '4-5-21', 'playground', '4-1-7']) {
    const page = await open(c, `${id}&seed=4242`);
    const first = await all(page);
    await page.keyboard.press('KeyN');
    await written(page);
    await go(page, `${id}&seed=4242`);
    if (await page.locator('[data-action=step]:not(:disabled)').count()) await page.locator('[data-action=step]').click();
    await settled(page);
    for (let i = 0; i < 2; i++) {
      await page.locator('[data-action=reset]').click();
      await settled(page);
      check(`${id} reset ${i + 1}`, (await all(page)) === first, 'the bytes it opened with', difference(first, await all(page)));
    }
    await page.close();
  }
}

async function history(c) {
  const page = await open(c, '4-1-8&w1=1.5');
  await written(page);
  const first = await all(page);
  await page.evaluate(() => document.querySelector('.deck').focus());
  await page.keyboard.press('ArrowRight');
  await settled(page);
  await page.keyboard.press('ArrowRight');
  await settled(page);
  const at = () => page.evaluate(() => document.querySelector('[data-page]').dataset.page);
  check('two keys on the ruler', (await at()) === '4-1-10', '4-1-10', await at());
  for (const [step, want] of [['goBack', '4-1-9'], ['goBack', '4-1-8'], ['goForward', '4-1-9'], ['goBack', '4-1-8']]) {
    await page[step]();
    await settled(page);
    check(`history ${step}`, (await at()) === want, want, await at());
  }
  check('history', (await all(page)) === first, 'the state it was left in', difference(first, await all(page)));
  await page.close();
}

// random is a small generator with a seed, so that a failure can be had again.
function random(seed) {
  let s = seed;
  return (n) => {
    s = (Math.imul(s, 1664525) + 1013904223) >>> 0;
    return Math.floor((s / 4294967296) * n);
  };
}

const pieces = ['4-1-8', '4-5-21', 'playground', 'F0', 'data', 'sheet', 'teach', 'parts', '4-9-9', '', '한글', '%zz', '<b>', 'w1', 'w2', 'b', 'x1', 'seed', 'step', 'hidden', 'moves', 'lang', 'theme', 'digits', 'mode', 'lesson', 'hide', 'learner', 'pages', 'key',
  'NaN', 'Infinity', '-1', '1e999', '0.5', '1,2,3', '6,4,,x', '0.1;0.2', '[[1]]', '99999999999', '\u0000', '"', "'", '__proto__', 'constructor', '../..', 'javascript:1', 'x'.repeat(3000), '&', '=', '==', '&&', '#', '?', ' ', '%20', '%', '+'];

// fuzzed opens addresses that nobody would write. The page stands, says what it left out, and complains of nothing.
async function fuzzed(c) {
  const page = await open(c, 'home');
  const next = random(20260806);
  for (let i = 0; i < 200; i++) {
    let address = pieces[next(12)];
    for (let n = next(5); n > 0; n--) address += '&' + pieces[next(pieces.length)] + (next(8) ? '=' : '') + pieces[next(pieces.length)];
    await page.evaluate((a) => (location.hash = a), address);
    await settled(page);
    const [text, trouble] = await page.evaluate(() => [document.querySelector('main').innerText.trim().length, document.querySelector('.trouble')?.textContent ?? '']);
    check(`address ${i}: #${address.slice(0, 120)}`, text > 60 && !/엔진|engine/.test(trouble), 'something sensible', `${text} letters, ${trouble}`);
  }
  await page.close();
}

// ignored: what an address holds and the page cannot use is named, and the rest of it still works.
async function ignored(c) {
  for (const [address, word, still] of [
    ['4-1-8&w1=NaN&w2=1', 'NaN', ['w2', 1]],
    ['4-1-8&w1=1e999', '1e999'],
    ['4-1-8&nothing=3&b=-0.5', 'nothing', ['b', -0.5]],
    ['4-5-21&w21=abc&w22=0.7', 'abc', ['w22', 0.7]],
    ['4-4-1&moves=1,2,3,4,5,6,7,8,9,1,2,3,4', '1,2,3'],
    ['playground&hidden=6,4,99,1,2,3,4,5', '6,4,99,1,2,3,4,5'],
    ['4-1-8&seed=-4', '-4'],
    ['4-1-8&step=99999', '99999'],
    ['4-9-9', '4-9-9'],
    ['4-1-8&w1=%3Cscript%3Ealert(1)%3C/script%3E', 'script'],
  ]) {
    const page = await open(c, `${address}&lang=en`);
    const said = await page.locator('main [role=status]').allInnerTexts();
    check(`#${address}`, said.some((s) => s.includes(word)), `a sentence that names ${word}`, said.join(' | '));
    if (still) {
      const v = await page.locator(`[data-symbol="${still[0]}"]`).first().getAttribute('data-value');
      check(`#${address}`, Number(v) === still[1], `${still[0]} = ${still[1]}`, v);
    }
    await page.close();
  }
}

export async function address() {
  const c = await context();
  for (const [id, hand] of Object.entries(hands)) await test(`address of ${id} restores every byte`, () => restored(c, id, hand));
  await test('reset twice', () => again(c));
  await test('back and forward of the browser', () => history(c));
  await test('what an address holds too much is named', () => ignored(c));
  await test('200 fuzzed addresses', () => fuzzed(c));
  await c.close();
}
