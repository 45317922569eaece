/** Catalogues: the words of the elements, by area and key, in English and in the other languages. */

import type { activity } from './en/activity.ts';
import type { common } from './en/common.ts';
import type { events } from './en/events.ts';
import type { invitation } from './en/invitation.ts';
import type { invitations } from './en/invitations.ts';
import type { invite } from './en/invite.ts';
import type { leaving } from './en/leaving.ts';
import type { members } from './en/members.ts';
import type { mine } from './en/mine.ts';
import type { problems } from './en/problems.ts';
import type { roles } from './en/roles.ts';
import type { settings } from './en/settings.ts';
import type { switcher } from './en/switcher.ts';
import type { team } from './en/team.ts';

/** Forms of one sentence, of which the number `{count}` chooses one by the rules of the language. */
export type Plural = Readonly<Partial<Record<Intl.LDMLPluralRule, string>>> & { readonly other: string };

/** A text with places such as `{name}`. */
export type Word = string | Plural;

export type Catalogue = Readonly<Record<string, Word>>;

type PlaceIn<S> = S extends `${string}{${infer P}}${infer Rest}` ? P | PlaceIn<Rest> : never;

/** The names of the places of a word. */
export type PlaceOf<W> = W extends string ? PlaceIn<W> : 'count' | PlaceIn<W[keyof W]>;

/** All areas, each with its English words. */
export interface English {
  readonly activity: typeof activity;
  readonly common: typeof common;
  readonly events: typeof events;
  readonly invitation: typeof invitation;
  readonly invitations: typeof invitations;
  readonly invite: typeof invite;
  readonly leaving: typeof leaving;
  readonly members: typeof members;
  readonly mine: typeof mine;
  readonly problems: typeof problems;
  readonly roles: typeof roles;
  readonly settings: typeof settings;
  readonly switcher: typeof switcher;
  readonly team: typeof team;
}

export type Area = keyof English;

/** Another language says all that English says. */
export type Translation = { readonly [A in Area]: { readonly [K in keyof English[A]]: Word } };
