/** The events of the elements. Each is dispatched once, bubbles, and crosses shadow roots. */

import type { Problem } from '../session/api.ts';

/** What can be changed. Before each, `roster-before-…` may be cancelled; after it comes `roster-change`. */
export type Act =
  | 'invite'
  | 'resend'
  | 'cancel'
  | 'copy-link'
  | 'remove'
  | 'change-roles'
  | 'accept'
  | 'decline'
  | 'switch'
  | 'create'
  | 'rename'
  | 'change-settings'
  | 'transfer'
  | 'leave'
  | 'delete'
  | 'create-role'
  | 'edit-role'
  | 'delete-role';

interface OfOrganization {
  readonly organization_id: string;
}
interface OfMember extends OfOrganization {
  readonly user_id: string;
}
interface OfInvitation extends OfOrganization {
  readonly invitation_id: string;
}
interface Leading {
  /** Where to come back to. The invitation's token is never in it. */
  readonly url: string;
}

/** What each event carries, by its name without `roster-`. */
export interface Details {
  problem: { readonly problem: Problem; readonly organization_id?: string | undefined };
  change: { readonly type: Act; readonly organization_id?: string | undefined } & Readonly<Record<string, unknown>>;
  gone: OfOrganization;
  navigate: OfOrganization & { readonly tab: string };
  upgrade: OfOrganization & Leading;
  left: OfOrganization;
  deleted: OfOrganization;
  removed: OfMember;
  'roles-changed': OfMember & { readonly roles: readonly string[] };
  sent: OfOrganization & { readonly invitation_ids: readonly string[] };
  resent: OfInvitation;
  canceled: OfInvitation;
  'sign-in': Leading;
  'switch-account': Leading;
  accepted: OfInvitation;
  declined: OfInvitation;
  count: { readonly count: number };
  switched: OfOrganization;
  created: OfOrganization;
  'role-changed': OfOrganization & { readonly role_id: string };
  exported: OfOrganization & { readonly rows: number };
  renamed: OfOrganization & { readonly name: string };
  transferred: OfMember;
}

/** What an event before a change carries: whom or what it is about. */
export type BeforeDetail = Readonly<Record<string, unknown>>;

type EventsOf<D> = { [N in keyof D & string as `roster-${N}`]: CustomEvent<D[N]> };

/** The events by name, for `addEventListener`. */
export type RosterEventMap = EventsOf<Details> & { [A in Act as `roster-before-${A}`]: CustomEvent<BeforeDetail> };

/** Dispatches an event; tells whether nobody has cancelled it. */
export function emit<N extends keyof Details>(
  from: EventTarget,
  name: N,
  detail: Details[N],
  cancelable = false,
): boolean {
  return dispatch(from, name, detail, cancelable);
}

/** Asks the page whether a change may be made. */
export const allowed = (from: EventTarget, act: Act, detail: BeforeDetail): boolean =>
  dispatch(from, `before-${act}`, detail, true);

const dispatch = (from: EventTarget, name: string, detail: unknown, cancelable: boolean): boolean =>
  from.dispatchEvent(new CustomEvent(`roster-${name}`, { bubbles: true, composed: true, cancelable, detail }));
