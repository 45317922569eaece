/** Which calls have an Idempotency-Key, and what it is. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { newKey, takesKey } from '../src/key.ts';

interface Described {
  paths: Record<string, Record<string, { parameters?: { $ref?: string }[] }>>;
}

suite('A key', () => {
  test('is sent where the API’s description says that one is taken, and nowhere else', () => {
    const described = JSON.parse(
      readFileSync(new URL('../../../docs/openapi.people.json', import.meta.url), 'utf8'),
    ) as Described;
    for (const [path, operations] of Object.entries(described.paths)) {
      for (const [method, { parameters = [] }] of Object.entries(operations)) {
        const taken = parameters.some(({ $ref }) => $ref === '#/components/parameters/Idempotency-Key');

        assert.equal(takesKey(method.toUpperCase(), path), taken, `${method} ${path}`);
      }
    }
  });

  test('is another each time, where there is no randomUUID too', (t) => {
    const keys = [newKey(), newKey()];
    Object.defineProperty(crypto, 'randomUUID', { value: undefined, configurable: true });
    t.after(() => Reflect.deleteProperty(crypto, 'randomUUID'));
    keys.push(newKey(), newKey());

    assert.equal(new Set(keys).size, 4);
    assert.match(String(keys.at(-1)), /^[0-9a-f]{32}$/u);
  });
});
