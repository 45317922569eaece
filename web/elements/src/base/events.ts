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
  /** Something was refused, or got no answer. What to do is shown already: this is for logs. */
  problem: { readonly problem: Problem; readonly organization_id?: string | undefined };
  /** Something was changed here. `type` is the name of the `roster-before-` event that came before it; its ids are there, too. The id of what was created stands in the element's own event. */
  change: { readonly type: Act; readonly organization_id?: string | undefined } & Readonly<Record<string, unknown>>;
  /** The person was removed from the organization, or it was deleted, elsewhere. */
  gone: OfOrganization;
  /** Another tab is shown. */
  navigate: OfOrganization & { readonly tab: string };
  /** "Upgrade" was pressed. Unless it is cancelled, the same tab goes to `url`. */
  upgrade: OfOrganization & Leading;
  /** The person left the organization. */
  left: OfOrganization;
  /** The organization was deleted. */
  deleted: OfOrganization;
  /** A member was removed. */
  removed: OfMember;
  /** A member has other roles. */
  'roles-changed': OfMember & { readonly roles: readonly string[] };
  /** Invitations were sent. */
  sent: OfOrganization & { readonly invitation_ids: readonly string[] };
  /** An invitation was sent again. */
  resent: OfInvitation;
  /** An invitation was canceled. */
  canceled: OfInvitation;
  /** "Sign in" was pressed. Afterwards, come back to `url`. */
  'sign-in': Leading;
  /** "Use another account" was pressed. Sign out and in, and come back to `url`. */
  'switch-account': Leading;
  /** An invitation was accepted, and its organization is the active one. Unless it is cancelled, `return-to` is gone to. */
  accepted: OfInvitation;
  /** An invitation was declined. */
  declined: OfInvitation;
  /** How many invitations wait for the person is known, or has changed. */
  count: { readonly count: number };
  /** Another organization is the active one. */
  switched: OfOrganization;
  /** An organization was created, and is the active one. */
  created: OfOrganization;
  /** A custom role was created, edited or deleted. */
  'role-changed': OfOrganization & { readonly role_id: string };
  /** The activity log was exported. */
  exported: OfOrganization & { readonly rows: number };
  /** The organization has another name. */
  renamed: OfOrganization & { readonly name: string };
  /** The ownership was transferred to a member. */
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
