/**
 * A language in the order of its words. The keys stand in the elements already, and would be a quarter of the file.
 *
 * Each language has the areas and the keys of English in the same order; a test holds that.
 */

import { pathToFileURL } from 'node:url';
import type { Plugin } from 'esbuild';

/** Return a language's file, given by its path, as the elements load it. */
export async function inOrder(path: string): Promise<string> {
  const { translation } = await import(pathToFileURL(path).href);
  const areas = Object.entries(translation).map(([area, words]) => [area, Object.values(words as object)]);
  return `export const translation=${JSON.stringify(Object.fromEntries(areas))};`;
}

/** Build the languages so. Set `charset` to utf8: otherwise what is not ASCII takes six bytes. */
export const wordsInOrder: Plugin = {
  name: 'words in order',
  setup(build) {
    // biome-ignore lint/style/useUnicodeRegex: esbuild reads it by Go's rules, which have no such flag
    build.onLoad({ filter: /\/words\/[a-z]{2}\.ts$/ }, async ({ path }) => ({
      contents: await inOrder(path),
      loader: 'js',
    }));
  },
};
