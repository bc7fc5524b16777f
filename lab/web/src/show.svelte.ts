// How numbers are written: never what they are.
import type { Num } from './types';

export type Digits = 2 | 4 | 8 | 'exact';
export const digits = $state<{ of: Digits }>({ of: 4 });

// Whether the page is projected: figures are drawn for a hall then, a plot beside a ledger under its network lower than one alone.
export const hall = $state({ on: false, most: 300 });

const powers = '⁰¹²³⁴⁵⁶⁷⁸⁹';
const minus = (s: string) => s.replace('-', '−');

function scientific(v: number, n: number): string {
  const [head, power] = v.toExponential(n).split('e');
  const raised = power.replace('+', '').replace('-', '⁻').replace(/\d/g, (d) => powers[Number(d)]);
  return `${minus(head)} × 10${raised}`;
}

// written is a number in two parts: the strong one, and the digits that are there but matter less.
export function written(n: Num): { head: string; tail: string } {
  let v = n.value;
  if (v === null || v === undefined) return { head: '', tail: '' };
  if (n.percent) v *= 100;
  const plus = n.plus && v > 0 ? '+' : '';
  const unit = n.percent ? ' %' : '';
  if (n.places !== undefined) return { head: plus + minus(tidy(v.toFixed(n.places))) + unit, tail: '' };
  if (n.edit || digits.of === 'exact') return { head: plus + minus(String(v)) + unit, tail: '' };
  if (v !== 0 && (Math.abs(v) >= 1e7 || Math.abs(v) < 10 ** -digits.of)) return { head: plus + scientific(v, 3) + unit, tail: '' };
  const s = plus + minus(tidy(v.toFixed(digits.of)));
  const cut = s.indexOf('.') + 5;
  return digits.of === 8 ? { head: s.slice(0, cut), tail: s.slice(cut) + unit } : { head: s + unit, tail: '' };
}

const tidy = (s: string) => (/^-[0.]+$/.test(s) ? s.slice(1) : s);

export function plain(n: Num): string {
  const w = written(n);
  return w.head + w.tail;
}

// tick writes a number of an axis.
export function tick(v: number, step: number): string {
  if (v !== 0 && (Math.abs(v) >= 1e5 || Math.abs(v) < 1e-4)) return scientific(v, 0).replace('1 × ', '');
  let places = 0;
  while (places < 6 && Math.abs(Math.round(step * 10 ** places) - step * 10 ** places) > 1e-6 * 10 ** places * Math.abs(step)) places++;
  if (Number.isInteger(v)) return minus(String(v));
  return minus(tidy(v.toFixed(places)));
}
