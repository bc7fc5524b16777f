// The letters of the deck's formulas: variables slanted, subscripts lowered, fractions stacked where there is room for them.
import type { Words } from '../types';
import { say } from '../words.svelte';

export interface Piece { kind: 'v' | 't' | 'sub' | 'd' | 'frac'; text: string; over?: Piece[]; under?: Piece[] }

const upright = new Set(['log', 'max', 'min', 'exp', 'sin', 'tanh', 'sigmoid', 'softmax', 'ReLU', 'sign', 'step', 'erf', 'MAE', 'MSE', 'SSE', 'Cost', 'and', 'or', 'sens', 'spec', 'AND', 'OR', 'NAND', 'XOR', 'AUROC', 'PPV', 'NPV', 'logit', 'odds', 'TP', 'FN', 'FP', 'TN', 'SD', 'SBP', 'CRP', 'ANC', 'GD', 'SGD']);
const lowered = /[₀-₉ᵢⱼₖₙₜ₊₋]/;
const base: Record<string, string> = { 'ᵢ': 'i', 'ⱼ': 'j', 'ₖ': 'k', 'ₙ': 'n', 'ₜ': 't', '₊': '+', '₋': '−' };
const raise = (c: string) => base[c] ?? String.fromCharCode(c.charCodeAt(0) - 0x2080 + 48);
const word = /∂|[A-Za-zα-ωΑ-Ω][A-Za-zα-ωΑ-Ω\u0302]*|[₀-₉ᵢⱼₖₙₜ₊₋]+|_[A-Za-z]+|[^A-Za-zα-ωΑ-Ω∂₀-₉ᵢⱼₖₙₜ₊₋_]+|_/gu;

// pieces cuts a formula into variables, subscripts and everything else.
export function pieces(s: string): Piece[] {
  const list: Piece[] = [];
  const push = (kind: Piece['kind'], text: string) => {
    const end = list[list.length - 1];
    if (end?.kind === kind) end.text += text;
    else list.push({ kind, text });
  };
  for (const [w] of s.replaceAll('Ŷ', 'Y\u0302').matchAll(word)) {
    if (lowered.test(w[0])) push('sub', [...w].map(raise).join(''));
    else if (w[0] === '_' && w.length > 1) push('sub', w.slice(1));
    else if (w === '∂') push('d', w);
    else if (/^[A-Za-zα-ωΑ-Ω]/u.test(w)) push(upright.has(w) || w.length > 3 ? 't' : 'v', w);
    else push('t', w);
  }
  return list;
}

// before is where the numerator of a stroke at i begins, after is where its denominator ends: a bracket, or what stands close; beside ÷
// everything up to the next = , + or −.
function before(s: string, i: number, wide: boolean): number {
  let depth = 0;
  for (let k = i; k > 0; k--) {
    const c = s[k - 1];
    if (c === ')') depth++;
    else if (c === '(' && depth-- === 0) return k;
    else if (!depth && (wide ? '=+−,'.includes(c) : ' =+−,'.includes(c))) return k;
  }
  return 0;
}
function after(s: string, i: number, wide: boolean): number {
  let depth = 0;
  for (let k = i; k < s.length; k++) {
    const c = s[k];
    if (c === '(') depth++;
    else if (c === ')' && depth-- === 0) return k;
    else if (!depth && (wide ? '=+,' : ' =+,').includes(c)) return k;
  }
  return s.length;
}
// bare is a formula without brackets that hold all of it.
const bare = (s: string) => {
  const t = s.trim();
  let depth = 0;
  const end = [...t].findIndex((c) => (depth += c === '(' ? 1 : c === ')' ? -1 : 0) === 0);
  return t[0] === '(' && end === [...t].length - 1 ? t.slice(1, -1) : t;
};

// stacked is a formula with its fractions one above the other.
export function stacked(s: string): Piece[] {
  const i = s.search(/ ÷ |\//u);
  if (i < 0) return pieces(s);
  const wide = s[i] === ' ';
  const [from, to] = [before(s, i, wide), after(s, wide ? i + 3 : i + 1, wide)];
  return [
    ...pieces(s.slice(0, from)),
    { kind: 'frac', text: '/', over: pieces(bare(s.slice(from, i))), under: pieces(bare(s.slice(wide ? i + 3 : i + 1, to))) },
    ...stacked(s.slice(to)),
  ];
}

// A letter with a subscript, a derivative, or a lone Greek letter is a formula inside a sentence.
const inside = /(∂[A-Za-z_₀-₉]+\/∂[A-Za-z_₀-₉]+′?|[A-Za-zΔ∂α-ω]?[A-Za-zα-ω][̂′]?[₀-₉ᵢⱼₖₙₜ]+′?|[α-ωΔ])/gu;
export const cut = (s: string) => s.split(inside);

// letters are words as a picture writes them: those that are the same in every language are a formula.
export function letters(w: Words | undefined): Piece[] {
  if (!w) return [];
  if (!w.key) return pieces(w.text ?? '');
  return cut(say(w)).flatMap((part, i): Piece[] => (i % 2 ? pieces(part) : part ? [{ kind: 't', text: part }] : []));
}
