/** What stands in an element that shows something its reader may not see. Nothing is asked then. */

import { html } from 'lit';
import { Problem } from '../session/api.ts';
import type { Content, RosterElement } from './element.ts';

/** In English, as the API says it; other languages have words of their own. */
const CLOSED = 'Your role does not allow this. Ask someone whose role does.';

export function closed(host: RosterElement): Content {
  const problem = new Problem({ code: 'forbidden', status: 403, detail: CLOSED, reason: 'permission_missing' });
  return html`<div class="pad" part="empty"><p class="muted">${host.problemText(problem)}</p></div>`;
}
