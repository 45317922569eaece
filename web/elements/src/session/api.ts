/** The shapes of the API that the elements show. */

import type { Client, Schemas } from '@roster/client';

export { type Client, type GetToken, Problem } from '@roster/client';

export type Activity = Schemas['Event'];
export type Invitation = Schemas['ListedInvitation'];
export type Me = Schemas['Me'];
export type Member = Schemas['ListedMember'];
export type Organization = Schemas['Organization'] & { readonly etag: string };
export type Preview = Schemas['Preview'];
export type Received = Schemas['ReceivedInvitation'];
export type Role = Schemas['Role'];
export type Roles = Schemas['Roles'];

/** The caller's own membership: what they may do. */
export type Self = Schemas['SingleMember'] & { readonly etag: string };

/** An organization that the person is in; of one that they have just joined, not all may be known yet. */
export interface Joined
  extends Pick<Schemas['Membership'], 'role_titles'>,
    Partial<Pick<Schemas['Membership'], 'active'>> {
  readonly organization: { readonly id: string; readonly name: string };
}

/** A page of anything. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next_cursor: string | null;
}

/** Asks the API something. */
export type Ask<T> = (client: Client) => Promise<T>;
