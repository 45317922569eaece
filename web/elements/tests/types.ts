/** What only has to compile: the types of properties and events, in HTML, JSX, Vue and Svelte. */

import type { JSX } from 'react';
import type { SvelteHTMLElements } from 'svelte/elements';
import type { GlobalComponents } from 'vue';
import type {} from '../src/jsx.ts';
import type {} from '../src/svelte.ts';
import type {} from '../src/vue.ts';

const getToken = async (): Promise<null> => null;

// HTML: elements by their tag, and events on whatever is around them.
const session = document.createElement('roster-session');
session.getToken = getToken;
// @ts-expect-error: a theme of another name
session.theme = 'sepia';
document.addEventListener('roster-sent', ({ detail }) => detail.invitation_ids.length.toFixed(0));
session.addEventListener('roster-before-remove', (event) => event.preventDefault());
// @ts-expect-error: it carries no such thing
globalThis.addEventListener('roster-gone', ({ detail }) => detail.user_id);

// JSX of React: properties, attributes as in HTML, and listeners.
type React = JSX.IntrinsicElements['roster-session'];
export const react: React = {
  getToken,
  'base-url': 'https://api.example.com',
  'onroster-change': ({ detail }) => detail.type.toUpperCase(),
};
// @ts-expect-error: a function is no attribute
export const attribute: React = { 'get-token': getToken };
// @ts-expect-error: a number is no tag of a language
export const locale: React = { locale: 1 };

// Vue: listeners by its own names.
type Vue = InstanceType<GlobalComponents['roster-session']>['$props'];
export const vue: Vue = { getToken, baseUrl: '', onRosterChange: ({ detail }) => detail.type.toUpperCase() };
// @ts-expect-error: no event of that type
export const listener: Vue = { onRosterGone: (event: MouseEvent) => event };

// Svelte
type Svelte = SvelteHTMLElements['roster-my-invitations'];
export const svelte: Svelte = { hideEmpty: true, 'onroster-count': ({ detail }) => detail.count.toFixed(0) };
// @ts-expect-error: it is yes or no
export const hidden: Svelte = { 'hide-empty': 'no' };
