/** Types for the templates of Vue 3: `import type {} from '@roster/elements/vue'` once in a project. */

import type { HTMLAttributes, PublicProps } from 'vue';
import type { RosterEventMap } from './base/events.ts';
import type { Pascal, Props, Tag } from './types/tags.ts';

/** Listeners as Vue has them: `@roster-change` is `onRosterChange`. */
type Listeners = { [E in keyof RosterEventMap as `on${Pascal<E>}`]?: (event: RosterEventMap[E]) => void };

type Elements = {
  [T in Tag]: new () => HTMLElementTagNameMap[T] & { $props: HTMLAttributes & Props<T> & Listeners & PublicProps };
};

declare module 'vue' {
  interface GlobalComponents extends Elements {}
}
