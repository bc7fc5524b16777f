// Cuts Pretendard (OFL-1.1) to the letters that a page of the lab can show: the 2,350 syllables of KS X 1001, Latin, Greek, signs of
// mathematics; and KaTeX's italic (MIT) to the letters of variables. Written into public/, once.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import subset from 'subset-font';

const out = 'public/';
mkdirSync(out, { recursive: true });

function range(from, to) {
  let s = '';
  for (let c = from; c <= to; c++) s += String.fromCodePoint(c);
  return s;
}

// hangul is KS X 1001's syllables, decoded from the rows of EUC-KR.
function hangul() {
  const decoder = new TextDecoder('euc-kr');
  let s = '';
  for (let row = 0xb0; row <= 0xc8; row++) for (let cell = 0xa1; cell <= 0xfe; cell++) s += decoder.decode(new Uint8Array([row, cell]));
  return s.replaceAll('\ufffd', '');
}

const signs = 'ˆ̂̄′″‰–—‘’“”†•…⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿᵀᵗᵢⱼₖₙₜ₀₁₂₃₄₅₆₇₈₉₊₋←↑→↓↔⇒∀∂∇∈∏∑−∓√∝∞∫≈≠≤≥⋅·×÷±½¼¾△▲▼▽◆◇■□●○★☆✓✕①②③④⑤⑥⑦⑧⑨℃µ½→⏮⏪▶⏩㎍「」、。';
const letters = range(0x20, 0x7e) + range(0xa0, 0xff) + range(0x391, 0x3c9) + range(0x3131, 0x3163) + signs + hangul();

async function cut(from, to, text) {
  if (existsSync(out + to)) return;
  const font = await subset(readFileSync(from), text, { targetFormat: 'woff2' });
  writeFileSync(out + to, font);
  console.log(`${to}: ${Math.round(font.length / 1000)} kB`);
}

await cut('node_modules/pretendard/dist/web/variable/woff2/PretendardVariable.woff2', 'pretendard.woff2', letters);
await cut('node_modules/katex/dist/fonts/KaTeX_Math-Italic.woff2', 'italic.woff2', range(0x41, 0x5a) + range(0x61, 0x7a) + range(0x391, 0x3c9) + '∂ϵ');
