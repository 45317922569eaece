/** Saving a custom role, which has no ETag: whether it is still what was shown is looked up first. */

import type { Change } from '../base/change.ts';
import { emit } from '../base/events.ts';
import type { RosterRoles } from '../roster-roles.ts';
import { type Client, Problem, type Role } from '../session/api.ts';
import type { Draft } from './draft.ts';

/** Tells whether it was saved. */
export function save(host: RosterRoles, change: Change, draft: Draft, saved: (id: string) => void): Promise<boolean> {
  const { organizationId: organization_id, words } = host;
  const { definition: body } = draft;
  const old = draft.role;
  let looked = false;
  const make = async (client: Client, idempotencyKey: string): Promise<Role> => {
    const path = { organization_id };
    if (!old) {
      return client.POST('/organizations/{organization_id}/roles', { params: { path }, body, idempotencyKey });
    }
    if (!looked) {
      await unchanged(host, draft, old);
      looked = true;
    }
    const params = { path: { ...path, role_id: old.id } };
    return client.PUT('/organizations/{organization_id}/roles/{role_id}', { params, body, idempotencyKey });
  };
  return change.run({
    act: old ? 'edit-role' : 'create-role',
    detail: { organization_id, ...(old && { role_id: old.id }) },
    make,
    done: (role) => {
      saved(role.id);
      host.show((items) => (old ? items.map((one) => (one.id === role.id ? role : one)) : [...items, role]));
      host.announce(words.say(old ? 'saved' : 'created', { role: role.title }));
      emit(host, 'role-changed', { organization_id, role_id: role.id });
    },
  });
}

/** Refuses to overwrite what somebody else has made of the role. The next press is then about what is there now. */
async function unchanged(host: RosterRoles, draft: Draft, old: Role): Promise<void> {
  const { roles } = host.team;
  await roles.read();
  const now = (await roles.value()).items.find(({ id }) => id === old.id);
  if (now && versionOf(now) !== versionOf(old)) {
    draft.role = now;
    throw new Problem({ code: 'precondition_failed', status: 412, detail: '' });
  }
}

const versionOf = ({ title, description, permissions, invites, removes, assigns }: Role): string =>
  JSON.stringify([title, description, permissions, invites, removes, assigns]);
