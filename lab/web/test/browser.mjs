// The page in Debian's Chromium: node test/browser.mjs GRADUS [SHARD/SHARDS] [PAGE…]. Starts `GRADUS lab`, walks every page in both
// languages and themes, and compares what stands on it with what the command line computes. One line a check; exit 1 if one failed.
import { AxeBuilder } from '@axe-core/playwright';
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const [gradus, part = '1/1', ...only] = process.argv.slice(2);
const [shard, shards] = part.split('/').map(Number);
const browserAt = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);

const failures = [];
let passed = 0;
function check(name, ok, detail = '') {
  if (ok) passed++;
  else {
    failures.push(name);
    console.log(`FAIL  ${name}: ${String(detail).slice(0, 600)}`);
  }
}

const json = (...args) => JSON.parse(execFileSync(gradus, [...args, '--json'], { maxBuffer: 1 << 28 }));

const server = spawn(gradus, ['lab', '--no-browser'], { stdio: ['ignore', 'pipe', 'inherit'] });
const base = await new Promise((resolve, reject) => {
  server.stdout.once('data', (d) => resolve(String(d).split('\n')[0].trim()));
  server.once('exit', () => reject(new Error('gradus lab ended')));
});
const host = new URL(base).host;

const browser = await chromium.launch({ executablePath: browserAt, args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'] });

async function open(address, { width = 1280, height = 800, context } = {}) {
  const page = await (context ?? browser).newPage({ viewport: { width, height } });
  page.on('request', (r) => {
    const u = new URL(r.url());
    if (u.host !== host && u.protocol !== 'data:' && u.protocol !== 'blob:') check(`${address}: own host only`, false, r.url());
    if (r.resourceType() === 'xhr' && u.pathname.endsWith('.wasm')) check(`${address}: the engine does not wait for its rest`, false, r.url());
  });
  page.on('pageerror', (e) => check(`${address}: no error`, false, e.message));
  page.on('console', (m) => m.type() === 'error' && check(`${address}: no message`, false, m.text()));
  await page.goto(`${base}#${address}`);
  await page.waitForSelector('[data-page], .home, .trouble', { timeout: 20000 });
  return page;
}

// settled waits until the page has drawn the address that it stands at.
async function settled(page) {
  await page.waitForTimeout(180);
}

// numbers are the symbols on the page with their full values.
const numbers = (page) =>
  page.$$eval('[data-symbol]', (list) => list.map((e) => [e.getAttribute('data-symbol'), e.getAttribute('data-value')]));

function symbols(v, out = new Map()) {
  if (Array.isArray(v)) v.forEach((x) => symbols(x, out));
  else if (v && typeof v === 'object') {
    if (typeof v.symbol === 'string' && 'value' in v) {
      if (!out.has(v.symbol)) out.set(v.symbol, v.value);
    } else Object.values(v).forEach((x) => symbols(x, out));
  }
  return out;
}

// same compares every number of the page with the command line's: the same bits, as JSON writes them.
async function same(page, address) {
  const want = symbols(json('lab', 'show', `#${address}`).scene);
  const got = new Map();
  for (const [s, v] of await numbers(page)) if (s !== 'step' && v !== '' && v !== null && !got.has(s)) got.set(s, Number(v));
  let wrong = '';
  for (const [s, v] of got) if (want.has(s) && want.get(s) !== null && !Object.is(want.get(s) + 0, v + 0)) wrong += ` ${s}: page ${v}, command line ${want.get(s)};`;
  check(`${address}: page and command line agree bit by bit (${got.size} numbers)`, wrong === '', wrong);
  check(`${address}: numbers stand on the page`, want.size === 0 || [...want.keys()].some((s) => got.has(s)), [...want.keys()].slice(0, 8));
}

// overflow finds text that is cut and a page that is wider than its window.
const overflow = (page) =>
  page.evaluate(() => {
    const wide = document.documentElement.scrollWidth - window.innerWidth;
    const cut = [...document.querySelectorAll('h1, h2, p, button, label, th, td')].filter(
      (e) => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX === 'hidden' && !e.closest('.hidden') && e.clientWidth > 1,
    );
    return wide > 1 ? `the page is ${wide} px too wide` : cut.length ? `cut: ${cut[0].textContent?.slice(0, 60)}` : '';
  });

// solve answers each exercise by the keyboard alone: Tab to the field, type, Enter.
async function solve(page, address) {
  const key = json('lab', 'key', `#${address}`);
  for (const [n, k] of key.entries()) {
    const form = page.locator(`[data-exercise="${n + 1}"]`);
    const name = `${address}: exercise ${n + 1}`;
    for (const wrong of (k.wrong ?? []).slice(0, 5)) {
      await fill(page, form, wrong);
      check(`${name} names the mistake of ${wrong}`, (await form.getAttribute('data-check')) === 'hint' && (await form.locator('[role=status]').innerText()).trim().length > 3, await form.innerText());
    }
    if (k.solve && Object.keys(k.solve).length) await reach(page, address, k);
    await fill(page, form, k.answers ?? []);
    check(`${name} passes`, (await form.getAttribute('data-check')) === 'pass', await form.innerText());
    if (k.solve) {
      await page.goto(`${base}#${address}`);
      await settled(page);
    }
  }
}

async function fill(page, form, answers) {
  for (const [i, a] of answers.entries()) {
    const field = form.locator(`[data-answer="${i + 1}"]`);
    await field.focus();
    if ((await field.evaluate((e) => e.tagName)) === 'SELECT') await field.selectOption(a);
    else {
      await page.keyboard.press('Control+a');
      await page.keyboard.type(a);
    }
  }
  if (answers.length) await page.keyboard.press('Enter');
  else {
    await form.locator('[data-action="check"]').focus();
    await page.keyboard.press('Enter');
  }
  await settled(page);
  for (let i = 0; i < 20 && (await form.getAttribute('data-check')) === 'open'; i++) await page.waitForTimeout(100);
}

// reach brings the controls where the key says, by way of the address bar, which is the keyboard's too.
async function reach(page, address, k) {
  const set = Object.entries(k.solve).map(([c, v]) => `&${c}=${v}`).join('') + (k.step ? `&step=${k.step}` : '');
  await page.goto(`${base}#${address}${set}`);
  await settled(page);
}

const rows = json('lab', 'contents').filter((r) => !only.length || only.includes(r.id));
for (const [i, r] of rows.entries()) {
  if (i % shards !== shard - 1) continue;
  const context = await browser.newContext({ reducedMotion: 'reduce' });
  const page = await open(r.id, { context });
  for (const lang of ['ko', 'en']) {
    for (const theme of ['light', 'dark']) {
      const address = `${r.id}&lang=${lang}&theme=${theme}`;
      await page.evaluate((a) => (location.hash = a), address);
      await page.waitForFunction(([l, t]) => document.documentElement.lang === l && document.documentElement.dataset.theme === t, [lang, theme]);
      await settled(page);
      const axe = await new AxeBuilder({ page }).disableRules(['region']).analyze();
      check(`${address}: axe`, axe.violations.length === 0, axe.violations.map((v) => `${v.id}: ${v.nodes[0]?.html}`).join(' | '));
      check(`${address}: no sentence is missing`, !(await page.innerText('main')).match(/\[[a-z0-9]+\.[a-z0-9_]+\]|\{[a-z_0-9]+\}/), await page.innerText('main'));
    }
    for (const width of [360, 1024, 1920]) {
      await page.setViewportSize({ width, height: 900 });
      await settled(page);
      const cut = await overflow(page);
      check(`${r.id} ${lang} at ${width}: nothing is cut`, cut === '', cut);
    }
    await page.setViewportSize({ width: 1280, height: 800 });
  }
  await page.evaluate((a) => (location.hash = a), `${r.id}&lang=ko&theme=light`);
  await page.waitForFunction(() => document.documentElement.lang === 'ko');
  await settled(page);
  await same(page, r.id);
  await solve(page, r.id);
  await context.close();
}

if (shard === 1 && !only.length) {
  for (const address of ['', '4-9-9', '%zz&=&&', '4-1-8&w1=NaN&w2=1e999&seed=-4', '<script>alert(1)</script>']) {
    const page = await open(address);
    check(`#${address} opens something`, (await page.innerText('body')).length > 100);
    await page.close();
  }
  const page = await open('4-1-8');
  await page.keyboard.press('Period');
  await settled(page);
  check('the full stop steps on', page.url().includes('step=1'), page.url());
  await page.keyboard.press('Comma');
  await settled(page);
  check('the comma steps back', !page.url().includes('step=1'), page.url());
  await page.keyboard.press('KeyL');
  await settled(page);
  check('L changes the language', (await page.getAttribute('html', 'lang')) === 'en');
  await page.close();
}

if (shard === 1 && (!only.length || only.includes('data'))) await ownData();

// ownData goes from a file to its report as a person does: the file is dropped, the rest is done by keyboard.
async function ownData() {
  const folder = mkdtempSync(join(tmpdir(), 'gradus-'));
  const table = execFileSync(gradus, ['data', 'cohort', '--csv'], { encoding: 'utf8', maxBuffer: 1 << 26 });
  const context = await browser.newContext({ reducedMotion: 'reduce' });
  try {
    await refusals(folder);
    for (const lang of ['ko', 'en']) {
      for (const theme of ['light', 'dark']) {
        const page = await open(`data&lang=${lang}&theme=${theme}`, { context });
        await dropped(page, '한 글 (최종).csv', table);
        await page.locator('#target').selectOption('died_30d');
        await page.waitForSelector('#start');
        const axe = await new AxeBuilder({ page }).disableRules(['region']).analyze();
        check(`data, ${lang}, ${theme}: axe`, axe.violations.length === 0, axe.violations.map((v) => `${v.id}: ${v.nodes[0]?.html}`).join(' | '));
        check(`data, ${lang}: no sentence is missing`, !(await page.innerText('main')).match(/\[[a-z0-9]+\.[a-z0-9_]+\]|\{[a-z_0-9]+\}/), await page.innerText('main'));
        for (const width of [360, 1024, 1920]) {
          await page.setViewportSize({ width, height: 900 });
          await settled(page);
          const cut = await overflow(page);
          check(`data, ${lang} at ${width}: nothing is cut`, cut === '', cut);
        }
        await page.close();
      }
    }
    writeFileSync(join(folder, '한 글 (최종).csv'), table);
    await studied(folder, table, context);
  } finally {
    await context.close();
    rmSync(folder, { recursive: true });
  }
}

// dropped lets go of a file over the page.
async function dropped(page, name, content) {
  const files = await page.evaluateHandle(({ name, content }) => {
    const d = new DataTransfer();
    d.items.add(new File([content], name, { type: 'text/csv' }));
    return d;
  }, { name, content });
  await page.dispatchEvent('[data-page=data]', 'drop', { dataTransfer: files });
  await page.waitForSelector('#target');
  await settled(page);
}

// refusals: files that are no tables, or too large to be held, get a sentence and nothing else.
async function refusals(folder) {
  const page = await browser.newPage();
  await page.goto(`${base}#data&lang=en`);
  await page.waitForSelector('#file');
  writeFileSync(join(folder, 'scan.csv'), '%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n');
  writeFileSync(join(folder, 'large.csv'), '');
  truncateSync(join(folder, 'large.csv'), 2 ** 31);
  for (const [name, words] of [['scan.csv', /PDF/i], ['large.csv', /256 MB/]]) {
    await page.setInputFiles('#file', join(folder, name));
    const said = await page.locator('[role=alert]').innerText({ timeout: 10000 });
    check(`data: ${name} gets a sentence`, words.test(said) && (await page.locator('#target').count()) === 0, said);
  }
  await page.close();
}

// studied runs a study by keyboard, loses its page meanwhile, finds the run again and reads the command line's verdict.
async function studied(folder, table, context) {
  let page = await open('data&lang=en', { context });
  await dropped(page, '한 글 (최종).csv', table);
  await page.keyboard.type('died_30d'); // the target has the focus
  await page.keyboard.press('Enter');
  await page.waitForSelector('[name=folds]');
  for (const [name, value] of [['folds', '3'], ['inner', '2'], ['draws', '50']]) {
    await page.focus(`[name=${name}]`);
    await page.keyboard.press('Control+a');
    await page.keyboard.type(value);
  }
  for (let i = 0; i < 10 && (await page.evaluate(() => document.activeElement?.id)) !== 'start'; i++) await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.waitForSelector('[role=progressbar]');
  await page.close();
  page = await open('data&lang=en', { context });
  await page.waitForSelector('[role=progressbar], [data-state=done]');
  check('data: a page that was lost finds its study again', (await page.inputValue('#target')) === 'died_30d' && (await page.inputValue('[name=folds]')) === '3');
  await page.waitForSelector('[data-state=done]', { timeout: 60000 });
  const said = json('study', join(folder, '한 글 (최종).csv'), '--target', 'died_30d', '--outer', '3', '--inner', '2', '--draws', '50', '--no-record', '--out', join(folder, 'out')).verdict;
  check("data: the verdict is the command line's", (await page.innerText('.verdict')) === said, `${await page.innerText('.verdict')} | ${said}`);
  check('data: the report stands in the page', /한 글/.test(await page.frameLocator('iframe').locator('h1').innerText()));
  const axe = await new AxeBuilder({ page }).exclude('iframe').disableRules(['region']).analyze();
  check('data: axe with the result', axe.violations.length === 0, axe.violations.map((v) => `${v.id}: ${v.nodes[0]?.html}`).join(' | '));
  await page.fill('[name=folds]', '50');
  await page.focus('#start');
  await page.keyboard.press('Enter');
  await page.waitForSelector('#cancel:not(:disabled)');
  await page.focus('#cancel');
  await page.keyboard.press('Enter');
  await page.waitForSelector('[data-state=cancelled]', { timeout: 10000 });
  check('data: a study is cancelled by keyboard', (await page.evaluate(() => document.activeElement?.id)) === 'start');
  await page.close();
}

await browser.close();
server.kill('SIGINT');
console.log(`${passed} passed, ${failures.length} failed`);
process.exit(failures.length ? 1 : 0);
