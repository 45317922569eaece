/** The demo: a pretended product with Roster's elements in it, and beside it the tools to try it with. */

import { showSeed } from './anew.ts';
import { showClock } from './clock.ts';
import { choose, showAccess } from './dashboard.ts';
import { LocalError, pack } from './local.ts';
import { showLook } from './look.ts';
import { showMailbox } from './mailbox.ts';
import { part, say } from './page.ts';
import { showPeople } from './people.ts';
import { begin, getToken, whenChanged } from './person.ts';
import { route, show } from './router.ts';
import { on, session } from './session.ts';
import { rememberInvited, showSignIn } from './sign-in.ts';
import { showUpgrade } from './upgrade.ts';

/** Shows the page of the address, with what belongs to it. */
function page(): void {
  const link = location.pathname === '/invitation' && location.hash ? location.href : '';
  if (link) {
    void rememberInvited(link);
  }
  show();
  void showAccess();
}

/** Begins anew with what is true now: somebody else is signed in, or it is another time. */
function anew(): void {
  choose(undefined);
  session.reset();
  page();
}

// What a tool cannot do is told in one place.
addEventListener('unhandledrejection', (event) => {
  if (event.reason instanceof LocalError) {
    event.preventDefault();
    say(event.reason.message);
  }
});
showLook();
const [{ title }] = await Promise.all([pack(), begin()]);
part('product', HTMLElement).textContent = title;
session.getToken = getToken;
showPeople();
showSeed();
showMailbox();
showSignIn();
showUpgrade(anew);
whenChanged(anew);
for (const event of ['roster-switched', 'roster-created', 'roster-accepted'] as const) {
  on(event, ({ detail }) => {
    choose(detail.organization_id);
    void showAccess();
  });
}
for (const event of ['roster-left', 'roster-deleted', 'roster-gone'] as const) {
  on(event, () => {
    choose(undefined);
    void showAccess();
  });
}
/** The cards in which an invitation was answered: they say then that there is none left. */
const answered = new WeakSet<EventTarget>();
for (const event of ['roster-accepted', 'roster-declined'] as const) {
  on(event, ({ target }) => target && answered.add(target));
}
on('roster-count', ({ target, detail }) => {
  if (target instanceof Element) {
    target.classList.toggle('none', detail.count === 0 && !answered.has(target)); // a card with nothing in it is no card
  }
});
route(page);
page();
await showClock(anew);
