// The look of the page by its measures: every part in every state on #parts, the ledger on one screen, a hall and a phone. Colours and
// sizes are read from the page, so that a font that is drawn a little differently elsewhere fails nothing.
import { check as tell, context as fresh, open as visit, test } from './ground.mjs';

const tokens = {
  light: { neg: 'rgb(179, 88, 6)', pos: 'rgb(33, 102, 172)', ink: 'rgb(27, 31, 36)', tick: 'rgb(133, 137, 142)', pass: 'rgb(27, 127, 77)', fail: 'rgb(179, 38, 30)', wash: 'rgb(248, 246, 241)' },
  dark: { neg: 'rgb(244, 162, 89)', pos: 'rgb(127, 179, 230)', ink: 'rgb(232, 233, 234)', tick: 'rgb(115, 123, 134)', pass: 'rgb(111, 207, 155)', fail: 'rgb(255, 143, 133)', wash: 'rgb(30, 34, 41)' },
};

// Selector, property, value: what each part measures (a line of 1.5 px is one of 1 px where a pixel is a pixel). The states of one part are told apart here.
const sizes = [
  ['[data-part=number] .is-rest .edit', 'borderBottom', /^1(\.5)?px dotted/],
  ['[data-part=number] .is-hover .edit', 'borderBottom', /^2px solid/],
  ['[data-part=number] .is-active .edit', 'borderBottom', /^2px dotted/],
  ['[data-part=number] .is-focus .edit', 'outlineWidth', '3px'],
  ['[data-part=number] .is-disabled .num', 'borderBottomStyle', 'none'],
  ['[data-part=slider] .is-rest .needle', 'width', '6px'],
  ['[data-part=slider] .is-rest .needle', 'height', '22px'],
  ['[data-part=slider] .is-hover .needle', 'height', '26px'],
  ['[data-part=slider] .is-active .needle', 'width', '8px'],
  ['[data-part=slider] .is-active .now', 'display', 'block'],
  ['[data-part=slider] .is-focus .needle', 'outlineWidth', '3px'],
  ['[data-part=answer] .is-rest .answer', 'borderBottomWidth', /^1(\.5)?px/],
  ['[data-part=answer] .is-rest .answer', 'width', '120px'],
  ['[data-part=answer] .is-rest .answer', 'fontSize', '22px'],
  ['[data-part=answer] .is-disabled .answer', 'borderBottomStyle', 'dotted'],
  ['[data-part=switch] .is-rest .on span', 'fontWeight', '600'],
  ['[data-part=button] .is-rest .button', 'height', '40px'],
  ['[data-part=button] .is-rest .button', 'borderRadius', '3px'],
  ['[data-part=button] .is-rest .button', 'borderTopWidth', /^1(\.5)?px/],
  ['.ledger .now', 'minHeight', '80px'],
  ['.ledger .now .exact .num', 'fontSize', '22px'],
  ['.ledger .now .exact .num', 'fontWeight', '600'],
  ['.ledger .now .exact .tail', 'fontWeight', '400'],
  ['.ledger .struck', 'textDecorationLine', 'line-through'],
  ['.ledger .later .dash', 'width', '24px'],
];

// What takes a colour of the table by its state.
const coloured = [
  ['[data-part=answer] .is-wrong .answer', 'borderBottomColor', 'fail'], ['[data-part=answer] .is-right .answer', 'borderBottomColor', 'pass'],
  ['[data-part=button] .is-active .button', 'backgroundColor', 'ink'], ['[data-part=button] .is-hover .button', 'backgroundColor', 'wash'],
  ['[data-part=slider] .is-disabled .needle', 'backgroundColor', 'tick'], ['.ledger .now .exact .num', 'color', 'neg'], ['.ledger .now .struck', 'textDecorationColor', 'fail'],
];

const style = (page, selector, property) => page.$eval(selector, (e, p) => getComputedStyle(e)[p], property);

async function parts(open, check, context) {
  for (const theme of ['light', 'dark']) {
    const page = await open(`parts&theme=${theme}`, { context });
    await page.waitForFunction((t) => document.documentElement.dataset.theme === t, theme);
    for (const [name, want] of Object.entries(tokens[theme])) {
      const got = await style(page, `[data-colour=${name}]`, 'backgroundColor');
      check(`parts, ${theme}: --${name}`, got === want, `${got}, not ${want}`);
    }
    for (const [selector, property, want] of sizes) {
      const got = await style(page, selector, property);
      check(`parts, ${theme}: ${selector} ${property}`, want instanceof RegExp ? want.test(got) : got === want, got);
    }
    for (const [selector, property, name] of coloured) {
      const got = await style(page, selector, property);
      check(`parts, ${theme}: ${selector} is --${name}`, got === tokens[theme][name], got);
    }
    await alike(page, check, theme);
    await page.close();
  }
}

// A part under the pointer or in focus looks as the state that is shown beside it.
async function alike(page, check, theme) {
  for (const [part, inner, property] of [['number', '.edit', 'borderBottom'], ['button', '.button', 'backgroundColor'], ['step', '.step', 'boxShadow'], ['answer', '.answer', 'backgroundColor']]) {
    await page.hover(`[data-part=${part}] .is-rest ${inner}`);
    const [got, want] = [await style(page, `[data-part=${part}] .is-rest ${inner}`, property), await style(page, `[data-part=${part}] .is-hover ${inner}`, property)];
    check(`parts, ${theme}: ${part} under the pointer`, got === want, `${got}, not ${want}`);
  }
  await page.focus('[data-part=number] .is-rest .edit');
  await page.keyboard.press('ArrowUp');
  const stepped = await page.$eval('[data-part=number] .is-rest .edit', (e) => e.dataset.value);
  check(`parts, ${theme}: an arrow key steps a number`, stepped === '0.4', stepped);
  const net = await page.$$eval('.net rect.node', (list) => list.map((e) => ['width', 'height', 'stroke-width'].map((a) => e.getAttribute(a)).join(' ')));
  check(`parts, ${theme}: the nodes`, net.join() === '44 44 1.25,116 60 3.5,116 60 2', net.join());
}

// ledger: operands, result and network of a row stand on one screen of 1280 × 800, and no row has two lines.
async function ledger(open, check, context) {
  for (const lang of ['ko', 'en']) {
    for (const n of [5, 7, 10, 12, 16, 18, 20, 21, 25, 28, 30]) {
      const page = await open(`4-5-${n}&lang=${lang}`, { context });
      await page.waitForTimeout(250);
      const wrong = await page.evaluate(() => {
        const bar = document.querySelector('.stepbar').getBoundingClientRect().top;
        const below = [...document.querySelectorAll('.ledger .now, .ledger .operand, .net')].filter((e) => e.getBoundingClientRect().bottom > bar + 1);
        const tall = [...document.querySelectorAll('.ledger:not(.compact) .line:not(.now, .head)')].filter((e) => e.getBoundingClientRect().height > 34);
        return [...below, ...tall].map((e) => e.textContent.trim().slice(0, 40)).join(' | ');
      });
      check(`4-5-${n} ${lang}: the row in focus, what it is made of and the network are in view`, wrong === '', wrong);
      await page.close();
    }
  }
}

// hall: projected, nothing is written smaller than 28 px.
async function hall(open, check, context) {
  for (const id of ['4-1-8', '4-2-4', '4-4-8', '4-5-8', '4-5-21', 'playground', 'threshold']) {
    const page = await open(`${id}&mode=projector`, { context, width: 1920, height: 1080 });
    await page.waitForTimeout(400);
    const small = await page.evaluate(() => {
      const out = [];
      const walk = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
      for (let t = walk.nextNode(); t; t = walk.nextNode()) {
        const e = t.parentElement;
        const box = e.getBoundingClientRect();
        if (!t.data.trim() || box.width < 2 || box.height < 2 || e.closest('.hidden, option, title')) continue;
        const size = parseFloat(getComputedStyle(e).fontSize) * (e.currentCSSZoom ?? 1);
        if (size < 27.9) out.push(`${size.toFixed(1)}: ${t.data.trim().slice(0, 30)}`);
      }
      return out.slice(0, 5).join(' | ');
    });
    check(`${id}: projected, nothing is smaller than 28 px`, small === '', small);
    await page.close();
  }
}

// phone: the header is low, the figure comes first, the step bar stays at the thumb and settings come behind the figure.
async function phone(open, check, context) {
  for (const id of ['4-1-8', '4-4-8', '4-5-21']) {
    const page = await open(id, { context, width: 390, height: 844 });
    await page.waitForTimeout(250);
    const at = await page.evaluate(() => {
      const box = (s) => document.querySelector(s).getBoundingClientRect();
      window.scrollTo(0, 600);
      const bar = box('.stepbar');
      window.scrollTo(0, 0);
      return { header: box('header').height, figure: box('.figures').top, settings: box('.top').top > box('.figures').bottom, foot: window.innerHeight - bar.bottom, high: bar.height };
    });
    check(`${id}: on a phone`, at.header === 48 && at.figure < 140 && at.settings && Math.abs(at.foot) < 1 && at.high <= 96, JSON.stringify(at));
    await page.close();
  }
}

const check = (where, ok, got) => tell(where, ok, 'the measure of the look', got);

// open is a page of its own, of a width.
async function open(address, { context, width = 1280, height = 800 }) {
  const page = await visit(context, address);
  await page.setViewportSize({ width, height });
  return page;
}

// measures checks the look of the page by its measures.
export async function measures() {
  const context = await fresh();
  for (const part of [parts, ledger, hall, phone]) await test(`measures: ${part.name}`, () => part(open, check, context));
  await context.close();
}
