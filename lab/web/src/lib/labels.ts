// Names of marks in a plane that stand beside their marks without lying over a path, over one another or off the paper.
export interface Box { x: number; y: number; w: number; h: number }
export interface Mark { x: number; y: number; w: number } // where it is, and how wide its name
export interface Placed { x: number; y: number; far: boolean } // left end and middle of the name; far: a line leads to it

const tall = 17;
const turns = [0, 180, 45, -45, 135, -135, 90, -90, 22, -22, 158, -158].map((a) => [Math.cos((a * Math.PI) / 180), Math.sin((a * Math.PI) / 180)]);

// sampled is a path as points that stand no farther apart than a name is high.
export function sampled(xs: number[], ys: number[]): [number, number][] {
  const out: [number, number][] = [];
  for (let i = 1; i < xs.length; i++) {
    const n = Math.min(200, Math.ceil(Math.hypot(xs[i] - xs[i - 1], ys[i] - ys[i - 1]) / 6)) || 1;
    for (let k = 0; k < n; k++) out.push([xs[i - 1] + ((xs[i] - xs[i - 1]) * k) / n, ys[i - 1] + ((ys[i] - ys[i - 1]) * k) / n]);
  }
  return out;
}

const inside = (b: Box, [x, y]: [number, number]) => x > b.x - 2 && x < b.x + b.w + 2 && y > b.y && y < b.y + b.h;
const meet = (a: Box, b: Box) => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
export const free = (b: Box, paths: [number, number][], taken: Box[]) => !paths.some((p) => inside(b, p)) && !taken.some((t) => meet(b, t));

// beside finds a place for each name: near its mark before far from it, free before near.
export function beside(marks: Mark[], past: [number, number][], future: [number, number][], taken: Box[], area: Box): Placed[] {
  const boxes = [...taken, ...marks.map((m) => ({ x: m.x - 8, y: m.y - 8, w: 16, h: 16 }))];
  return marks.map((m) => {
    let best: { cost: number; box: Box; far: boolean } | undefined;
    for (const d of [11, 24, 40, 60, 84])
      for (const [cos, sin] of turns) {
        const box = { x: m.x + d * cos + (cos > 0.1 ? 0 : cos < -0.1 ? -m.w : -m.w / 2), y: m.y + d * sin - tall / 2, w: m.w, h: tall };
        const off = box.x < area.x || box.x + box.w > area.x + area.w || box.y < area.y || box.y + box.h > area.y + area.h;
        const cost = d * 0.3 + 6 * past.filter((p) => inside(box, p)).length + future.filter((p) => inside(box, p)).length + 60 * boxes.filter((b) => meet(box, b)).length + (off ? 300 : 0);
        if (!best || cost < best.cost) best = { cost, box, far: d > 11 };
      }
    boxes.push(best!.box);
    return { x: best!.box.x, y: best!.box.y + tall / 2, far: best!.far };
  });
}
