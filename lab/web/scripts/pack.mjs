// The page as the binary holds it: every file of dist/ as gzip, but for those that are compressed already. The file that the build asks
// after, index.html.gz, comes last.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

const from = 'dist';
const to = 'packed';

for (const name of readdirSync(to)) if (name !== 'README.md') rmSync(join(to, name), { recursive: true });
const names = readdirSync(from, { recursive: true, withFileTypes: true })
  .filter((e) => e.isFile() && e.name !== 'README.md')
  .map((e) => join(e.parentPath, e.name).slice(from.length + 1));
for (const name of names.sort((a, b) => Number(a === 'index.html') - Number(b === 'index.html'))) {
  const content = readFileSync(join(from, name));
  const file = join(to, name.endsWith('.woff2') ? name : name + '.gz');
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, file.endsWith('.gz') ? gzipSync(content, { level: 9 }) : content);
}
