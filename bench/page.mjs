// The playground in Chromium while it plays: node bench/page.mjs GRADUS [RESULTS.md]. Starts `GRADUS lab`, plays networks of two sizes and
// takes from the browser's own trace what each step cost the engine's thread and the page's. The figures go into RESULTS.md as a section.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus } from 'node:os';

const { chromium } = createRequire(new URL('../lab/web/package.json', import.meta.url))('playwright-core');
const [gradus, results] = process.argv.slice(2);
const heading = '## The page of the lab';

const works = [
  { name: '2-4-2-1', address: 'playground&hidden=4,2', bar: 3 },
  { name: '2-6-4-1, as the page opens', address: 'playground' },
  { name: '2-8-8-8-8-8-8-1', address: 'playground&hidden=8,8,8,8,8,8', bar: 16.7 },
];

const server = spawn(gradus, ['lab', '--no-browser'], { stdio: ['ignore', 'pipe', 'inherit'] });
const base = await new Promise((resolve, reject) => {
  server.stdout.once('data', (d) => resolve(String(d).split('\n')[0].trim()));
  server.once('exit', () => reject(new Error('gradus lab ended')));
});
const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'] });

// share is the value below which so much of a list lies.
const share = (list, p) => [...list].sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor(p * list.length))];

// tasks are the pieces of work of a thread: when each began, how long it took by the clock, and of the processor.
function tasks(events, thread) {
  const id = events.find((e) => e.name === 'thread_name' && e.args.name === thread && events.some((x) => x.tid === e.tid && x.pid === e.pid && x.name === 'RunTask'));
  return events.filter((e) => e.ph === 'X' && e.pid === id?.pid && e.tid === id?.tid && e.name === 'RunTask').map((e) => ({ at: e.ts, wall: e.dur / 1000, cpu: (e.tdur ?? e.dur) / 1000 }));
}

async function measure(work) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(`${base}#${work.address}&epochs=600`);
  await page.waitForSelector('[data-action=play]');
  const at = () => page.$eval('[data-symbol=step]', (e) => Number(e.dataset.value));
  await page.click('[data-action=play]');
  while ((await at()) < 100) await page.waitForTimeout(50); // by then the engine is compiled
  await browser.startTracing(page, { categories: ['toplevel', 'devtools.timeline', 'disabled-by-default-devtools.timeline', 'blink.user_timing'] });
  const [from, began] = [await at(), Date.now()];
  while ((await at()) < from + 120) await page.waitForTimeout(100);
  const [steps, seconds] = [(await at()) - from, (Date.now() - began) / 1000];
  const { traceEvents: events } = JSON.parse(String(await browser.stopTracing()));
  await page.close();
  const engine = tasks(events, 'DedicatedWorker thread').filter((t) => t.wall > 0.3); // each of the longer ones answers one question
  // A frame of the page is what it does between two begins of a frame.
  const frames = events.filter((e) => e.name === 'FireAnimationFrame').map((e) => e.ts).sort((a, b) => a - b);
  const main = tasks(events, 'CrRendererMain');
  const drawn = [];
  let k = 0;
  for (const t of main) {
    while (k < frames.length && frames[k] < t.at) k++;
    drawn[k] ??= { wall: 0, cpu: 0 };
    drawn[k].wall += t.wall;
    drawn[k].cpu += t.cpu;
  }
  const busy = drawn.filter((d) => d && d.cpu > 0.5);
  return { ...work, steps, perSecond: steps / seconds, engine, main: busy };
}

const rows = [];
for (const w of works) rows.push(await measure(w));
await browser.close();
server.kill();

const two = (v) => v.toFixed(2);
const line = (r) => {
  const cell = (list, key) => `${two(share(list.map((x) => x[key]), 0.5))} / ${two(share(list.map((x) => x[key]), 0.95))}`;
  const worst = Math.max(share(r.engine.map((x) => x.cpu), 0.95), share(r.main.map((x) => x.cpu), 0.95));
  const met = r.bar ? `≤ ${r.bar} ms: ${worst <= r.bar ? 'yes' : `no, ${two(worst)} ms`}` : '';
  return `| ${r.name} | ${r.engine.length} | ${cell(r.engine, 'cpu')} | ${cell(r.engine, 'wall')} | ${cell(r.main, 'cpu')} | ${cell(r.main, 'wall')} | ${r.perSecond.toFixed(0)} | ${met} |`;
};
const text = `${heading}

The playground while it plays in Chromium, headless and without a graphics processor, on ${cpus().length} cores (${cpus()[0].model}): each step trains one epoch, passes
a surface of 100×100 points and the pictures of all neurons through the network, and draws them. The engine works on the next step while
the page draws the one before; a frame is in time where both are. Milliseconds a step, median / 95th percentile.

| network | steps | engine, processor | engine, clock | page, processor | page, clock | steps a second | bar, 95th percentile of either, processor |
|---|---|---|---|---|---|---|---|
${rows.map(line).join('\n')}
`;
console.log(text);
if (results) {
  const old = readFileSync(results, 'utf8');
  const from = old.indexOf(heading);
  const next = from < 0 ? -1 : old.indexOf('\n## ', from + 1); // sections of other programs stay
  writeFileSync(results, (from < 0 ? old.trimEnd() + '\n\n' : old.slice(0, from)) + text + (next < 0 ? '' : old.slice(next)));
}
