// What every test of the page stands on: one server, one browser, checks that are counted, and a page that says when it is at rest.
import { execFile, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';

export const [gradus, part = '1/1', ...only] = process.argv.slice(2);
export const [shard, shards] = part.split('/').map(Number);
export const langs = ['ko', 'en'];
export const themes = ['light', 'dark'];
export const widths = [360, 1024, 1920];

// Checks. A test is a name with many of them; what fails says where it stood and what was expected.
// The same failure at many places is said once and counted.
export const count = { passed: 0, failed: 0 };
const said = new Map();
export function check(where, ok, expected, got = '') {
  if (ok) {
    count.passed++;
    return ok;
  }
  count.failed++;
  const what = `expected ${expected}${got === '' ? '' : `, got ${String(got).replace(/\s+/g, ' ').slice(0, 500)}`}`;
  const kind = what.replace(/-?\d+(\.\d+)?/g, '0');
  said.set(kind, [...(said.get(kind) ?? []), where]);
  if (said.get(kind).length === 1) console.log(`FAIL  ${where}: ${what}`);
  return ok;
}
export const repeated = () => [...said].filter(([, at]) => at.length > 1).map(([what, at]) => `also  ${at.slice(1, 9).join('; ')}${at.length > 9 ? ` and ${at.length - 9} more` : ''}: ${what.slice(0, 90)}`);

// test runs one part of the suite; what it throws is a failure of its own, and the others go on.
export async function test(name, f) {
  const [before, bad, began] = [count.passed, count.failed, performance.now()];
  try {
    await f();
  } catch (e) {
    check(name, false, 'the test to reach its end', e.stack ?? e);
  }
  const n = count.passed - before;
  console.log(`${count.failed > bad ? 'bad ' : 'ok  '}  ${name}: ${n} checks (${((performance.now() - began) / 1000).toFixed(1)} s)`);
}

// The command line.
const room = { maxBuffer: 1 << 28, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] };
export const json = (...args) => JSON.parse(execFileSync(gradus, [...args, '--json'], room));
export const later = async (...args) => JSON.parse((await promisify(execFile)(gradus, [...args, '--json'], room)).stdout);
export const text = (...args) => execFileSync(gradus, args, room);

export const folder = mkdtempSync(join(tmpdir(), 'gradus-'));

const server = spawn(gradus, ['lab', '--no-browser'], { stdio: ['ignore', 'pipe', 'ignore'] });
export const base = await new Promise((resolve, reject) => {
  server.stdout.once('data', (d) => resolve(String(d).split('\n')[0].trim()));
  server.once('exit', () => reject(new Error('gradus lab ended')));
});

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
const args = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--js-flags=--expose-gc', '--enable-precise-memory-info'];
export const browser = await chromium.launch({ executablePath, args });

export async function end() {
  await browser.close();
  server.kill('SIGINT');
  rmSync(folder, { recursive: true });
}

// The request log of the whole run: its own host only, and no cookie in or out.
export const log = { requests: 0, hosts: new Set(), cookies: [] };

// counted is put into every page before its own script: it knows how many questions the engine has not yet answered.
function counted() {
  window.asked = 0;
  window.Worker = class extends Worker {
    constructor(...of) {
      super(...of);
      window.engineRoom = this;
      this.addEventListener('message', () => window.asked--);
    }
    postMessage(...of) {
      window.asked++;
      super.postMessage(...of);
    }
  };
}

// context makes a browser of its own, with nothing kept in it.
export async function context(options = {}) {
  const c = await browser.newContext({ reducedMotion: 'reduce', viewport: { width: 1280, height: 800 }, permissions: ['clipboard-read', 'clipboard-write'], ...options });
  if (options.plain !== true) await c.addInitScript(counted);
  c.on('request', (r) => {
    const u = new URL(r.url());
    if (u.protocol === 'data:' || u.protocol === 'blob:') return;
    log.requests++;
    if (r.resourceType() === 'xhr' && u.pathname.endsWith('.wasm')) check('the engine', false, 'not to wait for its rest', r.url());
    log.hosts.add(u.host);
    if (r.headers().cookie) log.cookies.push(r.url());
  });
  c.on('response', async (r) => {
    if ((await r.allHeaders().catch(() => ({})))['set-cookie']) log.cookies.push(r.url());
  });
  return c;
}

// open goes to an address in a new page, which may make no error and no complaint, but of what the server refuses where that is meant.
export async function open(c, address, { refusals = false } = {}) {
  const page = await c.newPage();
  page.on('pageerror', (e) => check(`${where(page)}`, false, 'no error on the page', e.message));
  page.on('console', (m) => m.type() === 'error' && !(refusals && / 4\d\d /.test(m.text())) && check(`${where(page)}`, false, 'nothing in the console', m.text()));
  await page.goto(`${base}#${address}`);
  await page.waitForSelector('[data-page], .trouble', { timeout: 30000 });
  await settled(page);
  return page;
}

// where names a page for whoever reads a failure: its address without what is long.
export const where = (page) => '#' + decodeURIComponent(page.url().split('#')[1] ?? '').slice(0, 80);

// settled waits until the engine has answered everything and two pictures have been drawn since.
export const settled = (page) =>
  page.evaluate(async () => {
    const picture = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    await picture();
    while (window.asked > 0) {
      await new Promise((done) => setTimeout(done, 5));
      if (window.asked === 0) await picture();
    }
  });

// resized gives the page another width and waits until its pictures have taken it.
export async function resized(page, width, height = 900) {
  await page.setViewportSize({ width, height });
  await page.evaluate(async () => {
    const shape = () => document.body.scrollHeight + [...document.querySelectorAll('main svg')].map((s) => s.getAttribute('width')).join();
    for (let still = 0, n = 0, last = ''; still < 3 && n < 40; n++) {
      await new Promise((done) => requestAnimationFrame(done));
      still = shape() === last ? still + 1 : 0;
      last = shape();
    }
  });
}

// go changes the address in the same page, as a link does.
export async function go(page, address) {
  await page.evaluate((a) => (location.hash = a), address);
  await settled(page);
}

// written waits until the page has written its state into the address, which it does a moment after a change.
export async function written(page) {
  await settled(page);
  await page.waitForTimeout(160);
  return page.url().split('#')[1];
}

// numbers are the symbols on the page with the text of their full values, in order.
export const numbers = (page) => page.$$eval('[data-symbol]', (list) => list.map((e) => [e.getAttribute('data-symbol'), e.getAttribute('data-value')]));

// symbols are the numbers of anything that the command line printed as JSON: the first value of each symbol.
export function symbols(v, out = new Map()) {
  if (Array.isArray(v)) v.forEach((x) => symbols(x, out));
  else if (v && typeof v === 'object') {
    if (typeof v.symbol === 'string' && 'value' in v) {
      if (!out.has(v.symbol)) out.set(v.symbol, v.value);
    } else Object.values(v).forEach((x) => symbols(x, out));
  }
  return out;
}

export const rows = json('lab', 'contents');
export const wanted = rows.filter((r) => !rows.some((o) => only.includes(o.id)) || only.includes(r.id));
export const mine = wanted.filter((_, i) => i % shards === shard - 1);
