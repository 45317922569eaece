/** The roles that somebody may invite to. */

import type { OrganizationElement } from '../base/organization.ts';
import type { Offer } from '../base/roles-field.ts';

/** None while they are not known. Who may not see the roles, knows their ids. */
export function offersOf(host: OrganizationElement): readonly Offer[] {
  const { organization, roles, self } = host.team;
  const owners = organization.data?.limits.owners ?? Number.POSITIVE_INFINITY;
  const full = (organization.data?.owner_count ?? 0) >= owners;
  const known = host.may('members:read') ? roles.data?.items : [];
  return known
    ? (self.data?.invitable_roles ?? []).map((id) => {
        const role = known.find((one) => one.id === id);
        // A plan without custom roles lets nobody edit them, nor give them.
        const without = role?.custom && host.may('roles:customize') && !role.can.edit;
        const unknown = { id, title: id, description: null, custom: false, alone: false };
        return {
          role: role ?? unknown,
          full: Boolean(without || (full && role?.permissions.includes('ownership:transfer'))),
        };
      })
    : [];
}
