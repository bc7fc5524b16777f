// The rows of the deck, found on the page and read from it: each number against another command of the engine, to 1e-12.
import { readFileSync } from 'node:fs';
import { check, context, go, numbers, open, test } from './ground.mjs';
import { deck, trace, worked } from './deck.mjs';

const near = (a, b) => Math.abs(a - b) <= 1e-12 * Math.max(1, Math.abs(b));

async function read(page, at) {
  await go(page, at);
  const found = await page.evaluate(() => document.querySelector('[data-page]')?.dataset.page);
  check(at, found === at.split('&')[0], 'its instrument', found);
  const got = new Map();
  for (const [s, v] of await numbers(page)) if (!got.has(s) && v) got.set(s, Number(v));
  return got;
}

async function row(page, list) {
  for (const [at, want] of list) {
    const got = await read(page, at);
    for (const [symbol, value] of Object.entries(want)) check(`${at} ${symbol}`, got.has(symbol) && near(got.get(symbol), value), value, got.get(symbol));
  }
}

// The network that the page trains, handed to `gradus trace`: its next batch moves every weight as on the page.
async function practised(page) {
  const at = 'playground&by=batch&rule=descent&step=';
  await read(page, `${at}3`);
  const [saved] = await Promise.all([page.waitForEvent('download'), page.locator('[data-file="playground-trace.json"]').click()]);
  const spec = JSON.parse(readFileSync(await saved.path(), 'utf8'));
  const after = trace(spec).layers;
  const got = await read(page, `${at}4`);
  for (const [l, { weights, biases }] of after.entries()) {
    weights.forEach((list, i) => list.forEach((w, k) => check(`playground w${l + 1}_${i + 1}${k + 1}`, near(got.get(`w${l + 1}_${i + 1}${k + 1}`), w), w, got.get(`w${l + 1}_${i + 1}${k + 1}`))));
    biases.forEach((b, i) => check(`playground b${l + 1}${i + 1}`, near(got.get(`b${l + 1}${i + 1}`), b), b, got.get(`b${l + 1}${i + 1}`)));
  }
}

export async function rows() {
  const c = await context();
  const page = await open(c, 'home');
  for (const [name, list] of Object.entries(deck())) await test(`row ${name}`, () => row(page, list));
  await test('row D11, the worked example', async () => {
    const got = await read(page, '4-5-31');
    for (const [symbol, value] of Object.entries(worked)) check(`4-5-31 ${symbol}`, Math.abs(got.get(symbol) - value) < 6e-9, `${value} to eight digits`, got.get(symbol));
  });
  await test('row D12, practised and traced', () => practised(page));
  await c.close();
}
