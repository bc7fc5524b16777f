// A field of values as halftone: a dot for +, a dash for −, as large as |value|. One mark stands for a block of cells.
import type { Lattice } from '../types';

const levels = 16;

// blockOf is how many cells a side one mark stands for, so that marks stand at least so many pixels apart.
export function blockOf(of: Lattice, width: number, least: number): number {
  let k = 1;
  while (k < of.cols && ((width * k) / of.cols < least || of.cols % k || of.rows % k)) k++;
  return k;
}

// mark is the size of a mark, −levels … levels.
function mark(of: Lattice, c: number, r: number, k: number): number {
  let sum = 0;
  for (let y = r * k; y < r * k + k; y++) for (let x = c * k; x < c * k + k; x++) sum += of.values[y * of.cols + x];
  const v = sum / (k * k * of.full);
  const size = Math.min(levels, Math.ceil(Math.abs(v) * levels));
  return Number.isNaN(v) ? 0 : v < 0 ? -size : size;
}

export interface Tones { dots: { d: string; r: number }[]; dashes: { d: string; w: number }[] }

// halftone is the field in a handful of paths, for a picture that is taken along.
export function halftone(of: Lattice, width: number, height: number, most: number, k = 1): Tones {
  const [px, py] = [(width * k) / of.cols, (height * k) / of.rows];
  const pitch = Math.min(px, py);
  const dots = Array.from({ length: levels }, () => '');
  const dashes = Array.from({ length: levels }, () => '');
  for (let r = 0; r * k < of.rows; r++) {
    for (let c = 0; c * k < of.cols; c++) {
      const m = mark(of, c, r, k);
      const [x, y] = [(c + 0.5) * px, (height - (r + 0.5) * py).toFixed(1)];
      if (m > 0) dots[m - 1] += `M${x.toFixed(1)} ${y}h0`;
      else if (m < 0) dashes[-m - 1] += `M${(x + (0.42 * pitch * m) / levels).toFixed(1)} ${y}h${((-0.84 * pitch * m) / levels).toFixed(1)}`;
    }
  }
  return {
    dots: dots.map((d, i) => ({ d, r: ((2 * most * pitch * (i + 1)) / levels) })).filter((p) => p.d),
    dashes: dashes.map((d, i) => ({ d, w: Math.max(0.8, (0.64 * most * pitch * (i + 1)) / levels) })).filter((p) => p.d),
  };
}

// A stamp is how much of each pixel a mark covers, 0 … 255.
interface Stamp { side: number; cover: Uint8Array }
const stamps = new Map<string, Stamp[]>();

// stampsOf are the marks at a pitch of pixels: from −levels to levels.
function stampsOf(pitch: number, most: number, dense: number): Stamp[] {
  const name = `${pitch} ${most} ${dense}`;
  let list = stamps.get(name);
  if (list) return list;
  const side = Math.ceil(pitch) + 1;
  list = [];
  for (let m = -levels; m <= levels; m++) {
    const cover = new Uint8Array(side * side);
    const size = Math.abs(m) / levels;
    const [wide, high, r] = [0.42 * pitch * size, Math.max(0.4 * dense, 0.14 * pitch * size), most * pitch * size];
    for (let y = 0; m && y < side; y++) {
      for (let x = 0; x < side; x++) {
        const [dx, dy] = [Math.abs(x + 0.5 - side / 2), Math.abs(y + 0.5 - side / 2)];
        const part = m > 0 ? r + 0.5 - Math.hypot(dx, dy) : Math.min(1, wide + 0.5 - dx) * Math.min(1, Math.max(0, high + 0.5 - dy));
        cover[y * side + x] = 255 * Math.min(1, Math.max(0, part));
      }
    }
    list.push({ side, cover });
  }
  if (stamps.size > 60) stamps.clear();
  stamps.set(name, list);
  return list;
}

export interface Spot { of: Lattice; x: number; y: number; width: number; height: number; k: number }
export interface Inks { pos: number; neg: number } // as pixels without their cover: 0x00bbggrr

// paint draws fields into pixels of a row length, dense pixels to a unit of length.
export function paint(pixels: Uint32Array, across: number, dense: number, spots: Spot[], most: number, inks: Inks) {
  const down = pixels.length / across;
  for (const s of spots) {
    const [px, py] = [(s.width * dense * s.k) / s.of.cols, (s.height * dense * s.k) / s.of.rows];
    const list = stampsOf(Math.min(px, py), most, dense);
    const side = list[0].side;
    for (let r = 0; r * s.k < s.of.rows; r++) {
      const top = Math.round((s.y + s.height) * dense - (r + 0.5) * py - side / 2);
      for (let c = 0; c * s.k < s.of.cols; c++) {
        const m = mark(s.of, c, r, s.k);
        if (!m) continue;
        const left = Math.round(s.x * dense + (c + 0.5) * px - side / 2);
        const ink = m > 0 ? inks.pos : inks.neg;
        const cover = list[m + levels].cover;
        for (let y = Math.max(0, -top); y < side && top + y < down; y++) {
          const row = (top + y) * across;
          for (let x = Math.max(0, -left); x < side && left + x < across; x++) {
            const a = cover[y * side + x];
            if (a) pixels[row + left + x] = ((a << 24) | ink) >>> 0;
          }
        }
      }
    }
  }
}
