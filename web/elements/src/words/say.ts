/** Saying: a word of the catalogue in the reader's language, as text or as content of Lit. */

import { html } from 'lit';
import type { Area, Catalogue, PlaceOf, Translation, Word } from './catalogue.ts';
import type { Language } from './language.ts';

/** How a page speaks to its reader. */
export interface Speech {
  readonly language: Language;
  /** The whole tag of the reader's language, for dates, numbers and lists. */
  readonly locale: string;
  readonly dir: 'ltr' | 'rtl';
  readonly translation: Translation | undefined;
  /** The host's own words, by `<area>.<key>`, and titles, by `role.<id>`, `permission.<id>` and `plan.<id>`. */
  readonly messages: Readonly<Record<string, string>>;
}

/** English, from left to right: how elements speak until it is known better. */
export const ENGLISH: Speech = { language: 'en', locale: 'en', dir: 'ltr', translation: undefined, messages: {} };

/** What stands in a place of a text. */
export type Text = string | number;

/** What stands in a place of content: a text or a number, or anything else that Lit renders. */
export type Content = unknown;

type Filled<W, V> = { readonly [P in PlaceOf<W>]: P extends 'count' ? number : V };

/** A word without places is said without. */
export type Places<W, V> = [PlaceOf<W>] extends [never] ? [] : [places: Filled<W, V>];

export interface Sayer<E extends Catalogue> {
  /** Return a text, for attributes and for the status. */
  say<K extends keyof E & string>(key: K, ...places: Places<E[K], Text>): string;
  /** Return content of Lit, in which each place is isolated from the direction of what stands around it. */
  show<K extends keyof E & string>(key: K, ...places: Places<E[K], Content>): Content;
}

/** Return what says the words of an area, given its English ones; they are looked up when they are said. */
export function sayer<E extends Catalogue>(area: Area, english: E, speech: () => Speech): Sayer<E> {
  return {
    say: (key, ...[places]) => text(wordOf([area, english], key, speech(), places), places, speech()),
    show: (key, ...[places]) => content(wordOf([area, english], key, speech(), places), places, speech()),
  };
}

type Given = Readonly<{ count?: unknown; [place: string]: unknown }> | undefined;

/** An area with its English words. */
export type Words = readonly [area: Area, english: Catalogue];

/** Find a text with places: the host's, else the language's, else the English one. */
export function wordOf([area, english]: Words, key: string, speech: Speech, places?: Given): string {
  const { locale, messages, translation } = speech;
  const id = `${area}.${key}`;
  const words: Catalogue | undefined = translation?.[area];
  // A built language is without keys, which would be a quarter of it: its words stand in the order of the English ones.
  const word: Word = words?.[key] ?? words?.[Object.keys(english).indexOf(key)] ?? english[key] ?? '';
  if (typeof word === 'string') {
    return messages[id] ?? word;
  }
  const form = new Intl.PluralRules(locale).select(Number(places?.count));
  return messages[`${id}.${form}`] ?? messages[id] ?? word[form] ?? word.other;
}

const PLACE = /\{(\w+)\}/u;

/** Fill the places of a text. From right to left, what stands in them is isolated from what stands around it. */
export function text(word: string, places: Given, { dir, locale }: Speech): string {
  return filled(word, places, locale, (place) => (dir === 'rtl' ? `\u2068${place}\u2069` : place)).join('');
}

/** Fill the places of a text as content of Lit. */
export function content(word: string, places: Given, { locale }: Speech): Content {
  return filled(word, places, locale, (place) => html`<bdi>${place}</bdi>`);
}

function filled(word: string, places: Given, locale: string, isolated: (place: unknown) => unknown): unknown[] {
  return word.split(PLACE).map((part, index) => {
    const place = places?.[part];
    if (index % 2 === 0) {
      return part;
    }
    return typeof place === 'number' ? new Intl.NumberFormat(locale).format(place) : isolated(place);
  });
}

/** Return the title of a role, a permission or a plan as the host translates it, else as the API has it. */
export function title(kind: 'permission' | 'plan' | 'role', id: string, given: string, { messages }: Speech): string {
  return messages[`${kind}.${id}`] ?? given;
}
