// The rows D0–D12 of what the deck asks for: for each the address of an instrument, and the numbers that must stand on it, computed by a
// command that is not the lab. Where the deck has worked numbers of its own they are written here to the digits that its recalculation gives.
import { execFileSync } from 'node:child_process';
import { gradus, json } from './ground.mjs';

const trace = (spec) => JSON.parse(execFileSync(gradus, ['trace', '-', '--json'], { input: JSON.stringify(spec), encoding: 'utf8', maxBuffer: 1 << 26 }));
const layer = (activation, weights, biases) => ({ kind: 'dense', activation, weights, biases });
const spec = (layers, x, y, alpha = 0.5) => ({ precision: 'float64', layers, cost: { name: 'half-sse' }, optimizer: { name: 'descent', form: 'reference', alpha }, batches: [{ x: [x], y: [y] }] });

// stages of one perceptron: its products, its sum, o and y.
function stages(w, b, x, activation = 'step') {
  const p = json('perceptron', '--w', w.join(), '--b', String(b), '--x', x.join(), '--activation', activation);
  return { ...Object.fromEntries(p.products.map((v, i) => [`wx${i + 1}`, v])), sum: p.sum, o: p.o, y: p.y };
}
// corners of a gate: o and y of its four rows.
const corners = (p) => Object.fromEntries(p.rows.flatMap((r, i) => [[`o_${i}`, r.o], [`y_${i}`, r.y]]));
const run = (...args) => json('optimize', ...args).runs;
const last = (r) => r.steps.at(-1);
const sum = (list) => list.flat().reduce((a, b) => a + b, 0);
const f = (name, at, ...more) => json('activation', name, '--at', [].concat(at).join(), ...more);
const cost = (name, y, h, ...more) => json('cost', name, '--y', y.join(), '--h', h.join(), ...more);

function perceptron() {
  return [
    ['4-1-1', stages([1, 1, 1], -2, [1, 0, 1])],
    ['4-1-2&sbp=90&step=2', { raw3: 90, mean3: 120, sd3: 20, z3: -1.5 }], // the deck's exercise: 90 mmHg, mean 120, SD 20
    ['4-1-3', (({ sum, ...p }) => ({ ...p, sum }))(stages([0.6, 0.3, -0.4, 0.2], 0, [0.75, 1.2, -0.6, 2]))],
    ['4-1-4&b=-2', { threshold: 2, b: -2 }],
    ['4-1-5&step=4', stages([0.8, 0.5], -0.2, [1.2, -0.6], 'sigmoid')],
    ['4-1-6', {}],
  ].map(([at, want]) => [at, Object.fromEntries(Object.entries(want).filter(([k]) => at !== '4-1-3' || !['o', 'y'].includes(k)))]);
}

function single() {
  const learnt = json('perceptron', 'AND', '--learn');
  const gate = (table, w, b) => corners({ rows: json('perceptron', table).rows.map((r) => json('perceptron', '--w', w.join(), '--b', String(b), '--x', r.x.join())) });
  return [
    ['4-1-7&n=5&m=3', { weights: 15, biases: 3, parameters: 18 }],
    ['4-1-8&w1=1&w2=1&b=-1.5', { ...corners(json('perceptron', 'AND')), right: 4 }],
    [`4-1-8&step=${learnt.mistakes}`, { w1: learnt.w[0], w2: learnt.w[1], b: learnt.b, right: 4 }],
    ['4-1-9&w1=1&w2=1&b=-0.5', { ...gate('OR', [1, 1], -0.5), right: 4 }],
    ['4-1-10&w1=-1&w2=-1&b=1.5', { ...gate('NAND', [-1, -1], 1.5), right: 4 }],
  ];
}

function several() {
  const xor = json('perceptron', 'XOR');
  const wired = Object.fromEntries(xor.wired.flatMap((r, i) => [[`h1_${i}`, r.first[0].y], [`h2_${i}`, r.first[1].y], [`y_${i}`, r.last.y]]));
  return [
    ['4-1-11&part=line', { right: 4 - xor.wrong }],
    ['4-1-11&part=blocks&g1=nand&g2=or&g3=and', { ...wired, right: 4 }],
    ['4-1-11&part=train', {}],
  ];
}

function collapse() {
  const two = trace(spec([layer('linear', [[0.5]], [1]), layer('linear', [[2]], [-0.5])], [1], [0]));
  return [['4-2-1&w1=0.5&b1=1&w2=2&b2=-0.5', { wp: 1, bp: 1.5, y: two.steps[0].layers[1].h[0][0] }]];
}

function activations() {
  const [sigmoid, tanh, twice] = [f('sigmoid', [-1, -0.3, 0.8]), f('tanh', 0.8), f('sigmoid', 1.6)];
  const soft = f('softmax', [1.2, 0.3, -0.8]).h;
  return [
    ['4-2-2', { slope: f('step', 0.6).dh_do[0], changed: 0 }],
    ['4-2-3&o=-1&w=0.7', { o: -1, p: sigmoid.h[0], "p'": sigmoid.h[1], slope: sigmoid.dh_do[1] }],
    ['4-2-4', { bound: 0.25 ** 5 }], // the deck's .25 to the power of five, 9.765625e-4
    ['4-2-5&o=0.8', { tanh: tanh.h[0], dtanh: tanh.dh_do[0], sigmoid2: twice.h[0], dsigmoid: sigmoid.dh_do[2] }],
    ['4-2-6', { dead: 0 }],
    ['4-2-7&o1=1.2&o2=0.3&o3=-0.8&step=2', { p1: soft[0], p2: soft[1], p3: soft[2] }],
    ['4-2-7&o1=2&o2=1&o3=0&step=2', { p1: 0.6652409557748218, p2: 0.24472847105479764, p3: 0.09003057317038046 }], // the deck's (2, 1, 0)
  ];
}

function costs() {
  const stay = [2, 3, 3, 4, 5, 6, 60];
  const flat = stay.map(() => 12);
  const long = [2, 3, 3, 4, 5, 6, 40];
  const eight = long.map(() => 8);
  const [mae, mse, mean, huber] = [cost('mae', stay, flat), cost('mse', long, eight), cost('mae', long, eight), cost('huber', long, eight, '--delta', '3')];
  const bce = cost('binary-cross-entropy', [1], [0.3]).cost;
  return [
    ['4-3-1&w=1.28&b=1.93', {}],
    ['4-3-2&c=12', { E: mae.cost, dE_dc: sum(mae.dh) }],
    ['4-3-3&c=8&longest=40&delta=3', { E_mse: mse.cost, slope_mse: sum(mse.dh), E_mae: mean.cost, slope_mae: sum(mean.dh), E_huber: huber.cost, slope_huber: sum(huber.dh) }],
    ['4-3-4&y=1&p=0.3', { cost_exact: bce, cost_printed: -bce }],
    ['4-3-4&y=1&p=0.1', { cost_exact: 2.302585092994046 }], // the deck's −log .1
  ];
}

function descent() {
  const slow = last(run('--rule', 'descent', '--alpha', '0.004', '--steps', '10')[0]);
  return [
    ['4-4-1', {}],
    ['4-4-2&weights=one&w=1&alpha=0.1&lambda=2&step=3', { w: 0.512 }], // by hand: .8, .64, .512
    ['4-4-3&alpha=0.6&lambda=3&step=2', { alpha_lambda: 1.8, w: 0.64 }], // 1 − αλ = −.8, twice
    ['4-4-4&alpha=0.004&step=10', { E: slow.f }],
  ];
}

function batches() {
  const printed = new Map(json('deck', '4-4-6').map((r) => [r.symbol, r.exact]));
  return [
    ['4-4-5', { batch_500: 500, batch_1: 1 }],
    ['4-4-6&rows=2000&batch=500&epochs=5', { per_epoch: printed.get('iterations_per_epoch'), total: printed.get('iterations'), quotient: printed.get('slip') }],
    ['4-4-6&rows=2000&batch=600&epochs=3', { per_epoch: 4, total: 12 }], // the last partial batch of 200 rows is dealt too
  ];
}

function minima() {
  const down = last(run('--on', 'double-well', '--rule', 'descent', '--alpha', '0.03', '--steps', '10', '--start', '1.5')[0]);
  const over = last(run('--on', 'double-well', '--rule', 'momentum,gamma=0.9,form=deck', '--alpha', '0.05', '--steps', '30', '--start', '1.6')[0]);
  return [
    ['4-4-7&start=1.5&alpha=0.03&step=10', { w: down.w[0], E: down.f }],
    ['4-4-8&gamma=0.9&alpha=0.05&start=1.6&step=30', { w: over.w[0], v: over.v[0] }],
  ];
}

function adaptive() {
  const at = ['--on', 'quadratic', '--steps', '5'];
  const alphas = { gd: ['descent', 0.05], momentum: ['momentum,form=deck,gamma=0.9', 0.008], adagrad: ['adagrad,form=deck', 0.6], rmsprop: ['rmsprop,form=deck,gamma=0.9', 0.15], adam: ['adam,form=deck', 0.3], printed: ['adam,form=printed', 0.3] };
  const want = {};
  for (const [name, [rule, alpha]] of Object.entries(alphas)) want[`E_${name}`] = last(run(...at, '--rule', rule, '--alpha', String(alpha))[0]).f;
  const [exact, printed] = ['deck', 'printed'].map((form) => last(run('--rule', `adam,form=${form}`, '--alpha', '0.3', '--steps', '3')[0]));
  const state = (name, s) => ({ [`M_${name}`]: s.m[1], [`V_${name}`]: s.v[1], [`Mhat_${name}`]: s['m̂'][1], [`Vhat_${name}`]: s['v̂'][1] });
  return [
    ['4-4-9&step=2', { G_daily: 2, G_rare: 0 }],
    ['4-4-10&gamma=0.9&quiet=1&step=1', { alpha_eff_rmsprop: 0.1 / Math.sqrt(0.1 + 1e-8) }], // the deck's first step: α/√(1 − γ), ε inside the root
    ['4-4-11&surface=quadratic&axis=w2&alpha=0.3&step=3', { ...state('exact', exact), ...state('printed', printed) }],
    ['race&surface=quadratic&step=5', want],
  ];
}

// The worked example, exact, as its recalculation in float64 gives it; finite differences agree to 1e-11.
const worked = {
  o11: 0.14, o12: 0.07, h11: 0.53494295, h12: 0.51749286, o21: 0.57447717, o22: 0.42271933, h21: 0.63979562, h22: 0.60413378, E: 0.01284127,
  dE_dh21: -0.16020438, dh21_do21: 0.23045719, do21_dw21: 0.53494295, "w21'": 0.30987511, "w22'": 0.80955298, "w23'": 0.49973557, "w24'": 0.2997442,
  dE_dh11: -0.01058177, dE_dh12: -0.02923962, dh11_do11: 0.24877899, do11_dw11: 0.1, "w11'": 0.60013163, "w12'": 0.40026325, "w13'": 0.10036505, "w14'": 0.3007301,
  "o11'": 0.14006581, "o12'": 0.07018252, "h11'": 0.53495932, "h12'": 0.51753843, "o21'": 0.58474536, "o22'": 0.42246734, "h21'": 0.64215858, "h22'": 0.60407351, "E'": 0.01246525, drop: 0.00037601,
};

// backpropagation asks each page of the chapter for the rows that the deck prints on it, and the last page for the whole example.
function backpropagation() {
  const rows = json('deck').filter((r) => r.page.startsWith('4-5') && r.symbol !== 'slip');
  const pages = [...new Set(rows.map((r) => r.page))];
  const list = pages.map((p) => [p, Object.fromEntries(rows.filter((r) => r.page === p).map((r) => [r.symbol, r.exact]))]);
  const t = trace(spec([layer('sigmoid', [[0.6, 0.4], [0.1, 0.3]], null), layer('sigmoid', [[0.3, 0.8], [0.5, 0.3]], null)], [0.1, 0.2], [0.8, 0.6]));
  const [[w11, w12], [w13, w14]] = t.layers[0].weights;
  const [[w21, w22], [w23, w24]] = t.layers[1].weights;
  const whole = { E: t.steps[0].cost, dE_dh11: t.steps[0].layers[0].dh[0][0], "w11'": w11, "w12'": w12, "w13'": w13, "w14'": w14, "w21'": w21, "w22'": w22, "w23'": w23, "w24'": w24 };
  const own = trace(spec([layer('sigmoid', [[-0.7, 0.4], [0.1, 0.3]], null), layer('sigmoid', [[0.3, 0.8], [0.5, 0.3]], null)], [0.9, 0.2], [0.8, 0.6]));
  list.push(['4-5-31', whole], ['4-5-31&w11=-0.7&x1=0.9', { E: own.steps[0].cost, "w11'": own.layers[0].weights[0][0] }]);
  return list;
}

// Every row of the deck with its instruments; worked is held against the page to its eight digits.
export const deck = () => ({
  D0: [['F0', {}], ['F1&w1=1.5&w2=-1&x1=0.9&x2=0.4&b=-1&step=5', (({ sum, o, y }) => ({ sum, o, y }))(stages([1.5, -1], -1, [0.9, 0.4], 'sigmoid'))], ['F2', {}], ['F3&part=vanishing', {}], ['F3&part=overfitting', {}], ['F3&part=work', {}]],
  D1: perceptron(),
  D2: single(),
  D3: several(),
  D4: collapse(),
  D5: activations(),
  D6: costs(),
  D7: descent(),
  D8: batches(),
  D9: minima(),
  D10: adaptive(),
  D11: backpropagation(),
  D12: [['data', {}], ['playground', {}], ['threshold', {}], ['imbalance', {}], ['overfit', {}], ['patient', {}]],
});
export { trace, worked };
