/** Builds the scripts for pages without npm: one module with everything inside, and a module for each language. */

import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build, type OutputFile, type Plugin } from 'esbuild';
import { minify } from 'vite';
import { slimFetch } from './build/openapi-fetch.ts';
import { shortTemplates } from './build/templates.ts';
import { wordsInOrder } from './build/words.ts';

const SOURCES = fileURLToPath(new URL('src', import.meta.url));

/** The oldest browsers that the elements run in. */
const TARGET = ['chrome123', 'firefox128', 'safari17.5'];

/**
 * Members of the elements that only the elements use, and whose names stand nowhere else: not in words, not in templates,
 * not in the store, which two copies on a page share. Short names save some hundred bytes of a script.
 */
// biome-ignore lint/style/useUnicodeRegex: esbuild reads it by Go's rules, which have no such flag
const INNER = /^(announce|askToSignIn|might|organizationId|problemText|refused|signInButton|trouble)$/;

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
  const files = (await readdir(SOURCES, { recursive: true })).filter((file) => file.endsWith('.ts')).toSorted();
  const scripts = files
    .filter((file) => /^roster-[a-z-]+\.ts$/u.test(file))
    .map((file) => [basename(file, '.ts'), [file]]);
  // What is alike is shorter side by side: a compressor looks back no farther than 32 KB.
  const alike = files.filter((file) => /\bstyles\b/u.test(file) || /^words\/en\//u.test(file));
  for (const [name, sources] of [['roster', ['lit', ...alike, 'index.ts']], ...scripts] as [string, string[]][]) {
    for (const { path, text } of await bundled(name, sources, folder)) {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, basename(path) === `${name}.js` ? await smaller(path, text) : text);
    }
  }
}

/** A script that has what the last of some sources exports, and the others before it. */
async function bundled(name: string, sources: readonly string[], folder: string): Promise<readonly OutputFile[]> {
  const paths = sources.map((file) => JSON.stringify(file.endsWith('.ts') ? `./${file}` : file));
  const contents = [...paths.slice(0, -1).map((path) => `import ${path};`), `export * from ${paths.at(-1)};`].join(
    '\n',
  );
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: SOURCES, sourcefile: `script-${name}.ts`, loader: 'ts' },
    entryNames: name,
    outdir: folder,
    write: false,
    bundle: true,
    splitting: true,
    chunkNames: 'words/[name]-[hash]',
    format: 'esm',
    target: TARGET,
    conditions: ['source'],
    minify: true,
    mangleProps: INNER,
    legalComments: 'external',
    charset: 'utf8',
    plugins: [ownPolicy(), slimFetch, wordsInOrder, shortTemplates],
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
  return withShortNames(code);
}

/** The custom properties that are the elements' own, which begin with `--_`, by shorter names. */
function withShortNames(code: string): string {
  const names = [...new Set(code.match(/--_[a-z-]+/gu))];
  return code.replaceAll(/--_[a-z-]+/gu, (name) => `--_${names.indexOf(name).toString(36)}`);
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: { outdir: { type: 'string', default: fileURLToPath(new URL('dist/script', import.meta.url)) } },
  });
  await buildScripts(values.outdir);
  process.stdout.write(`${values.outdir}\n`);
}
