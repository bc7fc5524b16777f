// Browsers that lack something, and the log of the whole run: a sentence or a working page, never a blank.
import { base, browser, check, context, langs, log, open, settled, shard, test } from './ground.mjs';
import { answer } from './keyboard.mjs';

// blunt opens a page in a browser from which something was taken away, and returns what stands on it.
async function blunt(take, { address = '4-5-5', lang = 'en', ...options } = {}) {
  const c = await browser.newContext(options);
  if (take) await c.addInitScript(take);
  const page = await c.newPage();
  await page.goto(`${base}#${address}&lang=${lang}`);
  return [c, page];
}

async function sentence(name, take, word, options) {
  for (const lang of langs) {
    const [c, page] = await blunt(take, { lang, ...options });
    const said = await page.waitForSelector('.trouble', { timeout: 15000 }).then((e) => e.innerText(), () => '');
    check(`${name}, ${lang}`, said.includes(word) && said.length > 20, `a sentence that names ${word}`, said || (await page.innerText('body')));
    await c.close();
  }
}

// scriptless: the page's script does not run, because the browser is too old for modules, for its syntax, or has none.
async function scriptless() {
  for (const [name, options, spoil] of [
    ['without scripts', { javaScriptEnabled: false }],
    ['without modules', {}, (r) => r.abort()],
    ['with an older syntax', {}, (r) => r.fulfill({ contentType: 'text/javascript', body: 'let = ?? =' })],
  ]) {
    const c = await browser.newContext(options);
    if (spoil) await c.route('**/index.js', spoil);
    const page = await c.newPage();
    await page.goto(`${base}#4-5-5`);
    const said = await page.innerText('body');
    check(`a browser ${name}`, /브라우저/.test(said) && /browser/.test(said), 'a sentence in both languages', said);
    await c.close();
  }
}

// forgetful: nothing can be kept. The page works, an exercise passes, and says nothing of it.
async function forgetful(name, take) {
  const [c, page] = await blunt(take);
  const errors = [];
  page.on('pageerror', (e) => errors.push(e.message));
  await page.waitForSelector('[data-page="4-5-5"]');
  await page.waitForTimeout(100);
  const form = page.locator('[data-exercise="1"]');
  for (const [i, v] of ['0.14', '0.07'].entries()) {
    await form.locator(`[data-answer="${i + 1}"]`).focus();
    await page.keyboard.type(v);
  }
  await page.keyboard.press('Enter');
  const passed = await page.waitForSelector('[data-exercise="1"][data-check=pass]', { timeout: 10000 }).then(() => true, () => false);
  check(name, passed, 'an exercise that passes', await form.innerText());
  check(name, errors.length === 0, 'no error', errors.join());
  await c.close();
}

// first is the time to the first useful content, printed: the machine may be busy, so only a loose bound fails.
async function first() {
  const times = [];
  for (const address of ['home', '4-1-8', '4-5-21']) {
    const c = await browser.newContext();
    const page = await c.newPage();
    await page.goto(`${base}#${address}`);
    await page.waitForSelector('[data-page]', { timeout: 20000 });
    const [paint, useful] = await page.evaluate(() => [performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0, performance.now()]);
    times.push(`#${address} ${Math.round(paint)} / ${Math.round(useful)} ms`);
    check(`#${address}`, useful < 5000, 'useful content within 5 s', `${Math.round(useful)} ms`);
    await c.close();
  }
  console.log(`      first paint / page with its numbers: ${times.join(', ')} (aim 1,500 ms on a machine at rest)`);
}

// kept is what the browser holds after an exercise was answered: progress, no address and no number of a patient, and no cookie.
async function kept() {
  const c = await context();
  const page = await open(c, 'patient&age=81&lactate=7.7');
  await answer(page, 0, ['12345']);
  await settled(page);
  const [store, session, cookie, bases] = await page.evaluate(async () => [JSON.stringify({ ...localStorage }), sessionStorage.length, document.cookie, (await indexedDB.databases()).length]);
  check('#patient', !/81|7\.7|12345/.test(store), 'nothing of the patient kept', store);
  check('#patient', session === 0 && bases === 0 && cookie === '', 'no session store, no data base, no cookie', `${session} ${bases} ${cookie}`);
  check('#patient', (await c.cookies()).length === 0, 'no cookie');
  await c.close();
}

export async function hostile() {
  await test('a browser without WebAssembly', () => sentence('without WebAssembly', () => delete window.WebAssembly, 'WebAssembly'));
  await test('a browser without workers', () => sentence('without workers', () => delete window.Worker, 'WebAssembly'));
  await test('a browser without modules or scripts', scriptless);
  await test('storage forbidden', () =>
    forgetful('storage forbidden', () => {
      for (const name of ['localStorage', 'sessionStorage']) Object.defineProperty(window, name, { get() { throw new DOMException('denied', 'SecurityError'); } });
    }));
  await test('storage full', () =>
    forgetful('storage full', () => {
      Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };
    }));
  await test('an engine that does not come', async () => {
    const c = await browser.newContext();
    await c.route('**/engine.wasm', (r) => r.fulfill({ status: 404, body: '' }));
    const page = await c.newPage();
    await page.goto(`${base}#4-1-8&lang=en`);
    const said = await page.waitForSelector('.trouble', { timeout: 15000 }).then((e) => e.innerText(), () => '');
    check('engine missing', said.length > 20, 'a sentence', said);
    await c.close();
  });
  await test('first useful content', first);
  await test('what the browser keeps', kept);
}

// requests is what the whole run has asked for; it runs last.
export async function requests() {
  await test(`request log of shard ${shard}: ${log.requests} requests`, async () => {
    check('request log', log.requests > 0 && [...log.hosts].every((h) => h === new URL(base).host), `its own host ${new URL(base).host} only`, [...log.hosts].join());
    check('request log', log.cookies.length === 0, 'no cookie in or out', log.cookies[0]);
  });
}
