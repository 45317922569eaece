/**
 * How elements find their session: by the context protocol of the Web Components Community Group, in the few lines that
 * it takes. The key is a string, so that two copies of this package on one page find each other's sessions.
 */

import type { Store } from './store.ts';

const KEY = 'roster-session/1';
const REQUEST = 'context-request';

class ContextRequest extends Event {
  readonly context = KEY;
  readonly callback: (store: Store) => void;

  constructor(callback: (store: Store) => void) {
    super(REQUEST, { bubbles: true, composed: true });
    this.callback = callback;
  }
}

/** Asks the session around an element for its store. */
export function requestStore(element: EventTarget, callback: (store: Store) => void): void {
  element.dispatchEvent(new ContextRequest(callback));
}

/** Gives a store to the elements inside of a session. */
export function provideStore(session: EventTarget, store: Store): void {
  session.addEventListener(REQUEST, (event) => {
    const { context, callback } = event as Partial<ContextRequest> & Event;
    if (context === KEY && callback) {
      event.stopPropagation();
      callback(store);
    }
  });
}
