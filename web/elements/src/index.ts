/** All elements. */

export type { RosterEventMap } from './base/events.ts';
export { RosterActivity } from './roster-activity.ts';
export { RosterInvitation } from './roster-invitation.ts';
export { RosterInvitations } from './roster-invitations.ts';
export { RosterInvite } from './roster-invite.ts';
export { RosterMembers } from './roster-members.ts';
export { RosterMyInvitations } from './roster-my-invitations.ts';
export { RosterRoles } from './roster-roles.ts';
export { type Configuration, configure, RosterSession } from './roster-session.ts';
export { RosterSettings } from './roster-settings.ts';
export { RosterSwitcher } from './roster-switcher.ts';
export { RosterTeam } from './roster-team.ts';
