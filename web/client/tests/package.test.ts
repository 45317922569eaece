/** The package, as others get it: what it weighs, and that a new project compiles with it. */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { after, suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const CLIENT = fileURLToPath(new URL('..', import.meta.url));
const MODULES = join(CLIENT, '../node_modules');
const folder = mkdtempSync(join(tmpdir(), 'roster-client-'));
after(() => rmSync(folder, { recursive: true }));

const tsc = (...args: string[]): string =>
  execFileSync(process.execPath, [join(MODULES, 'typescript/bin/tsc'), ...args], { cwd: folder, encoding: 'utf8' });

async function bundled(contents: string): Promise<Uint8Array> {
  const stdin = { contents, resolveDir: join(CLIENT, 'src'), loader: 'ts' } as const;
  const { outputFiles } = await build({
    stdin,
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    write: false,
  });
  return outputFiles[0]?.contents ?? assert.fail('nothing was built');
}

suite('The package', () => {
  test('is at most 5 KB, with what it needs', async () => {
    const size = gzipSync(await bundled("export * from './index.ts';"), { level: 9 }).length;

    assert.ok(size <= 5 * 1024, `${size} bytes`);
  });

  test('does nothing when it is imported', async () => {
    assert.equal((await bundled("import './index.ts';")).length, 0);
  });

  test('compiles in a new project, its own types looked at too', () => {
    const installed = join(folder, 'node_modules/@roster/client');
    mkdirSync(installed, { recursive: true });
    tsc('--project', join(CLIENT, 'tsconfig.build.json'), '--outDir', join(installed, 'dist'));
    symlinkSync(join(MODULES, 'openapi-fetch'), join(folder, 'node_modules/openapi-fetch'));
    symlinkSync(join(CLIENT, 'package.json'), join(installed, 'package.json'));
    writeFileSync(join(folder, 'package.json'), '{"type": "module"}');
    writeFileSync(
      join(folder, 'app.ts'),
      `import { createClient, Problem } from '@roster/client';
       const client = createClient({ baseUrl: 'https://api.example.com', getToken: async () => null });
       export const ids: string[] = (await client.GET('/me/organizations')).items.map((each) => each.organization.id);
       export const limit = (error: unknown) => error instanceof Problem && error.code === 'plan_limit' && error.limit;
      `,
    );
    const strict = [
      '--strict',
      '--exactOptionalPropertyTypes',
      '--target',
      'es2022',
      '--lib',
      'es2023,dom,dom.iterable',
    ];
    assert.equal(tsc('app.ts', '--noEmit', ...strict, '--module', 'nodenext').trim(), '');
  });
});
