/** Each problem, as the served system says it, narrowed by its code. */

import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Problem } from '../src/index.ts';
import { advance, Caller, linkTo, onPlan, proxy } from './served.ts';

const INVITATIONS = '/organizations/{organization_id}/invitations';
const INVITATION = '/organizations/{organization_id}/invitations/{invitation_id}';
const ORGANIZATION = '/organizations/{organization_id}';

type Narrowed = { [C in Problem['code']]: Extract<Problem, { code: C }> };

async function refused(call: Promise<unknown>): Promise<Problem> {
  const error: unknown = await call.then(
    () => assert.fail('it was done'),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof Problem && error instanceof Error, String(error));
  return error;
}

/** Ann's organization. */
async function founded(
  plan?: string,
): Promise<{ ann: Caller; organization_id: string; path: { organization_id: string } }> {
  const ann = new Caller();
  const organization_id = await ann.organization();
  if (plan) {
    await onPlan(organization_id, plan);
  }
  return { ann, organization_id, path: { organization_id } };
}

async function invited(): Promise<{
  ann: Caller;
  bob: Caller;
  path: { organization_id: string; invitation_id: string };
}> {
  const { ann, organization_id } = await founded();
  const bob = new Caller();
  const invitation_id = await ann.invite(organization_id, bob.email);
  return { ann, bob, path: { organization_id, invitation_id } };
}

/** How each comes about, and what can be read of it once the code is known. A code without an entry does not compile. */
const STORIES: { [C in Problem['code']]: [() => Promise<Problem>, (problem: Narrowed[C]) => unknown, unknown] } = {
  malformed_request: [
    () => refused(new Caller().client.GET('/me/organizations', { params: { query: { cursor: 'none' } } })),
    (problem) => problem.status,
    400,
  ],
  forbidden: [
    async () => {
      const { ann, organization_id } = await founded();
      return refused((await ann.newcomer(organization_id)).invite(organization_id, 'eve@example.com'));
    },
    ({ reason, permission }) => [reason, permission],
    ['permission_missing', 'invitations:manage'],
  ],
  email_not_verified: [
    () => refused(new Caller({ email_verified: false }).client.GET('/me/invitations')),
    (problem) => problem.status,
    403,
  ],
  not_found: [
    async () => {
      const { path } = await founded();
      return refused(new Caller().client.GET(ORGANIZATION, { params: { path } }));
    },
    ({ title }) => title,
    'There is no such thing',
  ],
  already_member: [
    async () => {
      const { ann, organization_id } = await founded();
      return refused(ann.invite(organization_id, (await ann.newcomer(organization_id)).email));
    },
    ({ user_id }) => typeof user_id,
    'string',
  ],
  already_invited: [
    async () => {
      const { ann, bob, path } = await invited();
      return refused(ann.invite(path.organization_id, bob.email));
    },
    (problem) => problem.status,
    409,
  ],
  last_owner: [
    async () => {
      const { ann, path } = await founded();
      return refused(ann.client.POST('/organizations/{organization_id}/leave', { params: { path } }));
    },
    (problem) => problem.status,
    409,
  ],
  not_pending: [
    async () => {
      const { ann, bob, path } = await invited();
      await bob.client.POST(`${INVITATION}/decline`, { params: { path }, body: {} });
      return refused(ann.client.DELETE(INVITATION, { params: { path } }));
    },
    ({ invitation_status }) => invitation_status,
    'declined',
  ],
  conflict: [
    async () => {
      const { bob, path } = await invited();
      return refused(bob.client.POST(`${INVITATION}/accept`, { params: { path }, body: { roles: ['admin'] } }));
    },
    ({ roles }) => roles,
    ['viewer'],
  ],
  plan_limit: [
    async () => {
      const { ann, organization_id } = await founded();
      return refused(ann.invite(organization_id, 'eve@example.com', 'owner'));
    },
    ({ limit, maximum, plan }) => [limit, maximum, plan],
    ['owners', 1, 'free'],
  ],
  invitation_expired: [
    async () => {
      const { bob, path } = await invited();
      await advance('P8D');
      return refused(bob.join(path.organization_id, path.invitation_id));
    },
    (problem) => problem.status,
    410,
  ],
  invitation_void: [
    async () => {
      const { ann, organization_id } = await founded();
      const admin = await ann.newcomer(organization_id, 'admin');
      const bob = new Caller();
      const invitation_id = await admin.invite(organization_id, bob.email);
      const params = { path: { organization_id, user_id: admin.name } };
      await ann.client.DELETE('/organizations/{organization_id}/members/{user_id}', { params });
      return refused(bob.join(organization_id, invitation_id));
    },
    (problem) => problem.status,
    410,
  ],
  link_replaced: [
    async () => {
      const { ann, bob, path } = await invited();
      const token = await linkTo(bob.email);
      await ann.client.POST(`${INVITATION}/resend`, { params: { path }, body: {} });
      return refused(bob.client.POST('/invitations/preview', { body: { token } }));
    },
    ({ organization_name }) => organization_name,
    'Acme',
  ],
  precondition_failed: [
    async () => {
      const { ann, path } = await founded();
      const { etag } = await ann.client.GET(ORGANIZATION, { params: { path } });
      await ann.client.PATCH(ORGANIZATION, { params: { path }, ifMatch: etag, body: { name: 'Beta' } });
      return refused(ann.client.PATCH(ORGANIZATION, { params: { path }, ifMatch: etag, body: { name: 'Gamma' } }));
    },
    (problem) => problem.status,
    412,
  ],
  too_large: [
    () => refused(new Caller().client.POST('/organizations', { body: { name: 'x'.repeat(70_000) } })),
    (problem) => problem.status,
    413,
  ],
  invalid_request: [
    () => refused(new Caller().client.POST('/organizations', { body: { name: '' } })),
    ({ errors }) => errors.map(({ field }) => field),
    ['name'],
  ],
  idempotency_key_reused: [
    async () => {
      const { client } = new Caller();
      await client.POST('/organizations', { body: { name: 'Acme' }, idempotencyKey: 'one' });
      return refused(client.POST('/organizations', { body: { name: 'Beta' }, idempotencyKey: 'one' }));
    },
    (problem) => problem.status,
    422,
  ],
  too_many_requests: [
    async () => {
      const ann = new Caller();
      for (let organizations = 0; organizations < 10; organizations += 1) {
        await ann.organization();
      }
      return refused(ann.organization());
    },
    ({ limit, retryAfter }) => [limit, (retryAfter ?? 0) > 10],
    ['organizations_per_day', true],
  ],
  try_again: [
    () => {
      const body = '{"code":"try_again","status":503,"detail":"Wait.","request_id":"r1"}';
      proxy.next({ status: 503, headers: { 'retry-after': '60' }, body });
      return refused(new Caller().client.GET('/me/organizations'));
    },
    ({ requestId, retryAfter }) => [requestId, retryAfter],
    ['r1', 60],
  ],
  gateway: [
    () => refused(new Caller().client.GET('/me' as '/me/organizations')),
    ({ status, detail }) => [status, detail],
    [404, 'Not Found'],
  ],
  network: [
    async () => {
      proxy.next('lose the request', 'lose the request', 'lose the request', 'lose the request');
      return refused(new Caller().client.GET('/me/organizations'));
    },
    ({ status, requestId, reason }) => [status, requestId, reason],
    [0, undefined, undefined],
  ],
};

suite('A problem', () => {
  for (const [code, [story, read, expected]] of Object.entries(STORIES)) {
    test(`is narrowed by its code: ${code}`, async () => {
      proxy.next();
      const problem = await story();

      assert.equal(problem.code, code);
      assert.equal(problem.name, 'Problem');
      assert.ok(problem.message.startsWith(`${code}: `) && problem.detail);
      assert.ok(problem.requestId || code === 'network');
      assert.deepEqual(read(problem as never), expected);
    });
  }

  test('of another copy of the client is a problem', () => {
    const another = Object.assign(new Error('gateway'), { name: 'Problem', code: 'gateway' });

    assert.ok(another instanceof Problem);
    assert.ok(!(new Error('gateway') instanceof Problem));
  });

  test('in a batch stands in the row of its address', async () => {
    const { ann, path } = await founded();
    const invitations = [
      { email: 'bob@example.com', roles: ['viewer'] },
      { email: ann.email, roles: ['viewer'] },
    ];
    const { results } = await ann.client.POST(`${INVITATIONS}/batch`, { params: { path }, body: { invitations } });

    assert.deepEqual(
      results.map((row) => ('problem' in row ? row.problem.code : row.invitation.status)),
      ['pending', 'already_member'],
    );
  });

  test('does not come of a user id with other signs than letters', async () => {
    const { ann, organization_id } = await founded();
    const bob = new Caller({ sub: 'auth0|47+11' });
    await bob.join(organization_id, await ann.invite(organization_id, bob.email));
    const params = { path: { organization_id, user_id: bob.name } };

    assert.equal(
      (await ann.client.GET('/organizations/{organization_id}/members/{user_id}', { params })).user_id,
      bob.name,
    );
  });
});
