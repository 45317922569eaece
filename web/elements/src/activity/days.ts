/** The log as a table: newest first, day by day where the reader is. */

import { html, nothing, type TemplateResult } from 'lit';
import type { Content } from '../base/element.ts';
import { face } from '../base/face.ts';
import type { RosterActivity } from '../roster-activity.ts';
import type { Activity } from '../session/api.ts';
import { ago, dateTime, fullDate, time } from '../words/format.ts';

/** Two days, in milliseconds. */
const RECENT = 172_800_000;

export function days(host: RosterActivity, events: readonly Activity[]): Content {
  const { speech, words } = host;
  const byDay = new Map<string, Activity[]>();
  for (const event of events) {
    const day = fullDate(event.at, speech);
    byDay.set(day, [...(byDay.get(day) ?? []), event]);
  }
  return html`<table part="table" role="table" tabindex="-1" aria-label=${words.say('title')}>
    <thead class="clipped" role="rowgroup"><tr role="row">
      <th role="columnheader">${words.say('what')}</th><th role="columnheader">${words.say('when')}</th>
    </tr></thead>
    ${Array.from(
      byDay,
      ([day, ofDay]) => html`<tbody role="rowgroup">
        <tr role="row"><th role="rowheader" scope="rowgroup" colspan="2">${recent(ofDay, host)}${day}</th></tr>
        ${ofDay.map((event) => row(host, event))}
      </tbody>`,
    )}
  </table>`;
}

/** Today and yesterday are said as such. */
function recent([event]: readonly Activity[], { speech }: RosterActivity): Content {
  const now = new Date();
  return event && now.getTime() - Date.parse(event.at) < RECENT
    ? html`<span class="recent">${ago(event.at, now, speech)}</span>`
    : nothing;
}

function row(host: RosterActivity, event: Activity): TemplateResult {
  const { speech, words } = host;
  const { actor, at, occurred_at, via } = event;
  const what = host.what(event);
  const [name, shape] =
    actor.type === 'user' ? [actor.name ?? actor.email, 'round' as const] : [actor.id, 'square' as const];
  return html`<tr part="row" role="row">
    <td part="cell" role="cell"><div class="who">
      ${face(name ?? '', shape)}
      <div>
        ${typeof what === 'string' ? html`<p lang="en" dir="auto">${what}</p>` : html`<p>${what}</p>`}
        ${via ? html`<p class="small muted">${words.show('via', { machine: via })}</p>` : nothing}
        ${
          occurred_at === at
            ? nothing
            : html`<p class="small muted">${words.show('happened', { when: dateTime(occurred_at, speech) })}</p>`
        }
      </div>
    </div></td>
    <td part="cell" role="cell" class="small muted"><time datetime=${at}>${time(at, speech)}</time></td>
  </tr>`;
}
