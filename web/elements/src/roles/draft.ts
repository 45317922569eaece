/** What a custom role is to become, while its form is filled in. */

import type { Role, Roles, Self } from '../session/api.ts';
import { givable, RIGHT_NAMES, RIGHTS, type Right, usual } from './permissions.ts';

export type Chosen = Right | 'permissions';

/** A custom role, as the API takes it. */
export type Definition = Pick<Role, 'description' | 'title' | Chosen>;

export class Draft {
  title: string;
  description: string;
  readonly chosen: Readonly<Record<Chosen, Set<string>>>;
  /** The role that is edited, as it was; without one, a role is created. */
  role: Role | undefined;

  /** Begins with the role as it is; a new one, with what every role has. */
  constructor(roles: Roles, self: Self, role?: Role) {
    const given = givable(roles, self);
    this.role = role;
    this.title = role?.title ?? '';
    this.description = role?.description ?? '';
    this.chosen = {
      permissions: new Set(role?.permissions ?? usual(roles).filter((one) => given.includes(one))),
      invites: new Set(role?.invites),
      removes: new Set(role?.removes),
      assigns: new Set(role?.assigns),
    };
  }

  /** Whether a right is asked for: without its permission it does nothing, but the role may have it already. */
  asksFor(right: Right): boolean {
    return this.chosen.permissions.has(RIGHTS[right]) || Boolean(this.role?.[right].length);
  }

  get definition(): Definition {
    const { chosen, description, title } = this;
    const rights = RIGHT_NAMES.map((right) => [right, this.asksFor(right) ? [...chosen[right]] : []]);
    return {
      ...(Object.fromEntries(rights) as Record<Right, string[]>),
      title: title.trim(),
      description: description.trim() || null,
      permissions: [...chosen.permissions],
    };
  }
}
