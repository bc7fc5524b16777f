// A picture as a table: the numbers that it draws, a sample of them where they are many.
import type { Cell, Figure, Net, Plot, Standing, Table, Words } from '../types';
import { say, t } from '../words.svelte';

const word = (text: string): Cell => ({ words: { text } });
const named = (w: Words | undefined, otherwise = ''): Cell => word(say(w) || otherwise);
const num = (value: number | null): Cell => ({ number: { value } });

// sample keeps the first, the last and what lies evenly between, at most n of a list.
function sample<T>(list: T[], n: number): T[] {
  if (list.length <= n) return list;
  return Array.from({ length: n }, (_, i) => list[Math.round((i * (list.length - 1)) / (n - 1))]);
}

function ofPlot(p: Plot): Table {
  const rows: Cell[][] = [];
  for (const s of p.series ?? []) {
    const seen = s.x.map((x, i) => [x, s.y[i]] as const).filter(([, y]) => y !== null);
    for (const [x, y] of sample(seen, 12)) rows.push([named(s.label, say(p.y.label)), num(x), num(y)]);
  }
  const kind = (mark?: string) => (mark === 'triangle' ? t('class_1') : mark === 'circle' ? t('class_0') : '');
  for (const c of sample(p.points ?? [], 24)) rows.push([named(c.label, kind(c.mark)), num(c.x), num(c.y)]);
  for (const h of p.handles ?? []) rows.push([named(h.label), num(h.x), num(h.y)]);
  for (const l of p.lines ?? []) {
    if (l.at === undefined || !say(l.label)) continue;
    rows.push([named(l.label), l.vertical ? num(l.at) : word(''), l.vertical ? word('') : num(l.at)]);
  }
  return { head: [{ text: t('quantity') }, { text: say(p.x.label) || 'x' }, { text: say(p.y.label) || 'y' }], rows };
}

function ofNet(n: Net): Table {
  const name = new Map(n.columns.flat().map((node) => [node.id, say(node.name) || say(node.numbers?.[0]?.label) || node.id]));
  const rows = n.columns.flat().flatMap((node) => (node.numbers ?? []).filter((v) => v.value !== null).map((v): Cell[] => [word(say(v.label) || name.get(node.id)!), { number: { value: v.value } }]));
  for (const e of sample(n.edges, 60)) rows.push([word(say(e.number.label) || `${name.get(e.from)} → ${name.get(e.to)}`), { number: { value: e.number.value } }]);
  return { head: [{ text: t('quantity') }, { text: t('value') }], rows };
}

function ofStanding(s: Standing): Table {
  const columns = Array.from({ length: Math.max(s.above.columns.length, s.below.columns.length) }, (_, i) => i);
  const rows = columns
    .filter((i) => (s.above.columns[i] ?? 0) + (s.below.columns[i] ?? 0) > 0)
    .map((i): Cell[] => [num(Number((s.first + i * s.wide).toPrecision(6))), { number: { value: s.above.columns[i] ?? 0, places: 0 } }, { number: { value: s.below.columns[i] ?? 0, places: 0 } }]);
  return { head: [{ text: say(s.axis.label) }, { text: say(s.above.number.label) }, { text: say(s.below.number.label) }], rows: sample(rows, 40) };
}

// tableOf is the table of a figure that is a picture only; the others are their own.
export function tableOf(f: Figure): Table | undefined {
  const made = f.plot ? ofPlot(f.plot) : f.net ? ofNet(f.net) : f.standing ? ofStanding(f.standing) : undefined;
  return made?.rows.length ? made : undefined;
}
