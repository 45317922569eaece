/** Accepting an invitation, by its link or by the signed-in address. */

import type { Change } from '../base/change.ts';
import type { Client, Preview, Received } from './api.ts';
import type { Store } from './store.ts';

/** An open invitation, as the invited person knows it. */
export interface Offer extends Omit<Preview, 'email' | 'invited_address_only'> {
  /** The link's token, if the person came by a link. */
  readonly token?: string;
}

/** The offer of an invitation that was got by the signed-in address. */
const offerOf = ({ id, organization, ...rest }: Received): Offer => ({
  ...rest,
  invitation_id: id,
  organization_name: organization.name,
});

/** What can be answered. What is being answered stays until it is known to be; if need be, to be answered again. */
export function withLast(
  received: readonly Received[] | undefined,
  { change: { busy, unknown }, last }: { readonly change: Change; readonly last: Offer | undefined },
): readonly Offer[] | undefined {
  const items = received?.map(offerOf);
  const there = items?.some(({ invitation_id }) => invitation_id === last?.invitation_id);
  return items && last && !there && (busy || unknown) ? [last, ...items] : items;
}

/** What names an invitation. */
export const idsOf = ({ organization_id, invitation_id }: Offer) => ({ organization_id, invitation_id });

/** Accepts, in the roles that were shown: the person is a member then, and the organization the active one. */
export async function accept(store: Store, client: Client, offer: Offer, idempotencyKey: string): Promise<void> {
  const { organization_id: id, organization_name: name, roles, role_titles, token } = offer;
  await client.POST('/organizations/{organization_id}/invitations/{invitation_id}/accept', {
    params: { path: idsOf(offer) },
    body: { roles, ...(token && { token }) },
    idempotencyKey,
  });
  store.joined({ organization: { id, name }, role_titles });
  await store.activate(id);
}
