// The page in Debian's Chromium: node test/browser.mjs GRADUS [SHARD/SHARDS] [PAGE…]. Starts `GRADUS lab` once and one browser, and walks
// the page as its users do. One line a test, one more for every check that failed; exit 1 if one did.
import { count, end, only, repeated, shard, shards, wanted } from './ground.mjs';
import { pages } from './pages.mjs';

const began = performance.now();
await pages();
await end();
for (const line of repeated()) console.log(line);
console.log(`${count.passed} passed, ${count.failed} failed, ${Math.round((performance.now() - began) / 1000)} s (${shard}/${shards}, ${wanted.length} pages${only.length ? ' asked for' : ''})`);
process.exit(count.failed ? 1 : 0);
