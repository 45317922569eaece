/** When a token is asked for, and what becomes of a call whose token is not taken. */

import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { clientWith } from '../src/client.ts';
import type { Client, GetToken } from '../src/index.ts';
import { Caller, proxy, Still } from './served.ts';

const UNAUTHORIZED = {
  status: 401,
  headers: { 'content-type': 'application/json' },
  body: '{"message":"Unauthorized"}',
};

/** A sign-in whose token has expired, until it is asked for a new one. */
class SignIn {
  readonly asked: ({ refresh: boolean } | undefined)[] = [];
  readonly timing = new Still();
  readonly client: Client;
  #token: Promise<string | null> = Promise.resolve('expired');

  constructor(renewal: () => Promise<string | null>) {
    const getToken: GetToken = (options) => {
      this.asked.push(options);
      if (options?.refresh) {
        this.#token = renewal();
      }
      return this.#token;
    };
    this.client = clientWith({ baseUrl: proxy.address, getToken }, this.timing);
  }

  get refreshes(): number {
    return this.asked.filter((options) => options?.refresh).length;
  }

  me(): Promise<unknown> {
    return this.client.GET('/me/organizations');
  }
}

suite('A token', () => {
  test('is asked for before each call', async () => {
    const host = new SignIn(async () => null);
    proxy.next({ status: 204 }, { status: 204 });
    await host.me();
    await host.me();

    assert.deepEqual(host.asked, [undefined, undefined]);
  });

  test('that has expired is asked for anew, once for all calls in flight', async () => {
    const host = new SignIn(() => new Caller().token);
    proxy.next();
    await Promise.all(Array.from({ length: 5 }, () => host.me()));

    assert.equal(host.refreshes, 1);
    assert.equal(proxy.asked.length, 10);
    assert.deepEqual(host.timing.waits, []);
  });

  test('that came while a call was in flight is taken by that call, too', async () => {
    const host = new SignIn(() => new Caller().token);
    const late = Promise.withResolvers<void>();
    proxy.next({ ...UNAUTHORIZED, after: late.promise });
    const arrival = proxy.arrival();
    const slow = host.me();
    await arrival;
    host.asked.length = 0;
    const quick = new SignIn(() => new Caller().token); // somebody else's calls have nothing to do with it
    await quick.me();
    const first = host.client.GET('/me/invitations');
    await first;
    late.resolve();
    await slow;

    assert.equal(host.refreshes, 1);
  });

  test('that has expired takes none of the other tries', async () => {
    const host = new SignIn(() => new Caller().token);
    const busy = { status: 503, body: '{"message":"Service Unavailable"}' };
    proxy.next(UNAUTHORIZED, busy, busy, busy);
    await host.me();

    assert.deepEqual(host.timing.waits, [250, 500, 1000]);
  });

  test('is asked for anew at each expiry', async () => {
    const host = new SignIn(() => new Caller().token);
    await host.me();
    proxy.next(UNAUTHORIZED);
    await host.me();

    assert.equal(host.refreshes, 2);
  });

  test('that is refused anew is a problem', async () => {
    const host = new SignIn(async () => 'expired, too');
    await assert.rejects(host.me(), { code: 'gateway', status: 401, detail: 'Unauthorized' });

    assert.equal(host.refreshes, 1);
  });

  test('that cannot be had anew leaves the problem that there was', async () => {
    for (const none of [async () => null, () => Promise.reject(new Error('offline'))]) {
      const host = new SignIn(none);
      await assert.rejects(host.me(), { code: 'gateway', status: 401, detail: 'Unauthorized' });
    }
  });

  test('is asked for anew where the network fails, before the second try, and once', async () => {
    const host = new SignIn(() => new Caller().token);
    proxy.next('lose the request', 'lose the request');
    await host.me();

    assert.deepEqual(host.asked, [undefined, { refresh: true }]);
    assert.equal(proxy.asked[0]?.headers.authorization, 'Bearer expired');
    assert.notEqual(proxy.asked[1]?.headers.authorization, 'Bearer expired');
    assert.deepEqual(host.timing.waits, [250, 500]);
  });

  test('that cannot be had anew where the network fails stays', async () => {
    const ann = new Caller();
    const getToken: GetToken = (options) => (options?.refresh ? Promise.reject(new Error('offline')) : ann.token);
    const client = clientWith({ baseUrl: proxy.address, getToken }, new Still());
    proxy.next('lose the request');

    assert.deepEqual((await client.GET('/me/organizations')).items, []);
  });

  test('of nobody, once the network has failed, ends the call', async () => {
    const host = new SignIn(async () => null);
    proxy.next('lose the request');
    await assert.rejects(host.me(), { code: 'gateway', status: 401 });

    assert.equal(proxy.asked.length, 1);
  });

  test('of nobody asks nothing but the preview', async () => {
    const client = clientWith({ baseUrl: proxy.address, getToken: async () => null }, new Still());
    proxy.next();
    await assert.rejects(client.GET('/me/organizations'), { code: 'gateway', status: 401, requestId: undefined });
    assert.equal(proxy.asked.length, 0);

    await assert.rejects(client.POST('/invitations/preview', { body: { token: 'a.b.c.d' } }), { code: 'not_found' });
    assert.equal(proxy.asked[0]?.headers.authorization, undefined);
  });

  test('that the host cannot give is the host’s own error', async () => {
    const getToken = () => Promise.reject(new Error('The host failed.'));
    const client = clientWith({ baseUrl: proxy.address, getToken }, new Still());

    await assert.rejects(client.GET('/me/organizations'), { name: 'Error', message: 'The host failed.' });
  });
});
