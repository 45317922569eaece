/** Builds the scripts for pages without npm: one module with everything inside, and a module for each language. */

import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build, type OutputFile, type Plugin } from 'esbuild';
import { minify } from 'vite';
import { shortTemplates } from './build/templates.ts';
import { wordsInOrder } from './build/words.ts';

const SOURCES = fileURLToPath(new URL('src', import.meta.url));

/** The oldest browsers that the elements run in. */
const TARGET = ['chrome123', 'firefox128', 'safari17.5'];

const POLICY = 'createPolicy("lit-html"';

/**
 * Gives the Trusted Types policy of this copy of Lit a name of its own. A page that allows `lit-html` once would else
 * stop at the second Lit, and the page may well have one.
 */
const ownPolicy = (): Plugin => ({
  name: 'own-policy',
  setup({ onLoad, onEnd }) {
    let renamed = 0;
    // biome-ignore lint/style/useUnicodeRegex: esbuild reads it by Go's rules, which have no such flag
    onLoad({ filter: /[/\\]lit-html[/\\]lit-html\.js$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      renamed += source.split(POLICY).length - 1;
      return { contents: source.replace(POLICY, 'createPolicy("roster"') };
    });
    onEnd(() => {
      const text = `lit-html makes ${renamed} Trusted Types policies, where one is to be renamed`;
      return renamed === 1 ? null : { errors: [{ text }] };
    });
  },
});

/** Builds `roster.js`, and a script for each element alone. The languages are the same in all, and lie in `words/`. */
export async function buildScripts(folder: string): Promise<void> {
  await rm(join(folder, 'words'), { recursive: true, force: true }); // named by what is in them, they would pile up
  const elements = (await readdir(SOURCES)).filter((file) => /^roster-.+\.ts$/u.test(file));
  for (const file of ['index.ts', ...elements]) {
    const name = file === 'index.ts' ? 'roster' : basename(file, '.ts');
    for (const { path, text } of await bundled(name, file, folder)) {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, basename(path) === `${name}.js` ? await smaller(path, text) : text);
    }
  }
}

async function bundled(name: string, file: string, folder: string): Promise<readonly OutputFile[]> {
  const { outputFiles } = await build({
    entryPoints: { [name]: join(SOURCES, file) },
    outdir: folder,
    write: false,
    bundle: true,
    splitting: true,
    chunkNames: 'words/[name]-[hash]',
    format: 'esm',
    target: TARGET,
    conditions: ['source'],
    minify: true,
    legalComments: 'external',
    charset: 'utf8',
    plugins: [ownPolicy(), wordsInOrder, shortTemplates],
    logLevel: 'warning',
  });
  return outputFiles;
}

/** A script once more through another minifier, which finds two hundredths that the first has left. */
async function smaller(path: string, text: string): Promise<string> {
  const options = { module: true, compress: { target: TARGET }, mangle: { toplevel: true } };
  const { code, errors } = await minify(path, text, { ...options, codegen: { removeWhitespace: true } });
  if (errors.length > 0) {
    throw new Error(`${path} cannot be minified: ${JSON.stringify(errors)}`);
  }
  return code;
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: { outdir: { type: 'string', default: fileURLToPath(new URL('dist/script', import.meta.url)) } },
  });
  await buildScripts(values.outdir);
  process.stdout.write(`${values.outdir}\n`);
}
