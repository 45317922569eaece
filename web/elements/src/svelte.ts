/** Types for the markup of Svelte 5: `import type {} from '@roster/elements/svelte'` once in a project. */

import type { HTMLAttributes } from 'svelte/elements';
import type { Listeners, Props, Tag } from './types/tags.ts';

type Elements = { [T in Tag]: HTMLAttributes<HTMLElementTagNameMap[T]> & Props<T> & Listeners };

declare module 'svelte/elements' {
  interface SvelteHTMLElements extends Elements {}
}
