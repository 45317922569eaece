/** Writes custom-elements.json and docs/elements.md from the sources. With --check, tells whether they are as they would be written. */

import { readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { manifest } from './manifest.ts';
import { page } from './page.ts';

const made = manifest();
const files = {
  '../custom-elements.json': `${JSON.stringify(made, null, 2)}\n`,
  '../../../docs/elements.md': page(made),
};
for (const [name, content] of Object.entries(files)) {
  const file = fileURLToPath(new URL(name, import.meta.url));
  if (!process.argv.includes('--check')) {
    writeFileSync(file, content);
  } else if (readFileSync(file, 'utf8') !== content) {
    process.stderr.write(`${file} is not as the sources say: run \`make record\`.\n`);
    process.exitCode = 1;
  }
}
