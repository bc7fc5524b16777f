// Eyes that ask for something: less motion, forced colours, more contrast. Nothing moves, nothing is lost.
import { check, context, go, mine, open, settled, test } from './ground.mjs';
import { violations } from './pages.mjs';

async function still(page, id) {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await go(page, id);
  if (await page.locator('[data-action=step]:not(:disabled)').count()) await page.locator('[data-action=step]').click();
  const moving = await page.evaluate(() => [...document.querySelectorAll('*')].filter((e) => {
    const s = getComputedStyle(e);
    return s.transitionDuration.split(',').some((d) => parseFloat(d) > 0) || (s.animationName !== 'none' && parseFloat(s.animationDuration) > 0);
  }).length + document.getAnimations().length);
  check(`${id} reduced motion`, moving === 0, 'nothing that moves', moving);
  await settled(page);
}

// lost finds what is drawn by a background alone and vanishes when the system takes the colours.
const lost = (page) =>
  page.evaluate(() => {
    const paper = getComputedStyle(document.documentElement).backgroundColor;
    const out = [];
    for (const e of document.querySelectorAll('main *')) {
      if (e.closest('svg, .hidden') || e.textContent.trim() || !e.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
      const s = getComputedStyle(e);
      const b = e.getBoundingClientRect();
      if (b.width < 2 || b.height < 2 || e.matches('input, select, button, .blank')) continue;
      if (!e.dataset.drawn) continue;
      const edged = ['Top', 'Left', 'Bottom', 'Right'].some((side) => parseFloat(s[`border${side}Width`]) > 0 && s[`border${side}Color`] !== paper);
      if (!edged && s.backgroundImage === 'none' && (s.backgroundColor === paper || /^rgba.*, 0\)$/.test(s.backgroundColor))) out.push(e.outerHTML.slice(0, 120));
    }
    return out.slice(0, 3);
  });
const noted = (page) =>
  page.evaluate(() => {
    for (const e of document.querySelectorAll('main *')) {
      const s = getComputedStyle(e);
      if (!/^rgba.*, 0\)$/.test(s.backgroundColor) || s.backgroundImage !== 'none') e.dataset.drawn = '1';
    }
  });

async function forced(page, id) {
  await page.emulateMedia({ forcedColors: 'none' });
  await go(page, id);
  await noted(page);
  await page.emulateMedia({ forcedColors: 'active' });
  await settled(page);
  const gone = await lost(page);
  check(`${id} forced colours`, gone.length === 0, 'every mark still drawn', gone.join(' '));
  const drawn = await page.evaluate(() => {
    const paper = getComputedStyle(document.documentElement).backgroundColor;
    return [...document.querySelectorAll('main svg path, main svg line, main svg circle')].filter((e) => {
      const s = getComputedStyle(e);
      return s.stroke === paper && s.fill === paper && e.getBoundingClientRect().width > 3;
    }).length;
  });
  check(`${id} forced colours`, drawn === 0, 'no line in the colour of the paper', drawn);
  await page.emulateMedia({ forcedColors: 'none' });
}

export async function media() {
  const c = await context();
  const page = await open(c, 'home');
  const few = mine.filter((r, i) => i % 4 === 0 || r.chapter === 'room').map((r) => r.id);
  await test('reduced motion', async () => { for (const id of few) await still(page, id); });
  await test('forced colours', async () => { for (const id of few) await forced(page, id); });
  await test('more contrast', async () => {
    await page.emulateMedia({ contrast: 'more' });
    for (const id of few.slice(0, 8)) {
      await go(page, id);
      const bad = await violations(page);
      check(`${id} more contrast: axe`, bad === '', 'no violation', bad);
    }
  });
  await c.close();
}
