/** Permissions, as people read them, and what of them somebody can give to a custom role. */

import type { Role, Roles, Self } from '../session/api.ts';
import { type Speech, title } from '../words/say.ts';

/** What reaches over people, each with the permission without which it does nothing. */
export const RIGHTS = { invites: 'invitations:manage', removes: 'members:remove', assigns: 'roles:assign' } as const;

type Right = keyof typeof RIGHTS;

/** What is chosen for a custom role. */
export type Chosen = Right | 'permissions';

export const RIGHT_NAMES = Object.keys(RIGHTS) as readonly Right[];

/** What no custom role may have. */
const NEVER = ['ownership:transfer', 'organization:delete', 'organization:notifications'];

/** Permissions in the product's order. */
export const inOrder = ({ permission_titles }: Roles, wanted: readonly string[] = []): readonly string[] =>
  Object.keys(permission_titles).filter((one) => wanted.includes(one));

/** What somebody can give: what they have themselves. */
export const givable = (roles: Roles, { permissions }: Self): readonly string[] =>
  inOrder(roles, permissions).filter((one) => !NEVER.includes(one));

/** The built-in roles that somebody reaches by a right, and can let others reach. */
export function reached({ items }: Roles, self: Self, right: Right): readonly string[] {
  const own = items.filter(({ id }) => self.roles.includes(id)).flatMap((role) => role[right]);
  return items.filter(({ custom, id }) => !custom && own.includes(id)).map(({ id }) => id);
}

/** What every built-in role permits: hardly anybody can do without it. */
export const usual = ({ items, permission_titles }: Roles): readonly string[] =>
  Object.keys(permission_titles).filter((one) =>
    items.every(({ custom, permissions }) => custom || permissions.includes(one)),
  );

/** Permissions by what they are about, which stands before the colon. */
export function byNoun(permissions: readonly string[]): (readonly [noun: string, permissions: readonly string[]])[] {
  const nounOf = (permission: string): string => permission.split(':')[0] ?? '';
  return [...new Set(permissions.map(nounOf))].map((noun) => [noun, permissions.filter((one) => nounOf(one) === noun)]);
}

/** `signing-keys` reads as "Signing keys", unless the page has its own words for it. */
export const nounTitle = (noun: string, speech: Speech): string =>
  title('permission', noun, noun.charAt(0).toUpperCase() + noun.slice(1).replaceAll('-', ' '), speech);

export const permissionTitle = (id: string, { permission_titles }: Roles, speech: Speech): string =>
  title('permission', id, permission_titles[id] ?? id, speech);

/** What a form is filled in with. */
export function definitionOf(form: HTMLFormElement): Omit<Role, 'alone' | 'can' | 'custom' | 'holders' | 'id'> {
  const fields = new FormData(form);
  const all = (name: string): string[] => fields.getAll(name).map(String);
  return {
    title: String(fields.get('title')).trim(),
    description: String(fields.get('description')).trim() || null,
    permissions: all('permissions'),
    invites: all('invites'),
    removes: all('removes'),
    assigns: all('assigns'),
  };
}
