// Which rows of a ledger stand on the screen: the one in focus, what it is made of, and as many neighbours as there is room for.
import type { Entry, Ledger } from '../types';

export interface Shown { row: Entry; i: number }
export type Line = Shown | { rows: Shown[] };

const row = 31;
const fold = 25;

// folded puts neighbours that are out of sight into one line; one alone takes no more room than its fold.
export function folded(of: Ledger, room: number, small: boolean, opened: number[]): Line[] {
  const seen = of.rows.map((r, i) => i === of.now || (!!r.exact.symbol && !!of.rows[of.now]?.operands?.includes(r.exact.symbol)));
  const free = room - opened.length * row;
  for (let d = 1; d < of.rows.length; d++) {
    // One row ahead, then as many behind as ahead.
    for (const i of d === 1 ? [of.now + 1, of.now - 1] : [of.now - d, of.now + d]) {
      if (seen[i] !== false) continue;
      seen[i] = true;
      if (tall(of, seen, small) > free) seen[i] = false;
    }
  }
  for (const i of opened) seen[i] = true;
  return lines(of, seen);
}

function lines(of: Ledger, seen: boolean[]): Line[] {
  const list: Line[] = [];
  of.rows.forEach((r, i) => {
    const end = list[list.length - 1];
    if (seen[i]) list.push({ row: r, i });
    else if (end && 'rows' in end) end.rows.push({ row: r, i });
    else list.push({ rows: [{ row: r, i }] });
  });
  return list.map((l) => ('rows' in l && l.rows.length === 1 ? l.rows[0] : l));
}

// tall is how high the rows stand, about.
function tall(of: Ledger, seen: boolean[], small: boolean): number {
  const now = of.rows[of.now];
  return lines(of, seen).reduce((sum, l) => {
    if ('rows' in l) return sum + fold;
    if (l.i === of.now) return sum + (small ? 112 : 82) + (l.row.note ? (small ? 76 : 54) : 0);
    return sum + row + (small && l.row.term && l.row.exact.symbol && now?.operands?.includes(l.row.exact.symbol) ? 22 : 0);
  }, 0);
}
