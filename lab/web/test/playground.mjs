// The playground as a person uses it: its pictures carry the engine's own values, weights are set by keyboard and by touch, files open.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { check as tell, context as newContext, gradus, json, open as visit, settled, test } from './ground.mjs';

// pictures asks the engine as the page does, in a worker of its own, and puts the values that come beside the text where they belong.
const pictures = (page, address) =>
  page.evaluate(async (address) => {
    const at = performance.getEntriesByType('resource').map((e) => e.name).find((n) => /worker.*\.js/.test(n));
    const worker = new Worker(at, { type: 'module' });
    const call = (name, ...args) =>
      new Promise((resolve) => {
        worker.onmessage = (e) => resolve(e.data);
        worker.postMessage({ id: 1, name, args });
      });
    await call('start', document.baseURI);
    const { value, planes } = await call('gradusView', address);
    worker.terminate();
    const scene = JSON.parse(value).scene;
    const of = (l) => l && [...new Float32Array(planes, 4 * (l.apart - 1), l.cols * l.rows)];
    return scene.figures.flatMap((f) => [of(f.plot?.lattice), ...(f.net?.columns ?? []).flat().map((n) => of(n.map))]).filter(Boolean);
  }, address);

const lattices = (scene) => scene.figures.flatMap((f) => [f.plot?.lattice?.values, ...(f.net?.columns ?? []).flat().map((n) => n.map?.values)]).filter(Boolean);

const check = (where, ok, got = '') => tell(where, ok, 'it so', got);

// open is a page of its own, of a width.
async function open(address, { width = 1280, height = 800, context = fresh } = {}) {
  const page = await visit(context, address);
  await page.setViewportSize({ width, height });
  return page;
}
let fresh;

// playground uses the playground as a person does.
export const playground = () => test('playground', async () => {
  fresh = await newContext();
  await used({ open, check, json, settled, gradus });
  await fresh.close();
});

async function used({ open, check, json, settled, gradus }) {
  const folder = mkdtempSync(join(tmpdir(), 'gradus-'));
  try {
    await sameValues({ open, check, json });
    await byKeyboard({ open, check, json, settled });
    await byTouch({ open, check, settled });
    await takenAlong({ open, check, gradus, folder });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function sameValues({ open, check, json }) {
  const page = await open('playground');
  for (const address of ['playground&step=30', 'playground&hidden=8,8,8,8,8,8&step=12&data=own', 'playground&activation=gelu&step=7&sin1=1&by=batch', 'playground&activation=linear&rule=descent&alpha=100&l2=1&step=240']) {
    const [want, got] = [lattices(json('lab', 'show', `#${address}`).scene), await pictures(page, address)];
    check(`${address}: there are pictures`, want.length > 5 && want.some((v) => v.length === 10000), want.length);
    const wrong = want.flatMap((v, i) => v.filter((x, k) => !(x === null ? Number.isNaN(got[i]?.[k]) : Object.is(Math.fround(x) + 0, got[i]?.[k] + 0))));
    check(`${address}: every value of every picture is the command line's`, want.length === got.length && wrong.length === 0, `${wrong.length} differ`);
  }
  await page.close();
}

const weight = (page, symbol) => page.$eval(`[data-symbol="${symbol}"]`, (e) => Number(e.dataset.value));

async function byKeyboard({ open, check, json, settled }) {
  const page = await open('playground&hidden=3&step=5');
  const before = await weight(page, 'w2_11');
  await page.locator('.neurons button').last().focus();
  await page.locator('.neurons .weight [role=spinbutton]').first().focus();
  await page.keyboard.press('ArrowUp');
  await settled(page);
  const after = await weight(page, 'w2_11');
  check('an arrow key changes a weight', Math.abs(after - before - 0.1) < 1e-3, `${before} becomes ${after}`);
  await page.waitForFunction(() => location.hash.includes('edits='));
  const address = await page.evaluate(() => location.hash);
  const shown = json('lab', 'show', address).scene.figures.find((f) => f.net).net.edges.find((e) => e.number.symbol === 'w2_11').number.value;
  check('the address holds it, and the command line reads it', shown === after, `${shown} and ${after}`);
  await page.locator('.neurons .weight [role=spinbutton]').first().focus();
  await page.keyboard.type('-2');
  await page.keyboard.press('Enter');
  await settled(page);
  check('a weight is typed', (await weight(page, 'w2_11')) === -2, await weight(page, 'w2_11'));
  await page.locator('[data-action=reset]').click();
  await settled(page);
  check('again has the weights as they were', !(await page.evaluate(() => location.hash)).includes('edits=2'), page.url());
  check('and the settings that the learner chose', (await page.locator('[data-control=hidden]').inputValue()) === '3', await page.locator('[data-control=hidden]').inputValue());
  await page.locator('.reader').focus();
  await page.keyboard.press('ArrowRight');
  const read = await page.locator('.reader').getAttribute('aria-valuetext');
  check('the plane is read by arrow keys', /\d\.\d/.test(read ?? ''), read);
  await page.locator('[data-action=play]').focus();
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => Number(document.querySelector('[data-symbol=step]').dataset.value) > 8);
  await page.close();
}

async function byTouch({ open, check, settled }) {
  const page = await open('playground&step=20', { width: 390, height: 844 });
  const [figure, settings] = await page.evaluate(() => ['.figure', '.spec'].map((s) => document.querySelector(s).getBoundingClientRect().top));
  check('on a phone the figure comes before the settings', figure < settings, `${figure} ${settings}`);
  const small = await page.$$eval('.neurons button, .spec select', (list) => list.filter((e) => e.getBoundingClientRect().height < 43.5).map((e) => e.getAttribute('aria-label') ?? e.id));
  check('on a phone what is touched is 44 px high', small.length === 0, small.join(', '));
  await page.locator('.neurons button').nth(3).dispatchEvent('click');
  await settled(page);
  check('a touch puts a neuron in focus', (await page.locator('.neurons button').nth(3).getAttribute('aria-pressed')) === 'true');
  await page.close();
}

async function takenAlong({ open, check, gradus, folder }) {
  const page = await open('playground&data=infection&step=60');
  const files = await page.$$eval('[data-file]', (list) => list.map((e) => e.dataset.file));
  for (const name of files) {
    const [download] = await Promise.all([page.waitForEvent('download'), page.click(`[data-file="${name}"]`)]);
    await download.saveAs(join(folder, name));
  }
  check('five files can be taken along', files.length === 5, files);
  const run = (...args) => {
    try {
      return execFileSync(gradus, args, { encoding: 'utf8', cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    } catch (e) {
      return `failed: ${e.stderr}`;
    }
  };
  for (const args of [['predict', 'playground.gradus', 'playground-cases.csv'], ['evaluate', 'playground.gradus', 'playground-cases.csv', '--json'], ['trace', 'playground-trace.json']]) {
    const said = run(...args);
    check(`gradus ${args[0]} opens it`, said.length > 100 && !said.startsWith('failed'), said);
  }
  run('lab', 'model', '#playground&data=infection&step=60', 'again.gradus');
  check('the command line writes the same model', readFileSync(join(folder, 'again.gradus')).equals(readFileSync(join(folder, 'playground.gradus'))));
  check('the picture is drawn', readFileSync(join(folder, 'playground.svg'), 'utf8').split('<path').length > 100 && readFileSync(join(folder, 'playground.png')).length > 50_000);
  await page.close();
}
