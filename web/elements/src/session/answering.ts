/** Accepting and declining an invitation, by its link or by the signed-in address. */

import type { Client } from './api.ts';
import type { Store } from './store.ts';

/** An invitation, as the invited person knows it. */
export interface Answerable {
  readonly organization_id: string;
  readonly invitation_id: string;
  readonly organization: { readonly id: string; readonly name: string; readonly pack: string; readonly plan: string };
  /** The roles as they were shown: others are never accepted. */
  readonly roles: string[];
  readonly role_titles: string[];
  /** The link's token, if the person came by a link. */
  readonly token?: string | undefined;
}

const paths = ({ organization_id, invitation_id }: Answerable) => ({ path: { organization_id, invitation_id } });

/** Accepts: the person is a member then, and the organization the active one. */
export async function accept(
  store: Store,
  client: Client,
  invitation: Answerable,
  idempotencyKey: string,
): Promise<void> {
  const { organization, role_titles, token } = invitation;
  const { roles, joined_at } = await client.POST(
    '/organizations/{organization_id}/invitations/{invitation_id}/accept',
    { params: paths(invitation), body: { roles: invitation.roles, ...(token && { token }) }, idempotencyKey },
  );
  store.joined({ organization, roles, role_titles, joined_at, active: true });
  await store.activate(organization.id);
}

/** Declines: the inviter is told. */
export async function decline(
  store: Store,
  client: Client,
  invitation: Answerable,
  idempotencyKey: string,
): Promise<void> {
  const { invitation_id, token } = invitation;
  await client.POST('/organizations/{organization_id}/invitations/{invitation_id}/decline', {
    params: paths(invitation),
    body: token ? { token } : {},
    idempotencyKey,
  });
  store.received.lay((items) => items.filter((one) => one.id !== invitation_id));
}
