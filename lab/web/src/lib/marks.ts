// The shapes of points, drawn about (0, 0) at a size.
export function shape(mark: string | undefined, r: number): string {
  switch (mark) {
    case 'triangle':
      return `M0 ${-1.15 * r}L${1.05 * r} ${0.75 * r}H${-1.05 * r}Z`;
    case 'down':
      return `M0 ${1.15 * r}L${1.05 * r} ${-0.75 * r}H${-1.05 * r}Z`;
    case 'square':
      return `M${-0.85 * r} ${-0.85 * r}h${1.7 * r}v${1.7 * r}h${-1.7 * r}Z`;
    case 'diamond':
      return `M0 ${-1.2 * r}L${1.2 * r} 0L0 ${1.2 * r}L${-1.2 * r} 0Z`;
    case 'cross':
      return `M${-r} 0H${r}M0 ${-r}V${r}`;
    case 'star': {
      const turns = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((i) => {
        const a = (Math.PI * (i - 2.5)) / 5;
        const l = i % 2 ? 0.55 * r : 1.35 * r;
        return `${(l * Math.cos(a)).toFixed(2)} ${(l * Math.sin(a)).toFixed(2)}`;
      });
      return `M${turns.join('L')}Z`;
    }
  }
  return `M${-r} 0a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0Z`;
}

// The dash and marker of each optimizer, beside its colour.
export const styles: Record<string, { dash: string; mark: string }> = {
  gd: { dash: '', mark: 'circle' },
  sgd: { dash: '6 3', mark: 'triangle' },
  momentum: { dash: '8 3 2 3', mark: 'square' },
  adagrad: { dash: '2 2.5', mark: 'diamond' },
  rmsprop: { dash: '12 4', mark: 'down' },
  adam: { dash: '', mark: 'star' },
  printed: { dash: '1.5 4', mark: 'star' },
};

// round ticks of a linear axis, about n of them.
export function ticks(low: number, high: number, n: number): { list: number[]; step: number } {
  const raw = (high - low) / Math.max(1, n);
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * ([1, 2, 2.5, 5, 10].find((m) => m * power >= raw * 0.999) ?? 10);
  const list: number[] = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++) list.push(Number((i * step).toPrecision(12)));
  return { list, step };
}

// powers of ten of a logarithmic axis.
export function decades(low: number, high: number): number[] {
  const list: number[] = [];
  const first = Math.ceil(Math.log10(low) - 1e-9);
  const last = Math.floor(Math.log10(high) + 1e-9);
  const by = Math.max(1, Math.ceil((last - first) / 8));
  for (let e = first; e <= last; e += by) list.push(10 ** e);
  return list;
}

// apart moves labels so that none stands closer to the next than gap, each as near to its place as that allows.
export function apart(places: number[], gap: number, low: number, high: number): number[] {
  const order = places.map((_, i) => i).sort((a, b) => places[a] - places[b]);
  const out = [...places];
  for (let k = 1; k < order.length; k++) out[order[k]] = Math.max(out[order[k]], out[order[k - 1]] + gap);
  let ceiling = high;
  for (let k = order.length - 1; k >= 0; k--) {
    out[order[k]] = Math.max(low, Math.min(out[order[k]], ceiling));
    ceiling = out[order[k]] - gap;
  }
  return out;
}
