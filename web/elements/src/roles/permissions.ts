/** Permissions, as people read them, and what of them somebody can give to a custom role. */

import type { Role, Roles, Self } from '../session/api.ts';
import { type Speech, title } from '../words/say.ts';

/** What reaches over people, each with the permission without which it does nothing. */
export const RIGHTS = {
  invites: 'invitations:manage',
  removes: 'members:remove',
  assigns: 'roles:assign',
} as const;

export type Right = keyof typeof RIGHTS;

export const RIGHT_NAMES = Object.keys(RIGHTS) as readonly Right[];

/** What no custom role may have. */
const NEVER: ReadonlySet<string> = new Set(['ownership:transfer', 'organization:delete', 'organization:notifications']);

/** Some of the permissions, in the product's order. */
export const inOrder = ({ permission_titles }: Roles, wanted: readonly string[] = []): readonly string[] =>
  Object.keys(permission_titles).filter((one) => wanted.includes(one));

/** What somebody can give: what they have themselves. */
export const givable = (roles: Roles, { permissions }: Self): readonly string[] =>
  inOrder(roles, permissions).filter((one) => !NEVER.has(one));

/** The built-in roles that somebody reaches by a right, and can let others reach. */
export function reached({ items }: Roles, self: Self, right: Right): readonly Role[] {
  const own = new Set(items.filter(({ id }) => self.roles.includes(id)).flatMap((role) => role[right]));
  return items.filter(({ custom, id }) => !custom && own.has(id));
}

/** What every built-in role permits: hardly anybody can do without it. */
export function usual({ items }: Roles): readonly string[] {
  const [first, ...others] = items.filter(({ custom }) => !custom);
  return first?.permissions.filter((one) => others.every(({ permissions }) => permissions.includes(one))) ?? [];
}

/** Permissions by what they are about, which stands before the colon. */
export function byNoun(permissions: readonly string[]): (readonly [noun: string, permissions: readonly string[]])[] {
  const nouns = new Set(permissions.map(nounOf));
  return [...nouns].map((noun) => [noun, permissions.filter((one) => nounOf(one) === noun)]);
}

const nounOf = (permission: string): string => permission.split(':')[0] ?? '';

/** `signing-keys` reads as "Signing keys", unless the page has its own words for it. */
export const nounTitle = (noun: string, speech: Speech): string =>
  title('permission', noun, noun.charAt(0).toUpperCase() + noun.slice(1).replaceAll('-', ' '), speech);
