// What eyes and ears need of a page, asked of its layout. Each function returns what is wrong as pairs: expected, got.

// clipped finds text that is cut off, runs out of its line box, or makes the page wider than its window.
export const clipped = (page) =>
  page.evaluate(() => {
    const out = [];
    const wide = document.documentElement.scrollWidth - innerWidth;
    if (wide > 1) out.push(['a page as wide as its window', `${wide} px more`]);
    for (const e of document.body.querySelectorAll('*')) {
      if (e.closest('.hidden, .skip, svg, [aria-hidden=true]') || !e.checkVisibility()) continue;
      const own = [...e.childNodes].filter((n) => n.nodeType === 3 && n.data.trim());
      if (!own.length) continue;
      const style = getComputedStyle(e);
      const text = e.textContent.trim().slice(0, 40);
      if (style.overflowX === 'hidden' && e.scrollWidth > e.clientWidth + 1) out.push(['the whole text', `cut: ${text}`]);
      if (style.overflowY === 'hidden' && e.scrollHeight > e.clientHeight + 1) out.push(['the whole text', `cut below: ${text}`]);
      // A Hangul syllable is 0.92 em high: a line box under 1.1 em, or one that a fixed height cuts, would clip it.
      const line = parseFloat(style.lineHeight);
      if (/[가-힣]/.test(text) && line < 1.1 * parseFloat(style.fontSize)) out.push(['a line box as high as Hangul', `${line} px for ${style.fontSize}: ${text}`]);
      for (const n of own) {
        const range = document.createRange();
        range.selectNodeContents(n);
        for (const b of range.getClientRects()) {
          const scroller = e.closest('.scroll, pre');
          if (!scroller && b.width && (b.right > innerWidth + 1 || b.left < -1)) out.push(['text inside the window', `${Math.round(b.left)}–${Math.round(b.right)} of ${innerWidth}: ${text}`]);
        }
      }
    }
    // Words of a picture stand inside the picture's own column: what runs out of the window cannot be scrolled to.
    for (const e of document.querySelectorAll('main svg text')) {
      const b = e.getBoundingClientRect();
      if (e.closest('.scroll') || !b.width || !e.checkVisibility({ visibilityProperty: true })) continue;
      if (b.right > innerWidth + 1 || b.left < -1) out.push(['words of the picture inside the window', `${Math.round(b.left)}–${Math.round(b.right)} of ${innerWidth}: ${e.textContent.trim().slice(0, 40)}`]);
    }
    return [...new Map(out.map((o) => [o.join(), o])).values()].slice(0, 6);
  });

// crowded finds what is too small for a finger: 44 px on a phone, where fingers are. Numbers within a formula or a table row are words of a
// sentence, as the guideline excepts them; each has its own row or slider too, or is reached by the keyboard.
export const crowded = (page, width) =>
  page.evaluate((width) => {
    const out = [];
    for (const e of document.querySelectorAll('button, a[href], input, select, textarea, summary, [role=slider], [role=spinbutton]')) {
      if (!e.checkVisibility({ visibilityProperty: true }) || e.closest('.hidden, .skip') || e.matches('.skip, .hidden, [role=spinbutton]')) continue;
      // Marks of the deck's ruler, whose page numbers can be typed beside it; rows of the ledger, which the step bar reaches too.
      if ((e.matches('.ticks a, .stair a') && width > 1024) || e.closest('[role=table]')) continue;
      const boxes = [e, e.closest('label'), e.labels?.[0]].filter(Boolean).map((b) => b.getBoundingClientRect());
      const beyond = getComputedStyle(e, '::after');
      const [x, y] = beyond.content === 'none' || beyond.position !== 'absolute' ? [0, 0] : [Math.max(0, -2 * parseFloat(beyond.left)), Math.max(0, -2 * parseFloat(beyond.top))];
      const [w, h] = [Math.max(...boxes.map((b) => b.width)) + x, Math.max(...boxes.map((b) => b.height)) + y];
      if (Math.min(w, h) < 43.5) out.push(['a target of 44 px', `${Math.round(w)} × ${Math.round(h)} at ${width}: ${e.outerHTML.replace(/ class="[^"]*"/, '').slice(0, 110)}`]);
    }
    return out.slice(0, 8);
  }, width);

// unseen finds figures without a sentence or a table of what they show.
export const unseen = (page) =>
  page.evaluate(() => {
    const out = [];
    for (const s of document.querySelectorAll('.figures > section')) {
      const picture = s.querySelector(':scope svg, :scope canvas');
      if (!picture) continue;
      if (!s.querySelector('table, [role=table], [data-action=table], dl, ul, ol, [role=list]')) out.push(['a table of the picture', s.outerHTML.replace(/<!---->| class="[^"]*"/g, '').slice(0, 160)]);
      const name = s.querySelector('[role=group][aria-label], [role=img][aria-label], [role=table][aria-label], table[aria-label], ol[aria-label], [role=list][aria-label]');
      if (!name || name.getAttribute('aria-label').trim().length < 3) out.push(['a name of the picture', s.outerHTML.slice(0, 160)]);
    }
    if (document.querySelector('article[data-page]') && (document.querySelector('.summary')?.textContent.trim().length ?? 0) < 10) out.push(['a sentence of what is seen', '']);
    return out.slice(0, 4);
  });

// unheard finds controls that say nothing, or a bare number, to whoever does not see them.
export const unheard = (page) =>
  page.evaluate(() => {
    const out = [];
    const name = (e) => (e.getAttribute('aria-label') ?? [...(e.labels ?? [])].map((l) => l.textContent).join(' ') ?? '').trim() || e.textContent.trim() || e.title;
    for (const e of document.querySelectorAll('main button, main a[href], main input, main select, main [role=slider], main [role=spinbutton]')) {
      if (e.checkVisibility() && !name(e)) out.push(['an accessible name', e.outerHTML.slice(0, 140)]);
    }
    for (const e of document.querySelectorAll('main input[type=range], main [role=slider]')) {
      const said = e.getAttribute('aria-valuetext') ?? '';
      if (e.checkVisibility() && !/\p{L}/u.test(said)) out.push(['aria-valuetext in words', `${JSON.stringify(said)}: ${e.outerHTML.slice(0, 140)}`]);
    }
    return out.slice(0, 6);
  });
