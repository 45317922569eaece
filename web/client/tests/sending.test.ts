/** What is tried again, after how long, with which key. */

import assert from 'node:assert/strict';
import { beforeEach, suite, test } from 'node:test';
import { Problem } from '../src/index.ts';
import type { Fault } from './proxy.ts';
import { Caller, proxy } from './served.ts';

const GATEWAY = { 'content-type': 'application/json', 'apigw-requestid': 'r1' };
const BUSY = {
  status: 503,
  headers: { 'content-type': 'application/problem+json', 'retry-after': '1' },
  body: JSON.stringify({ status: 503, code: 'try_again', detail: 'Wait.', request_id: 'r1' }),
};

const throttled = (retryAfter?: string): Fault => ({
  status: 429,
  headers: { ...GATEWAY, ...(retryAfter === undefined ? {} : { 'retry-after': retryAfter }) },
  body: '{"message":"Too Many Requests"}',
});

suite('A call', () => {
  let ann: Caller;
  let organization_id: string;

  beforeEach(async () => {
    ann = new Caller();
    organization_id = await ann.organization();
    proxy.next();
  });

  async function sent(): Promise<number> {
    const events = ann.client.pages('/organizations/{organization_id}/activity', {
      params: { path: { organization_id }, query: { type: 'invitation.sent' } },
    });
    return (await Array.fromAsync(events)).length;
  }

  const read = () => ann.client.GET('/organizations/{organization_id}', { params: { path: { organization_id } } });

  for (const fault of ['lose the request', 'lose the answer', 'cut the answer'] as const) {
    test(`invites once, whatever is lost: ${fault}`, async () => {
      proxy.next(fault);
      const id = await ann.invite(organization_id, 'bob@example.com');

      const keys = proxy.asked.map(({ headers }) => headers['idempotency-key']);
      assert.equal(keys.length, 2);
      assert.ok(keys[0]);
      assert.equal(keys[0], keys[1]);
      assert.equal(await sent(), 1);
      const params = { path: { organization_id } };
      const page = await ann.client.GET('/organizations/{organization_id}/invitations', { params });
      assert.deepEqual(
        page.items.map((each) => each.id),
        [id],
      );
    });
  }

  test('has a key of its own', async () => {
    await ann.invite(organization_id, 'bob@example.com');
    await ann.invite(organization_id, 'eve@example.com');

    const [first, second] = proxy.asked.map(({ headers }) => headers['idempotency-key']);
    assert.notEqual(first, second);
  });

  test('with the key of another does nothing more', async () => {
    const params = { path: { organization_id } };
    const body = { email: 'bob@example.com', roles: ['viewer'] };
    const init = { params, body, idempotencyKey: 'one-intent' };
    const first = await ann.client.POST('/organizations/{organization_id}/invitations', init);

    assert.deepEqual(await ann.client.POST('/organizations/{organization_id}/invitations', init), first);
    assert.equal(await sent(), 1);
  });

  test('waits up to half a second, one, and two before it is tried again, and then gives up', async () => {
    proxy.next(throttled(), throttled(), throttled(), throttled());
    await assert.rejects(read(), {
      name: 'Problem',
      code: 'gateway',
      status: 429,
      detail: 'Too Many Requests',
      requestId: 'r1',
    });

    assert.deepEqual(ann.timing.waits, [250, 500, 1000]);
    assert.equal(proxy.asked.length, 4);
  });

  test('waits for the seconds of a Retry-After, and a little more', async () => {
    proxy.next(throttled('7'), BUSY);
    await read();

    assert.deepEqual(ann.timing.waits, [7250, 1500]);
  });

  test('waits until the date of a Retry-After, and a little more', async () => {
    proxy.next(
      throttled('Sat, 31 Jan 2026 12:00:09 GMT'),
      throttled('Sat, 31 Jan 2026 11:00:00 GMT'),
      throttled('soon'),
    );
    await read();

    assert.deepEqual(ann.timing.waits, [9250, 500, 1000]);
  });

  for (const later of ['11', 'Sat, 31 Jan 2026 12:00:11 GMT']) {
    test(`does not wait longer than ten seconds: ${later}`, async () => {
      proxy.next(throttled(later));
      await assert.rejects(read(), { code: 'gateway', status: 429, retryAfter: 11 });

      assert.deepEqual(ann.timing.waits, []);
    });
  }

  test('never waits for a new day', async () => {
    const params = (invitation_id: string) => ({ params: { path: { organization_id, invitation_id } } });
    for (let sends = 0; sends < 5; sends += 1) {
      const id = await ann.invite(organization_id, 'bob@example.com');
      await ann.client.DELETE('/organizations/{organization_id}/invitations/{invitation_id}', params(id));
    }
    proxy.next();
    const refusal = { code: 'too_many_requests', limit: 'invitations_per_address' };
    await assert.rejects(ann.invite(organization_id, 'bob@example.com'), refusal);

    assert.equal(proxy.asked.length, 1);
    assert.deepEqual(ann.timing.waits, []);
  });

  for (const status of [500, 502, 504]) {
    test(`is not tried again where that is not known to help: ${status}`, async () => {
      proxy.next({ status, body: '<html>' });
      await assert.rejects(read(), { code: 'gateway', status });

      assert.equal(proxy.asked.length, 1);
    });
  }

  test('is tried again without a key where none is taken', async () => {
    proxy.next('lose the answer');
    const { decisions } = await ann.client.POST('/organizations/{organization_id}/access', {
      params: { path: { organization_id } },
      body: { permissions: ['invitations:manage'] },
    });

    assert.deepEqual(decisions, [{ permission: 'invitations:manage', allowed: true, reason: 'granted' }]);
    assert.deepEqual(
      proxy.asked.map(({ headers }) => headers['idempotency-key']),
      [undefined, undefined],
    );
  });

  test('that the network fails is a problem, with what failed as its cause', async () => {
    proxy.next('lose the request', 'lose the request', 'lose the request', 'lose the request');
    const error: unknown = await read().catch((thrown: unknown) => thrown);

    assert.ok(error instanceof Problem && error.code === 'network');
    assert.equal(error.status, 0);
    assert.ok(error.cause instanceof TypeError);
  });

  test('that is answered with no JSON is a problem', async () => {
    proxy.next({ status: 200, headers: { 'content-type': 'text/html' }, body: '<html>' });

    await assert.rejects(read(), { name: 'Problem', code: 'gateway', status: 200 });
  });
});
