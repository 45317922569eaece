/** What stands in an element that shows something its reader may not see. Nothing is asked then. */

import { html } from 'lit';
import { Problem } from '../session/api.ts';
import type { Content, RosterElement } from './element.ts';

export function closed(host: RosterElement): Content {
  const problem = new Problem({ code: 'forbidden', status: 403, detail: '', reason: 'permission_missing' });
  return html`<div class="pad" part="empty"><p class="muted">${host.problemText(problem)}</p></div>`;
}
