/** The page's one session, in which all of Roster's elements are. */

import { type RosterEventMap, RosterSession } from '@roster/elements';
import { part } from './page.ts';

export const session = part('session', RosterSession);

/** Where the API is. */
export const api = session.baseUrl ?? '';

/** Calls back at an event of any of Roster's elements. */
export function on<N extends keyof RosterEventMap>(name: N, listener: (event: RosterEventMap[N]) => void): void {
  document.addEventListener(name, listener as (event: Event) => void);
}
