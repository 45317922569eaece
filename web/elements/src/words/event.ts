/** Events of the log, as sentences in the reader's language. */

import type { Schemas } from '@roster/client';
import { common } from './en/common.ts';
import { events } from './en/events.ts';
import { shownList } from './format.ts';
import { type Content, content, type Speech, title, wordOf } from './say.ts';

type Event = Schemas['Event'];

/** How the title of a role is found by its id. Of a role that is gone there is none. */
export type TitleOf = (role: string) => string | undefined;

/** What events of some types tell. */
interface Told {
  readonly changed?: readonly string[];
  readonly copied_link?: boolean;
  readonly from?: unknown;
  readonly roles?: unknown;
  readonly to?: unknown;
}

/** Return what happened as content of Lit, each name isolated from the direction of the sentence. */
export function eventContent(event: Event, titleOf: TitleOf, speech: Speech): Content {
  const key = keyOf(event);
  return key === undefined
    ? event.sentence
    : content(wordOf(['events', events], key, speech), placesOf(event, titleOf, speech), speech);
}

/** Find the words of a type. One that is not known, or a product's own, has the API's sentence alone. */
function keyOf({ data, type }: Event): string | undefined {
  const told: Told = data;
  if (type === 'invitation.declined' && told.copied_link) {
    return `${type}.link`;
  }
  if (type === 'invitation.resent' && 'to' in data) {
    return `${type}.roles`;
  }
  return Object.hasOwn(events, type) ? type : undefined;
}

function placesOf(event: Event, titleOf: TitleOf, speech: Speech): Record<string, Content> {
  const told: Told = event.data;
  const word = (key: keyof typeof events): string => wordOf(['events', events], key, speech);
  const titled = (value: unknown, otherwise: string): Content => {
    const titles = Array.isArray(value) ? value.map((role) => titleOf(role) ?? word('former_role')) : [];
    return titles.length > 0 ? shownList(titles, speech) : otherwise;
  };
  const plan = (id: unknown): Content => title('plan', String(id), String(id), speech);
  const moved = event.type === 'organization.plan_changed' ? plan : (roles: unknown) => titled(roles, word('no_role'));
  return {
    actor: actorOf(event, speech),
    target: targetOf(event, speech),
    roles: titled(told.roles, word('no_role')),
    from: moved(told.from),
    to: moved(told.to),
    changed: changes(told.changed ?? [], speech),
  };
}

function changes(changed: readonly string[], speech: Speech): Content {
  const keys = changed.map((field) => `changed_${field}`).filter((key) => Object.hasOwn(events, key));
  const named = keys.length > 0 ? keys : ['changed_details'];
  return shownList(
    named.map((key) => wordOf(['events', events], key, speech)),
    speech,
  );
}

/** The name of who did it; who was erased has none. */
export function actorOf({ actor, sentence }: Event, speech: Speech): string {
  if (actor.type !== 'user') {
    return actor.id ?? 'Roster';
  }
  return actor.name ?? actor.email ?? unnamed(sentence.startsWith('A former user'), speech);
}

function targetOf({ sentence, target, type }: Event, speech: Speech): string {
  const word = unnamedTarget(target.type, sentence, speech);
  const cased = type === 'invitation.declined' ? word : word && lower(word, speech); // where it begins the sentence
  return target.name ?? cased ?? target.id;
}

function unnamedTarget(type: string, sentence: string, speech: Speech): string | undefined {
  switch (type) {
    case 'invitation':
      return wordOf(['events', events], 'no_address', speech);
    case 'organization':
      return wordOf(['events', events], 'organization', speech);
    case 'member':
    case 'user':
      return unnamed(sentence.includes('a former user'), speech);
    default:
      return;
  }
}

/** Somebody without a name may be there still. Whether they were erased stands in the API's sentence alone. */
function unnamed(former: boolean, speech: Speech): string {
  return wordOf(['common', common], former ? 'former_user' : 'someone', speech);
}

const lower = (words: string, { locale }: Speech): string => words.charAt(0).toLocaleLowerCase(locale) + words.slice(1);
