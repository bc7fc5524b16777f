// What the learner has done, in this browser alone. Where storage is forbidden or full it lasts as long as the page.
import type { Verdict } from './types';

export interface Tries { asked: number; hints: number; mistakes: Record<string, number> }
export interface Kept {
  gradus: 'progress';
  version: 1;
  learner: string;
  passed: Record<string, number[]>; // page: exercises passed, from 0
  tries: Record<string, Tries>; // page/exercise
  seen: string[];
  last: string;
}

const name = 'gradus-progress';
const empty = (): Kept => ({ gradus: 'progress', version: 1, learner: '', passed: {}, tries: {}, seen: [], last: '' });

// sound makes of anything read from a file or the browser's store what it should be; what does not fit is left out.
export function sound(v: unknown): Kept | undefined {
  if (typeof v !== 'object' || v === null || (v as Kept).gradus !== 'progress') return undefined;
  const k = v as Partial<Kept>;
  const out = empty();
  if (typeof k.learner === 'string') out.learner = k.learner.slice(0, 80);
  if (typeof k.last === 'string') out.last = k.last.slice(0, 20);
  if (Array.isArray(k.seen)) out.seen = k.seen.filter((s) => typeof s === 'string').slice(0, 200);
  for (const [page, list] of Object.entries(k.passed ?? {})) if (Array.isArray(list)) out.passed[page] = list.filter((n) => Number.isInteger(n));
  for (const [at, t] of Object.entries(k.tries ?? {})) {
    const mistakes: Record<string, number> = {};
    for (const [m, n] of Object.entries(t?.mistakes ?? {})) if (Number.isFinite(n)) mistakes[m] = n;
    out.tries[at] = { asked: Number(t?.asked) || 0, hints: Number(t?.hints) || 0, mistakes };
  }
  return out;
}

function read(): Kept {
  try {
    return sound(JSON.parse(localStorage.getItem(name) ?? 'null')) ?? empty();
  } catch {
    return empty();
  }
}

export const progress = $state<Kept>(read());

function keep() {
  try {
    localStorage.setItem(name, JSON.stringify(progress));
  } catch {
    // full or forbidden: the page goes on without it
  }
}

const at = (page: string, n: number) => (progress.tries[`${page}/${n}`] ??= { asked: 0, hints: 0, mistakes: {} });

export function judged(page: string, n: number, v: Verdict) {
  if (v.empty) return;
  const t = at(page, n);
  t.asked++;
  if (v.pass) {
    const list = progress.passed[page] ?? [];
    if (!list.includes(n)) progress.passed[page] = [...list, n];
  } else if (v.say.key) t.mistakes[v.say.key] = (t.mistakes[v.say.key] ?? 0) + 1;
  keep();
}

export function hinted(page: string, n: number) {
  at(page, n).hints++;
  keep();
}

export function visit(page: string) {
  if (progress.last === page && progress.seen.includes(page)) return;
  progress.last = page;
  if (!progress.seen.includes(page)) progress.seen.push(page);
  keep();
}

export function call(learner: string) {
  progress.learner = learner.slice(0, 80);
  keep();
}

export function forget() {
  Object.assign(progress, empty());
  keep();
}

// take replaces what is kept by what a learner had saved.
export function take(k: Kept) {
  Object.assign(progress, k);
  keep();
}
