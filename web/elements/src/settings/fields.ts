/** What the forms of the settings share. */

import { html } from 'lit';
import type { Change } from '../base/change.ts';
import type { Content, RosterElement } from '../base/element.ts';
import { problemIn } from '../base/form.ts';

/** A box to check, with what it does below. */
export const check = (name: string, label: string, hint: string, checked: boolean): Content => html`<div>
  <label class="check">
    <input type="checkbox" name=${name} .checked=${checked} aria-describedby=${`${name}-hint`} />
    <span>${label}</span>
  </label>
  <p class="muted small hint" id=${`${name}-hint`}>${hint}</p>
</div>`;

/** The button that saves, and why it could not. */
export const save = (host: RosterElement, change: Change): Content => html`${problemIn(host, change)}
  <button part="button" aria-disabled=${change.busy}>${host.common.say(change.unknown ? 'again' : 'save')}</button>`;

/** What was filled in; the form is not sent by the browser. */
export function valuesOf(event: SubmitEvent): FormData {
  event.preventDefault();
  return new FormData(event.currentTarget as HTMLFormElement);
}

/** A field, if it is another than it was. */
export const different = <K extends string, V>(name: K, wanted: V, was: V | undefined): { [N in K]?: V } =>
  wanted === was ? {} : ({ [name]: wanted } as { [N in K]?: V });
