// Own data and the class in Debian's Chromium: node test/class.mjs GRADUS. A messy Korean table goes from its drop to the reports of the
// command line, byte for byte, with a connection that breaks on the way; then what an instructor does. One line a check; exit 1 if one failed.
import { AxeBuilder } from '@axe-core/playwright';
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const gradus = resolve(process.argv[2]);
const browserAt = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
const folder = mkdtempSync(join(tmpdir(), 'gradus 실습 '));
const records = join(folder, 'records.db');

let passed = 0;
const failures = [];
function check(name, ok, detail = '') {
  if (ok) passed++;
  else {
    failures.push(name);
    console.log(`FAIL  ${name}: ${String(detail).slice(0, 800)}`);
  }
}

const run = (...args) => execFileSync(gradus, args, { encoding: 'utf8', maxBuffer: 1 << 28, cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] });
function start(...args) {
  const server = spawn(gradus, ['lab', '--no-browser', '--store', records, ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
  return new Promise((yes) => server.stdout.once('data', (d) => yes({ server, base: String(d).split('\n')[0].trim() })));
}
const [one, two] = [await start(), await start()];

// Between the page and the program: connections that can be broken.
const wires = new Set();
const target = Number(new URL(one.base).port);
const wire = createServer((a) => {
  const b = connect(target, '127.0.0.1');
  for (const [s, o] of [[a, b], [b, a]]) {
    wires.add(s);
    s.pipe(o);
    s.on('error', () => o.destroy());
    s.on('close', () => (wires.delete(s), o.destroy()));
  }
});
await new Promise((yes) => wire.listen(0, '127.0.0.1', yes));
const wired = `http://127.0.0.1:${wire.address().port}/`;
const broken = () => [...wires].forEach((s) => s.destroy());

const browser = await chromium.launch({ executablePath: browserAt, args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'] });
async function open(address, { base = one.base, width = 1280, context, quiet = false } = {}) {
  const page = await (context ?? (await browser.newContext({ reducedMotion: 'reduce' }))).newPage();
  await page.setViewportSize({ width, height: 800 });
  page.on('pageerror', (e) => check(`${address}: no error`, false, e.message));
  if (!quiet) page.on('console', (m) => m.type() === 'error' && check(`${address}: no message`, false, m.text()));
  page.on('request', (r) => check(`${address}: own host only`, new URL(r.url()).hostname === '127.0.0.1' || /^(data|blob):/.test(r.url()), r.url()));
  await page.goto(`${base}#${address}`);
  return page;
}
async function axe(page, name) {
  const a = await new AxeBuilder({ page }).exclude('iframe').disableRules(['region']).analyze();
  check(`${name}: axe`, a.violations.length === 0, a.violations.map((v) => `${v.id}: ${v.nodes[0]?.html}`).join(' | '));
  check(`${name}: no sentence is missing`, !(await page.innerText('body')).match(/\[[a-z0-9]+\.[a-z0-9_]+\]|\{[a-z_0-9]+\}/));
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  check(`${name}: as wide as its window`, wide <= 0, wide);
}

// messy is a table as a ward's system writes it: titles above it, Korean headings, identifiers, missing codes, four ways to write a day.
function messy() {
  let seed = 5;
  const draw = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
  const pick = (...l) => l[Math.floor(draw() * l.length)];
  const day = (y, m, d) => [`${y}-${String(m).padStart(2, '0')}-${String(d).padStart(2, '0')}`, `${y}.${m}.${d}`, `${y}/${m}/${d}`, `${y}년 ${m}월 ${d}일`];
  const lines = ['외래 추적 환자 (심부전)', '', '등록번호,성명,내원일,나이,성별,수축기혈압,크레아티닌,BNP,당뇨,추적일수,재입원,비고'];
  for (let i = 0; i < 320; i++) {
    const age = 35 + Math.floor(draw() * 55);
    const bnp = 50 + Math.floor(draw() * draw() * 2400);
    const ill = draw() < 1 / (1 + 2 ** -((age - 60) / 10 + bnp / 400 - 1));
    lines.push([
      `H${20000 + (i < 80 ? i >> 1 : i)}`, `김${pick('민서', '하준', '지우')}${pick('', '연')}`, day(2023 + (i % 2), 1 + (i % 12), 1 + (i % 28))[i % 4], age, pick('남', '여', 'M', 'F'),
      pick(100 + Math.floor(draw() * 80), 100 + Math.floor(draw() * 80), 110, 999), pick((0.6 + draw() * 2).toFixed(2), '0.9', '<0.5'), `"${bnp.toLocaleString('en')}"`, pick('Y', 'N', '예'),
      1 + Math.floor(draw() * 360), ill ? '예' : '아니오', pick('', '보호자 연락 요망'),
    ].join(','));
  }
  return lines.join('\r\n') + '\r\n합계,,,,,,,,,,,320명\r\n';
}
const utf16 = (s) => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(s, 'utf16le')]);

const table = join(folder, '환자 자료 (최종).csv');
writeFileSync(table, utf16(messy()));

try {
  for (const lang of ['ko', 'en']) await ownData(lang);
  await sleeping();
  await large();
  await survival();
  await opened();
  await teach();
  await learner();
  await keys();
  await sheets();
  await alone();
} finally {
  await browser.close();
  wire.close();
  for (const s of [one.server, two.server]) s.kill('SIGINT');
  rmSync(folder, { recursive: true });
}
console.log(`${passed} passed, ${failures.length} failed`);
process.exit(failures.length ? 1 : 0);

// tabTo walks by Tab to what the selector names.
async function tabTo(page, selector) {
  for (let i = 0; i < 200; i++) {
    if (await page.evaluate((s) => document.activeElement?.matches(s), selector)) return;
    await page.keyboard.press('Tab');
  }
  check(`${selector} is reached by Tab`, false);
}
async function type(page, selector, words) {
  await tabTo(page, selector);
  await page.keyboard.press('Control+a');
  await page.keyboard.type(words);
}

// ownData: by keyboard in Korean, by mouse in English, with decisions about odd values, and a connection that breaks in the middle.
async function ownData(lang) {
  const page = await open(`data&lang=${lang}`, { base: wired, quiet: true });
  await page.waitForSelector('#file');
  await page.setInputFiles('#file', table);
  await page.waitForSelector('[data-column]');
  const mouse = lang === 'en';
  if (mouse) await page.selectOption('#target', '재입원');
  else {
    await tabTo(page, '#target');
    for (let i = 0; i < 20 && (await page.inputValue('#target')) !== '재입원'; i++) {
      await page.keyboard.press('ArrowDown');
      await page.waitForTimeout(150);
    }
  }
  await page.waitForSelector('#start');
  await axe(page, `own data, ${lang}`);
  check(`own data, ${lang}: the leak is blocked`, (await page.inputValue('[data-column="추적일수"]')) === 'blocked');
  check(`own data, ${lang}: no name is shown`, !/김(민서|하준|지우)/.test(await page.innerText('main')));
  if (mouse) await page.selectOption('[data-reading="수축기혈압/999"]', 'missing');
  else {
    await tabTo(page, '[data-reading="수축기혈압/999"]');
    await page.keyboard.press('ArrowDown');
  }
  check(`own data, ${lang}: a proposal is taken`, (await page.inputValue('[data-reading="수축기혈압/999"]')) === 'missing');
  for (const [name, value] of [['folds', '4'], ['inner', '2'], ['draws', '60']]) mouse ? await page.fill(`[name=${name}]`, value) : await type(page, `[name=${name}]`, value);
  if (mouse) await page.click('#start');
  else {
    await tabTo(page, '#start');
    await page.keyboard.press('Enter');
  }
  await page.waitForSelector('[data-live=epoch]', { timeout: 30000 });
  broken();
  check(`own data, ${lang}: a broken connection is said`, await page.waitForFunction(() => [...document.querySelectorAll('.warn')].some((e) => e.textContent.length > 10), null, { timeout: 5000 }).then(() => true, () => false));
  await page.waitForSelector('[data-live=epoch]', { timeout: 10000 }).catch(() => {});
  await page.waitForSelector('[data-state=done]', { timeout: 90000 });
  check(`own data, ${lang}: the connection came back`, (await page.locator('.warn[role=status]').count()) === 0);
  await commandLine(page, lang);
  await axe(page, `own data with its result, ${lang}`);
  await page.setViewportSize({ width: 360, height: 800 });
  await axe(page, `own data at 360, ${lang}`);
  await page.close();
}

// commandLine makes the same study from the protocol that the page saves, and compares every byte.
async function commandLine(page, lang) {
  const files = await page.evaluate(async () => {
    const token = document.querySelector('meta[name="gradus-token"]').content;
    const get = async (path) => (await fetch(path, { headers: { 'X-Gradus-Token': token } })).text();
    return { yaml: await get('api/protocol'), 'report.ko.html': await get('api/report?lang=ko'), 'report.en.html': await get('api/report?lang=en') };
  });
  writeFileSync(join(folder, 'study.yaml'), files.yaml);
  check(`own data, ${lang}: the decision stands in study.yaml`, /value: "999"\s+as: missing\s+accept: true/.test(files.yaml), files.yaml.slice(0, 400));
  run('study', 'study.yaml', '--out', `out-${lang}`, '--no-record');
  for (const name of ['report.ko.html', 'report.en.html']) {
    const b = readFileSync(join(folder, `out-${lang}`, name), 'utf8');
    check(`own data, ${lang}: ${name} is the command line's, byte for byte`, b === files[name] && b.length > 5000, `${b.length} and ${files[name].length}`);
  }
}

// sleeping: a tab that is frozen while a study runs finds its end when it wakes; two labs at once do not meet.
async function sleeping() {
  const context = await browser.newContext({ reducedMotion: 'reduce' });
  const page = await open('data&lang=en', { context });
  await page.waitForSelector('.drop, [data-page=data]');
  check('two labs at once: the other has no table', (await (await open('data&lang=en', { base: two.base, context })).locator('.drop b').count()) === 0);
  await page.setInputFiles('#file', table);
  await page.waitForSelector('[data-column]');
  await page.selectOption('#target', '재입원');
  await page.fill('[name=draws]', '60');
  const session = await context.newCDPSession(page);
  await page.click('#start');
  await page.waitForSelector('[role=progressbar]');
  await session.send('Page.setWebLifecycleState', { state: 'frozen' });
  await new Promise((yes) => setTimeout(yes, 6000));
  await session.send('Page.setWebLifecycleState', { state: 'active' });
  await page.waitForSelector('[data-state=done]', { timeout: 60000 });
  check('a tab that slept finds its study', (await page.innerText('.verdict')).length > 20);
  await context.close();
}

// large: two gigabytes are refused with a sentence before they are read; so is a PDF that says it is a table.
async function large() {
  const page = await open('data&lang=ko', { base: two.base, quiet: true });
  await page.waitForSelector('#file');
  const big = join(folder, '큰 파일.csv');
  writeFileSync(big, '');
  truncateSync(big, 2 ** 31);
  writeFileSync(join(folder, '판독지.csv'), '%PDF-1.7\n%âãÏÓ\n1 0 obj\n');
  for (const [path, words] of [[big, /256 MB/], [join(folder, '판독지.csv'), /PDF/]]) {
    await page.setInputFiles('#file', path);
    const said = await page.waitForFunction((w) => new RegExp(w).test(document.querySelector('[role=alert]')?.textContent ?? ''), words.source, { timeout: 10000 }).then(() => true, () => false);
    check(`${path} gets a sentence`, said && (await page.locator('#target').count()) === 0, await page.innerText('main'));
  }
  await page.close();
}

// survival is asked of a column of times that the leak screen had blocked.
async function survival() {
  const page = await open('data&lang=ko', { base: two.base });
  await page.waitForSelector('#file');
  await page.setInputFiles('#file', table);
  await page.waitForSelector('[data-column]');
  await page.selectOption('#target', '재입원');
  await tabTo(page, 'input[value=outcome]');
  await page.keyboard.press('ArrowRight');
  await page.waitForSelector('[name="survival-time"]');
  check('survival: the time is found', (await page.inputValue('[name="survival-time"]')) === '추적일수');
  await page.fill('[name=horizon]', '-3');
  check('survival: a horizon below 0 gets a sentence', (await page.locator('[role=alert]').count()) === 1 && (await page.locator('#start').isDisabled()));
  await page.fill('[name=horizon]', '180');
  await page.fill('[name=folds]', '3');
  await page.fill('[name=draws]', '40');
  await axe(page, 'survival');
  await page.click('#start');
  await page.waitForSelector('[data-state=done]', { timeout: 90000 });
  check('survival: Cox stands beside the network', /Cox/.test(await page.innerText('.verdict')) && (await page.locator('text=cox.gradus').count()) === 1);
  check('survival: the report stands in the page', /환자 자료/.test(await page.frameLocator('iframe').locator('h1').innerText()));
  await page.close();
}

// opened: the rows that judge a temporal split are counted each time they are opened.
async function opened() {
  const page = await open('data&lang=en', { base: two.base });
  await page.waitForSelector('[data-column]');
  await page.check('input[value=outcome]', { force: true });
  await page.check('input[value=temporal]', { force: true });
  await page.fill('[name=draws]', '40');
  for (const n of ['1', '2']) {
    await page.click('#start');
    await page.waitForSelector('[role=progressbar]');
    await page.waitForSelector('[data-state=done]', { timeout: 90000 });
    check(`test rows: opening ${n} is counted`, (await page.getAttribute('[data-opened]', 'data-opened')) === n);
  }
  await page.close();
}

function kept(learner, done, mistakes) {
  return JSON.stringify({ gradus: 'progress', version: 1, learner, passed: { '4-5-21': done }, tries: { '4-5-21/0': { asked: 4, hints: 1, mistakes } }, seen: ['4-5-21'], last: '4-5-21' });
}

// teach: a folder of progress becomes a class table with the misconceptions found; a lesson's file opens again.
async function teach() {
  const classroom = join(folder, '1반 진도');
  mkdirSync(classroom);
  writeFileSync(join(classroom, '김영희.json'), kept('김영희', [0, 1], { 'lab.wrong_sign': 2 }));
  writeFileSync(join(classroom, '이민호.json'), kept('이민호', [], { 'lab.wrong_sign': 1, 'lab.wrong_rounding': 3 }));
  writeFileSync(join(classroom, 'broken.json'), '{"a":1}');
  for (const [lang, theme, width] of [['ko', 'light', 1280], ['en', 'dark', 1280], ['ko', 'dark', 360], ['en', 'light', 360]]) {
    const page = await open(`teach&lang=${lang}&theme=${theme}&lesson=4-1-8.4-5-21`, { width });
    await page.waitForSelector('[data-hide]', { state: 'attached' });
    await page.setInputFiles('input[webkitdirectory]', classroom);
    await page.waitForSelector('.found');
    const said = await page.innerText('main');
    check(`class, ${lang}: learners, marks and misconceptions`, /김영희/.test(said) && /●/.test(said) && /◐/.test(said) && (await page.locator('.found tbody tr').count()) === 2 && /broken\.json/.test(said), said);
    await page.setInputFiles('input[multiple]', join(classroom, '김영희.json'));
    await page.waitForTimeout(200);
    check(`class, ${lang}: a file twice is one learner`, (await page.locator('.board tbody tr').count()) === 2);
    await axe(page, `teach, ${lang}, ${theme}, ${width}`);
    if (lang === 'ko' && theme === 'light') await lesson(page);
    await page.close();
  }
}

async function lesson(page) {
  await page.locator('summary').first().click();
  const some = page.locator('[data-hide]').nth(1);
  const key = await some.getAttribute('data-hide');
  await some.check();
  const [file] = await Promise.all([page.waitForEvent('download'), page.locator('button.link').first().click()]);
  const at = join(folder, '수업.json');
  await file.saveAs(at);
  const { server, base } = await start(at);
  check('a lesson file opens the lab where it begins', base.includes('#4-1-8&lesson=4-1-8.4-5-21') && base.includes('hide='), base);
  const pupil = await browser.newPage();
  await pupil.goto(base);
  await pupil.waitForSelector('[data-page="4-1-8"]');
  check('what a lesson hides is not there', (await pupil.locator(`[data-control="${key}"]`).count()) === 0);
  await pupil.close();
  server.kill('SIGINT');
}

// learner: the same name has the same numbers, another has others, and a locked seed stays.
async function learner() {
  const seeds = [];
  for (const name of ['20231234', '20231234', '20231235']) {
    const page = await open('4-5-5&lesson=4-5-5.4-5-6&learner=?&hide=seed');
    await page.waitForSelector('[data-ask=learner]');
    await axe(page, 'learner');
    await page.keyboard.type(name);
    await page.keyboard.press('Enter');
    await page.waitForSelector('[data-page="4-5-5"]');
    await page.evaluate(() => document.activeElement?.blur());
    await page.keyboard.press('KeyN');
    for (const c of '4-5-6') await page.keyboard.press(c);
    await page.keyboard.press('Enter');
    await page.waitForSelector('[data-page="4-5-6"]');
    seeds.push(await page.getAttribute('[data-page]', 'data-seed'));
    await page.close();
  }
  check('per-learner seeds', seeds[0] === seeds[1] && seeds[0] !== seeds[2] && seeds[0] !== '7', seeds);
}

// keys: the list of keys, and the switch, which is remembered; where storage is forbidden the page goes on without.
async function keys() {
  const context = await browser.newContext({ reducedMotion: 'reduce' });
  let page = await open('4-1-8', { context });
  await page.waitForSelector('[data-page]');
  await page.keyboard.press('?');
  await page.waitForSelector('dialog[open]');
  await axe(page, 'keys');
  await page.locator('[data-control=keys]').uncheck();
  await page.keyboard.press('Escape');
  for (const again of [false, true]) {
    if (again) {
      await page.close();
      page = await open('4-1-8', { context });
      await page.waitForSelector('[data-page]');
    }
    await page.keyboard.press('KeyL');
    await page.waitForTimeout(200);
    check(`letters rest${again ? ', after the page was opened again' : ''}`, (await page.getAttribute('html', 'lang')) === 'ko');
  }
  await context.close();
  const none = await browser.newContext();
  await none.addInitScript(() => Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('forbidden', 'SecurityError'); } }));
  page = await open('4-1-8', { context: none });
  await page.waitForSelector('[data-page]');
  await page.keyboard.press('KeyL');
  await page.waitForFunction(() => document.documentElement.lang === 'en');
  check('storage forbidden: the page works', (await page.innerText('main')).length > 100);
  await none.close();
  const full = await browser.newContext();
  await full.addInitScript(() => (Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }));
  page = await open('4-1-8', { context: full });
  await page.waitForSelector('[data-page]');
  check('storage full: the page works', (await page.innerText('main')).length > 100);
  await full.close();
}

// sheets: one A4 page each and one for the key, in both languages, with every task whole.
async function sheets() {
  for (const [lang, theme, pages] of [['ko', 'light', ['F1', '4-1-8', '4-2-6', '4-3-4', '4-4-8', '4-5-21', 'threshold', 'playground']], ['en', 'dark', ['F2', '4-4-11', '4-5-19', '4-5-24', 'imbalance', 'overfit', 'race', 'patient']]]) {
    const page = await open(`sheet&pages=${pages.join('.')}&seed=9&key=1&lang=${lang}&theme=${theme}`);
    await page.waitForFunction((n) => document.querySelectorAll('[data-sheet]').length === n, pages.length, { timeout: 30000 });
    await page.waitForTimeout(1200);
    await axe(page, `sheets, ${lang}`);
    const pdf = await page.pdf({ preferCSSPageSize: true });
    const count = pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length;
    check(`sheets, ${lang}: a page each and the key`, count === pages.length + 1, count);
    await page.emulateMedia({ media: 'print' });
    const lost = await page.evaluate(() => {
      dispatchEvent(new Event('beforeprint'));
      return [...document.querySelectorAll('[data-sheet]')].filter((s) => s.querySelector('p.foot').getBoundingClientRect().bottom > s.getBoundingClientRect().bottom + 1 || s.querySelector('.tasks').getBoundingClientRect().bottom > s.querySelector('p.foot').getBoundingClientRect().top + 1).map((s) => s.dataset.sheet);
    });
    check(`sheets, ${lang}: every task stands whole on its page`, lost.length === 0, lost);
    await page.close();
  }
}

// alone: the exported files, under any web server, say what needs the program.
async function alone() {
  run('lab', 'export', '내보낸 실습실');
  const copy = await browser.newPage();
  await copy.goto(`${pathToFileURL(join(folder, '내보낸 실습실', 'index.html'))}#4-5-21`);
  await copy.waitForSelector('[data-page="4-5-21"] [data-symbol="dE_dh11"]', { timeout: 20000 });
  const value = Number(await copy.getAttribute('[data-symbol="dE_dh11"]', 'data-value'));
  check('a copy on a disk computes', Math.abs(value + 0.01058177) < 1e-8, value);
  await copy.evaluate(() => (location.hash = 'data'));
  await copy.waitForSelector('[data-page=data]');
  check('a copy says that own data needs the program', /gradus lab/.test(await copy.innerText('.figure')) && (await copy.locator('#file').count()) === 0);
  check('the export says nothing of a token', !readFileSync(join(folder, '내보낸 실습실', 'index.html'), 'utf8').includes('gradus-token'));
}
