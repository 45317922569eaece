/** What may be set on each element and heard from it, by tag: all of it made from what the elements themselves declare. */

import type { RosterEventMap } from '../base/events.ts';
import type * as everything from '../index.ts';

type Everything = typeof everything;

/** The tags of the elements. */
export type Tag = Extract<keyof HTMLElementTagNameMap, `roster-${string}`>;

/** `my-invitations` as `MyInvitations`. */
export type Pascal<S extends string> = S extends `${infer First}-${infer Rest}`
  ? `${Capitalize<First>}${Pascal<Rest>}`
  : Capitalize<S>;

/** `pageSize` as `page-size`. */
type Kebab<S extends string> = S extends `${infer First}${infer Rest}`
  ? `${First extends Lowercase<First> ? First : `-${Lowercase<First>}`}${Kebab<Rest>}`
  : S;

/** What an element's class declares, without what is its own state. */
type Declared<T extends Tag> = Everything[Pascal<T> & keyof Everything] extends { properties: infer P }
  ? { [K in keyof P as P[K] extends { state: boolean } ? never : K]: P[K] }
  : unknown;

/** The properties of an element, and its attributes as they are written in HTML. */
export type Props<T extends Tag> = {
  [K in keyof Declared<T> & keyof HTMLElementTagNameMap[T]]?: HTMLElementTagNameMap[T][K];
} & {
  // What is no attribute says `attribute: false`; a name that is given is a string.
  [K in keyof Declared<T> & keyof HTMLElementTagNameMap[T] & string as Declared<T>[K] extends { attribute: boolean }
    ? never
    : Kebab<K>]?: HTMLElementTagNameMap[T][K];
};

/** Listeners as JSX and Svelte write them: `onroster-change`. Events bubble, so every element may hear each. */
export type Listeners = { [E in keyof RosterEventMap as `on${E}`]?: (event: RosterEventMap[E]) => void };
