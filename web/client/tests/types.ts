/** What must compile, and (each line below an @ts-expect-error) what must not. Nothing here is run. */

import { type Client, type Data, type Item, Problem } from '../src/index.ts';

declare const client: Client;
const path = { organization_id: 'o' };

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same = <A, B>(_: Same<A, B>): void => undefined;
type IsAny<T> = 0 extends 1 & T ? true : false;

export async function calls(): Promise<void> {
  const organization = await client.GET('/organizations/{organization_id}', { params: { path } });
  same<typeof organization.name, string>(true);
  same<typeof organization.etag, string>(true); // of what is read alone, too
  same<IsAny<typeof organization>, false>(true);
  same<Data<'DELETE', '/organizations/{organization_id}'>, undefined>(true);
  same<Data<'GET', '/organizations/{organization_id}/activity.csv'>, string>(true);
  await client.PUT('/me'); // needs nothing
  await client.PUT('/me', { signal: AbortSignal.timeout(1000) });

  // @ts-expect-error there is no such path
  await client.GET('/organization');
  // @ts-expect-error nor such a method of it
  await client.DELETE('/me/organizations');
  // @ts-expect-error the path has a parameter
  await client.GET('/organizations/{organization_id}');
  // @ts-expect-error which has a name
  await client.GET('/organizations/{organization_id}', { params: { path: { id: 'o' } } });
  // @ts-expect-error a body is needed
  await client.POST('/organizations');
  // @ts-expect-error with a name
  await client.POST('/organizations', { body: { title: 'Acme' } });
  // @ts-expect-error and nothing that only machines may say
  await client.POST('/organizations', { body: { name: 'Acme', external_id: '1' } });
  // @ts-expect-error there is no such member of the answer
  organization.owner;
  // @ts-expect-error a status is one of six
  await client.GET('/organizations/{organization_id}/invitations', { params: { path, query: { status: 'open' } } });
}

export async function options(): Promise<void> {
  const body = { permissions: ['invitations:manage'] };
  await client.POST('/organizations', { body: { name: 'Acme' }, idempotencyKey: 'k' });
  await client.PATCH('/organizations/{organization_id}', { params: { path }, body: { name: 'Beta' }, ifMatch: '"1"' });

  // @ts-expect-error asking takes no key
  await client.POST('/organizations/{organization_id}/access', { params: { path }, body, idempotencyKey: 'k' });
  await client.POST('/organizations/{organization_id}/invitations/{invitation_id}/link', {
    params: { path: { organization_id: 'o', invitation_id: 'i' } },
    // @ts-expect-error nor does a link
    idempotencyKey: 'k',
  });
  // @ts-expect-error reading neither
  await client.GET('/me/organizations', { idempotencyKey: 'k' });
  // @ts-expect-error nor is there anything to match
  await client.POST('/organizations', { body: { name: 'Acme' }, ifMatch: '"1"' });
}

export async function pages(): Promise<void> {
  for await (const member of client.pages('/organizations/{organization_id}/members', { params: { path } })) {
    same<typeof member.etag, string>(true);
    same<IsAny<typeof member>, false>(true);
  }
  for await (const { organization, active } of client.pages('/me/organizations')) {
    same<typeof organization.id, string>(true);
    same<typeof active, boolean>(true);
  }
  same<Item<'/organizations/{organization_id}/activity.csv'>, string>(true);

  // @ts-expect-error the roles are all there at once
  client.pages('/organizations/{organization_id}/roles', { params: { path } });
  // @ts-expect-error one organization is no list
  client.pages('/organizations/{organization_id}', { params: { path } });
}

export function problems(error: unknown): string {
  // @ts-expect-error what was thrown may be anything
  error.code;
  if (!(error instanceof Problem)) {
    return '';
  }
  same<typeof error.requestId, string | undefined>(true);
  error.reason;
  // @ts-expect-error not every problem has a limit
  error.limit;
  switch (error.code) {
    case 'plan_limit':
      same<typeof error.limit, 'owners' | 'members' | 'organizations' | 'custom_roles'>(true);
      // @ts-expect-error a plan's limit has no status of an invitation
      return error.invitation_status;
    case 'not_pending':
      return error.invitation_status;
    case 'invalid_request':
      return error.errors.map(({ field, message }) => `${field}: ${message}`).join();
    case 'last_owner':
      // @ts-expect-error only what is not valid has errors
      return error.errors;
    case 'forbidden':
      return error.reason ?? '';
    case 'network':
      same<typeof error.status, 0>(true);
      return '';
    // @ts-expect-error there is no such code
    case 'teapot':
      return '';
    default:
      return error.detail;
  }
}
