/** The scripts' part of openapi-fetch: it asks what openapi-fetch would ask, and reads answers as it does. */

import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import whole from 'openapi-fetch';
import part from '../build/openapi-fetch.ts';

type Options = Omit<Parameters<ReturnType<typeof part>['request']>[2], 'fetch'>;

const PATHS = ['/me', '/organizations/{organization_id}/members/{user_id}'];
const CALLS: Options[] = [
  {},
  { params: { path: { organization_id: 'o', user_id: 'auth0|5 ü/%$&' } }, headers: { 'if-match': '"e"' } },
  { params: { query: { query: 'a b&c=ä', limit: 25, cursor: undefined, none: null, flag: false, empty: '' } } },
  { params: { query: { type: ['a', 'b c'], no: [] } }, parseAs: 'text' },
  { body: { name: 'Ä', roles: [] }, headers: { 'idempotency-key': 'k' } },
  { body: null },
];
const ANSWERS: [body: string | null, init: ResponseInit][] = [
  [null, { status: 204 }],
  ['{"items":[1]}', { status: 200 }],
  ['{"items":[1]}', { status: 200, headers: { 'content-length': '13' } }],
  ['"text"', { status: 201, headers: { etag: '"e"' } }],
  ['', { status: 200 }],
];

async function asked(request: Request) {
  const { method, url, headers, redirect } = request;
  return { method, url, headers: [...headers], redirect, body: await request.text() };
}

/** What each of the two asks and returns, for a call that is answered so. */
async function both(method: string, path: string, options: Options, [body, init]: (typeof ANSWERS)[number]) {
  const outcomes: unknown[] = [];
  for (const make of [whole, part] as unknown as (typeof part)[]) {
    let sent: unknown;
    const { data, response } = await make({ baseUrl: 'https://api.example.com/v1/' }).request(method, path, {
      parseAs: 'json',
      ...options,
      fetch: async (request) => {
        sent = await asked(request);
        return new Response(body, init);
      },
    });
    outcomes.push({ sent, data, status: response.status, headers: [...response.headers] });
  }
  return outcomes;
}

suite('The part of openapi-fetch that is in the scripts', () => {
  test('asks and returns the same', async () => {
    for (const path of PATHS) {
      for (const options of CALLS) {
        for (const answer of ANSWERS) {
          const method = options.body === undefined ? 'get' : 'patch';

          const [expected, actual] = await both(method, path, options, answer);

          assert.deepEqual(actual, expected);
        }
      }
    }
  });

  test('stops with its signal, and throws what it cannot read', async () => {
    const { request } = part({ baseUrl: 'https://api.example.com' });
    const signal = AbortSignal.abort();

    let stopped: boolean | undefined;
    await request('get', '/me', {
      signal,
      fetch: async (each) => {
        stopped = each.signal.aborted;
        return new Response(null);
      },
    });

    assert.equal(stopped, true);
    await assert.rejects(request('get', '/me', { fetch: async () => new Response('<html>') }), SyntaxError);
  });
});
