// The values of pictures come beside the text, as they lie in the engine's memory; here they are put where they belong.
import type { Cases, Lattice, View } from './types';

export function unpack<T>(view: T, planes: ArrayBuffer | undefined): T {
  if (!planes) return view;
  const lattice = (l: Lattice | undefined) => {
    if (l?.apart) l.values = new Float32Array(planes, 4 * (l.apart - 1), l.cols * l.rows);
  };
  const cases = (c: Cases | undefined, n: number) => {
    if (!c?.apart) return;
    [c.x, c.y, c.class] = [0, 1, 2].map((k) => new Float32Array(planes, 4 * (c.apart! - 1 + k * n), n));
  };
  for (const f of (view as View).scene?.figures ?? []) {
    lattice(f.plot?.lattice);
    cases(f.plot?.cases, f.plot?.cases?.count ?? 0);
    for (const column of f.net?.columns ?? []) for (const node of column) lattice(node.map);
  }
  return view;
}

// same is next with every part that is as it was replaced by the old one: what did not change is not drawn again.
export function same(old: unknown, next: unknown): unknown {
  if (old === next || typeof old !== 'object' || typeof next !== 'object' || !old || !next) return next;
  if (next instanceof Float32Array) return old instanceof Float32Array && equal(old, next) ? old : next;
  if (Array.isArray(next)) {
    if (!Array.isArray(old)) return next;
    let all = old.length === next.length;
    for (let i = 0; i < next.length; i++) {
      next[i] = same(old[i], next[i]);
      all &&= next[i] === old[i];
    }
    return all ? old : next;
  }
  const [a, b] = [old as Record<string, unknown>, next as Record<string, unknown>];
  let all = true;
  let n = 0;
  for (const k in b) {
    n++;
    b[k] = same(a[k], b[k]);
    all &&= b[k] === a[k];
  }
  for (const _ in a) n--;
  return all && n === 0 ? old : next;
}

function equal(a: Float32Array, b: Float32Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
