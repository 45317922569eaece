/** Builds the demo's app into dist/, from the sources of the elements and of the client. index.html is written last. */

import { cp, mkdir, readdir, rm } from 'node:fs/promises';
import { build } from 'esbuild';

const here = (path: string) => new URL(path, import.meta.url).pathname;
const PAGE = 'index.html';

await rm(here('dist'), { recursive: true, force: true });
await build({
  entryPoints: [here('src/app.ts')],
  outdir: here('dist'),
  bundle: true,
  splitting: true,
  format: 'esm',
  target: ['chrome123', 'firefox128', 'safari17.5'],
  conditions: ['source'],
  chunkNames: 'part-[hash]',
  minify: true,
  sourcemap: true,
  logLevel: 'warning',
});
await mkdir(here('dist'), { recursive: true });
const files = (await readdir(here('public'))).filter((name) => name !== PAGE);
for (const name of [...files, PAGE]) {
  await cp(here(`public/${name}`), here(`dist/${name}`));
}
