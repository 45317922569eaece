/** Lists over all pages, and the export over all parts. */

import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Caller, proxy } from './served.ts';

suite('Pages', () => {
  test('give everything, over empty ones too', async () => {
    const ann = new Caller();
    const organization_id = await ann.organization();
    await ann.invite(organization_id, 'bob@example.com');
    const invitation_id = await ann.invite(organization_id, 'eve@example.com');
    await ann.invite(organization_id, 'dan@example.com');
    await ann.client.DELETE('/organizations/{organization_id}/invitations/{invitation_id}', {
      params: { path: { organization_id, invitation_id } },
    });
    proxy.next();
    const canceled = ann.client.pages('/organizations/{organization_id}/invitations', {
      params: { path: { organization_id }, query: { status: 'canceled', limit: 1 } },
    });

    assert.deepEqual(
      (await Array.fromAsync(canceled)).map((each) => each.email),
      ['eve@example.com'],
    );
    assert.ok(proxy.asked.length > 2, 'no page was empty');
    assert.ok(proxy.asked.every(({ path }) => path.includes('status=canceled') && path.includes('limit=1')));
  });

  test('are asked for one after the other, as they are wanted', async () => {
    const ann = new Caller();
    const organization_id = await ann.organization();
    await ann.newcomer(organization_id);
    await ann.newcomer(organization_id);
    proxy.next();
    const params = { path: { organization_id }, query: { limit: 1 } };
    for await (const member of ann.client.pages('/organizations/{organization_id}/members', { params })) {
      assert.ok(member.user_id);
      break;
    }

    assert.equal(proxy.asked.length, 1);
  });

  test('begin at a cursor', async () => {
    const ann = new Caller();
    await ann.organization();
    await ann.organization();
    const { next_cursor } = await ann.client.GET('/me/organizations', { params: { query: { limit: 1 } } });
    assert.ok(next_cursor);
    const rest = ann.client.pages('/me/organizations', { params: { query: { cursor: next_cursor } } });

    assert.equal((await Array.fromAsync(rest)).length, 1);
  });

  test('of the export are its parts; of a Link to the next, only the cursor is used', async () => {
    const ann = new Caller();
    const organization_id = await ann.organization();
    const page = await ann.client.GET('/organizations/{organization_id}/activity', {
      params: { path: { organization_id }, query: { limit: 1 } },
    });
    const link = `<https://elsewhere.example.com/?type=x&cursor=a%2Bb>; rel="next"`;
    proxy.next(
      { status: 200, headers: { 'content-type': 'text/csv', link }, body: '\ufeffid,type\r\n' },
      {
        status: 200,
        headers: { 'content-type': 'text/csv' },
        body: 'id,type\r\n1,organization.created\r\n',
      },
    );
    const params = { path: { organization_id }, query: { type: 'organization' } };
    const parts = ann.client.pages('/organizations/{organization_id}/activity.csv', { params });

    assert.deepEqual(await Array.fromAsync(parts), ['id,type\r\n', 'id,type\r\n1,organization.created\r\n']);
    const export_ = `/organizations/${organization_id}/activity.csv?type=organization`;
    assert.deepEqual(
      proxy.asked.map(({ path }) => path),
      [export_, `${export_}&cursor=a%2Bb`],
    );
    assert.ok(page.items.length <= 1);
  });

  test('of the export begin with its header, and end', async () => {
    const ann = new Caller();
    const params = { path: { organization_id: await ann.organization() } };
    const [part, ...rest] = await Array.fromAsync(
      ann.client.pages('/organizations/{organization_id}/activity.csv', { params }),
    );

    assert.match(String(part), /^id,type,at,.*\r\n.*organization\.created/u);
    assert.deepEqual(rest, []);
  });
});
