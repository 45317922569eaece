/** What a signal ends: all of it, at once. */

import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { clientWith } from '../src/client.ts';
import { createClient, type GetToken } from '../src/index.ts';
import { REAL } from '../src/waiting.ts';
import { Caller, proxy, Still } from './served.ts';

const REASON = new Error('The page was left.');

suite('A signal', () => {
  test('ends a call in flight, which is not tried again', async () => {
    const ann = new Caller();
    await ann.token;
    proxy.next('hold');
    const ending = new AbortController();
    const arrival = proxy.arrival();
    const call = ann.client.GET('/me/organizations', { signal: ending.signal });
    await arrival;
    ending.abort(REASON);

    await assert.rejects(call, REASON);
    assert.equal(proxy.asked.length, 1);
    assert.deepEqual(ann.timing.waits, []);
  });

  test('ends a wait', async () => {
    const ann = new Caller();
    proxy.next({ status: 429, headers: { 'retry-after': '10' } });
    const ending = new AbortController();
    const timing = {
      ...new Still(),
      sleep: (milliseconds: number, signal: AbortSignal) => {
        setImmediate(() => ending.abort(REASON));
        return REAL.sleep(milliseconds, signal);
      },
    };
    const client = clientWith({ baseUrl: proxy.address, getToken: () => ann.token }, timing);

    await assert.rejects(client.GET('/me/organizations', { signal: ending.signal }), REASON);
    assert.equal(proxy.asked.length, 1);
  });

  test('ends what waits for a token, new ones too', async () => {
    const never = new Promise<null>(() => undefined);
    const ask: GetToken[] = [() => never, (options) => (options?.refresh ? never : Promise.resolve('expired'))];
    for (const getToken of ask) {
      const signal = AbortSignal.timeout(50);
      const call = createClient({ baseUrl: proxy.address, getToken }).GET('/me/organizations', { signal });

      await assert.rejects(call, { name: 'TimeoutError' });
    }
  });

  test('that has ended leaves everything unasked', async () => {
    proxy.next();
    const getToken = () => assert.fail('it was asked');
    const call = createClient({ baseUrl: proxy.address, getToken }).GET('/me/organizations', {
      signal: AbortSignal.abort(REASON),
    });

    await assert.rejects(call, REASON);
    assert.equal(proxy.asked.length, 0);
  });

  test('ends a list between two pages', async () => {
    const ann = new Caller();
    const organization_id = await ann.organization();
    await ann.newcomer(organization_id);
    const ending = new AbortController();
    const members = ann.client.pages('/organizations/{organization_id}/members', {
      params: { path: { organization_id }, query: { limit: 1 } },
      signal: ending.signal,
    });
    await members.next();
    ending.abort(REASON);

    await assert.rejects(members.next(), REASON);
  });
});
