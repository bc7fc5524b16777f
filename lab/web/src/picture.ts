// The figure as a picture of its own: what stands on the page, with its colours, its typeface and its marks written into it.
import { halftone, type Spot } from './lib/halftone';

export type Kind = 'svg' | 'png';
export interface Painted extends HTMLCanvasElement { spots?: Spot[]; most?: number }

const look = ['fill', 'stroke', 'stroke-width', 'stroke-dasharray', 'stroke-linecap', 'stroke-linejoin', 'opacity', 'font-size', 'font-weight', 'paint-order', 'text-anchor'];
const font = 'Pretendard';

// copy is an element with its look as attributes: outside the page no sheet of styles reaches it.
function copy(e: SVGElement): SVGElement {
  const c = e.cloneNode(false) as SVGElement;
  const style = getComputedStyle(e);
  c.removeAttribute('class');
  c.removeAttribute('style');
  for (const p of look) if (!(e instanceof SVGSVGElement) && !(e instanceof SVGClipPathElement)) c.setAttribute(p, style.getPropertyValue(p));
  for (const child of e.childNodes) {
    if (child instanceof SVGElement) c.append(copy(child));
    else if (child.nodeType === Node.TEXT_NODE) c.append(child.cloneNode());
  }
  return c;
}

const escape = (s: string) => s.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const ink = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

// words are the texts that stand about a figure as parts of the page, each where it stands.
function words(root: Element, box: DOMRect): string {
  const walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  let out = '';
  while (walk.nextNode()) {
    const [node, parent] = [walk.currentNode, walk.currentNode.parentElement!];
    if (parent.closest('svg, .hidden, [hidden], .link, table') || !node.textContent?.trim()) continue;
    range.selectNodeContents(node);
    const r = range.getBoundingClientRect();
    const style = getComputedStyle(parent);
    if (!r.width) continue;
    out += `<text x="${(r.left - box.left).toFixed(1)}" y="${(r.top - box.top + r.height / 2).toFixed(1)}" dominant-baseline="central" font-size="${style.fontSize}" font-weight="${style.fontWeight}" font-style="${style.fontStyle}" fill="${style.color}" stroke="${ink('--paper')}" stroke-width="4" stroke-linejoin="round" paint-order="stroke">${escape(node.textContent.trim())}</text>`;
  }
  return out;
}

// fields are the marks of a canvas as paths.
function fields(canvas: Painted, box: DOMRect): string {
  const r = canvas.getBoundingClientRect();
  const faint = getComputedStyle(canvas.parentElement!).opacity;
  const parts = (canvas.spots ?? []).map((s) => {
    const h = halftone(s.of, s.width, s.height, canvas.most ?? 0.44, s.k);
    const dots = h.dots.map((p) => `<path d="${p.d}" stroke="${ink('--pos')}" stroke-width="${p.r.toFixed(2)}" stroke-linecap="round"/>`);
    const dashes = h.dashes.map((p) => `<path d="${p.d}" stroke="${ink('--neg')}" stroke-width="${p.w.toFixed(2)}"/>`);
    return `<g transform="translate(${(r.left - box.left + s.x).toFixed(1)} ${(r.top - box.top + s.y).toFixed(1)})">${dots.join('')}${dashes.join('')}</g>`;
  });
  return `<g fill="none" opacity="${faint}">${parts.join('')}</g>`;
}

// typeface is the page's own, to go with the picture: on another machine there may be none for Hangul.
async function typeface(): Promise<string> {
  const bytes = new Uint8Array(await (await fetch(new URL('pretendard.woff2', document.baseURI))).arrayBuffer());
  let text = '';
  for (let i = 0; i < bytes.length; i += 0x8000) text += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  return `<style>@font-face{font-family:${font};font-weight:45 920;src:url(data:font/woff2;base64,${btoa(text)}) format("woff2")}</style>`;
}

// drawn is the figures of the page as one SVG.
async function drawn(): Promise<{ text: string; width: number; height: number }> {
  const root = document.querySelector('.figures')!;
  const box = root.getBoundingClientRect();
  const parts: string[] = [];
  let bottom = 0;
  for (const svg of root.querySelectorAll<SVGSVGElement>('svg[data-picture]')) {
    const r = svg.getBoundingClientRect();
    const c = copy(svg);
    c.setAttribute('x', (r.left - box.left).toFixed(1));
    c.setAttribute('y', (r.top - box.top).toFixed(1));
    c.setAttribute('overflow', 'visible');
    const around = svg.parentElement!.parentElement!;
    const marks = [...svg.parentElement!.querySelectorAll<Painted>('canvas')].map((canvas) => fields(canvas, box)).join('');
    const lines = new XMLSerializer().serializeToString(c);
    parts.push(svg.dataset.picture === 'net' ? lines + marks : marks + lines, words(around, box));
    bottom = Math.max(bottom, around.getBoundingClientRect().bottom - box.top);
  }
  const [width, height] = [Math.ceil(box.width) + 48, Math.ceil(bottom) + 48];
  const open = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-24 -24 ${width} ${height}" width="${width}" height="${height}" font-family="${font}, 'Malgun Gothic', sans-serif" font-size="13">`;
  return { text: `${open}${await typeface()}<rect x="-24" y="-24" width="${width}" height="${height}" fill="${ink('--paper')}"/>${parts.join('')}</svg>`, width, height };
}

export async function picture(kind: Kind): Promise<Blob> {
  const p = await drawn();
  if (kind === 'svg') return new Blob([p.text], { type: 'image/svg+xml' });
  const image = new Image();
  image.src = 'data:image/svg+xml;charset=utf-8,' + encodeURIComponent(p.text);
  await image.decode();
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [2 * p.width, 2 * p.height];
  canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => canvas.toBlob((b) => (b ? resolve(b) : reject(new Error('png'))), 'image/png'));
}
