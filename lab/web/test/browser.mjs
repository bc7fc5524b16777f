// The page in Debian's Chromium: node test/browser.mjs GRADUS [SHARD/SHARDS] [NAME…]. Starts `GRADUS lab` once and one browser, and uses the
// page as people do. NAME is a page such as 4-5-21 or a part of the suite such as rows. One line a test, one more for every check that
// failed; exit 1 if one did.
import { count, end, only, repeated, shard, shards } from './ground.mjs';
import { pages } from './pages.mjs';
import { rows } from './rows.mjs';
import { way } from './way.mjs';

// Parts by the shard that runs them; the pages are dealt to all.
const parts = [{ pages, way }, { rows }];

const dealt = ['pages', 'way'];

const began = performance.now();
const all = Object.assign({}, ...parts);
const asked = only.filter((n) => n in all);
for (const [name, part] of parts.flatMap((p, i) => Object.entries(p).map(([n, f]) => [n, f, i]))) {
  const here = dealt.includes(name) || parts.findIndex((p) => name in p) % shards === shard - 1;
  if (here && (only.length === 0 || asked.includes(name) || (name === 'pages' && asked.length < only.length))) await part();
}
await end();
for (const line of repeated()) console.log(line);
console.log(`${count.passed} passed, ${count.failed} failed in ${Math.round((performance.now() - began) / 1000)} s (${shard}/${shards})`);
process.exit(count.failed ? 1 : 0);
