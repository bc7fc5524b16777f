// A field of values as halftone: a dot for +, a dash for −, as large as |value|, in a handful of paths.
import type { Lattice } from '../types';

export interface Tones { dots: { d: string; r: number }[]; dashes: { d: string; w: number }[] }

const levels = 8;

export function halftone(of: Lattice, width: number, height: number, most = 0.44): Tones {
  const px = width / of.cols;
  const py = height / of.rows;
  const pitch = Math.min(px, py);
  const dots = Array.from({ length: levels }, () => '');
  const dashes = Array.from({ length: levels }, () => '');
  for (let r = 0; r < of.rows; r++) {
    for (let c = 0; c < of.cols; c++) {
      const v = of.values[r * of.cols + c] / of.full;
      const level = Math.min(levels, Math.ceil(Math.abs(v) * levels));
      if (!level || Number.isNaN(v)) continue;
      const x = ((c + 0.5) * px).toFixed(1);
      const y = (height - (r + 0.5) * py).toFixed(1);
      if (v > 0) dots[level - 1] += `M${x} ${y}h0`;
      else dashes[level - 1] += `M${(Number(x) - (0.42 * pitch * level) / levels).toFixed(1)} ${y}h${((0.84 * pitch * level) / levels).toFixed(1)}`;
    }
  }
  return {
    dots: dots.map((d, i) => ({ d, r: ((2 * most * pitch * (i + 1)) / levels) })).filter((p) => p.d),
    dashes: dashes.map((d, i) => ({ d, w: Math.max(0.8, (0.64 * most * pitch * (i + 1)) / levels) })).filter((p) => p.d),
  };
}
