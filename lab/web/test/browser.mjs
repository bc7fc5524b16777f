// The page in Debian's Chromium: node test/browser.mjs GRADUS [SHARD/SHARDS] [NAME…]. Starts `GRADUS lab` once and one browser, and uses the
// page as people do. NAME is a page such as 4-5-21 or a part of the suite such as rows. One line a test, one more for every check that
// failed; exit 1 if one did.
import { address } from './address.mjs';
import { data } from './data.mjs';
import { frames } from './frames.mjs';
import { count, end, only, repeated, shard, shards } from './ground.mjs';
import { hostile, requests } from './hostile.mjs';
import { keys } from './keys.mjs';
import { measures } from './measures.mjs';
import { media } from './media.mjs';
import { pages } from './pages.mjs';
import { playground } from './playground.mjs';
import { paper, print } from './print.mjs';
import { rows } from './rows.mjs';
import { way } from './way.mjs';

// dealt parts run on every shard, each with its share of the pages; the others on one of them, in turn.
const dealt = { pages, way, media, print };
const turns = [{ address, keys, paper, measures }, { rows, frames, hostile, data, playground }];

const began = performance.now();
const names = Object.keys({ ...dealt, ...Object.assign({}, ...turns) });
const asked = only.filter((n) => names.includes(n));
const wanted = (name) => only.length === 0 || asked.includes(name) || (name === 'pages' && asked.length < only.length);
const here = turns.filter((_, i) => i % shards === shard - 1);
for (const [name, part] of [dealt, ...here].flatMap(Object.entries)) if (wanted(name)) await part();
await requests();
await end();
for (const line of repeated()) console.log(line);
console.log(`${count.passed} passed, ${count.failed} failed in ${Math.round((performance.now() - began) / 1000)} s (${shard}/${shards})`);
process.exit(count.failed ? 1 : 0);
