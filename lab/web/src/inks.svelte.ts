// The two inks of signs as pixels, read from the page's own colours, and again when the theme changes.
import type { Inks } from './lib/halftone';

export const inks = $state<Inks>({ pos: 0, neg: 0 });

let theme: string | undefined;

function read() {
  if (theme !== undefined && theme === document.documentElement.dataset.theme) return;
  theme = document.documentElement.dataset.theme ?? '';
  const style = getComputedStyle(document.documentElement);
  const pixel = (name: string) => {
    const v = parseInt(style.getPropertyValue(name).trim().slice(1), 16);
    return ((v & 0xff) << 16) | (v & 0xff00) | (v >> 16);
  };
  inks.pos = pixel('--pos');
  inks.neg = pixel('--neg');
}

read();
new MutationObserver(read).observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
