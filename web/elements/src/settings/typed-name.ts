/** Typing the name of an organization before it is lost. */

import { html, type TemplateResult } from 'lit';

/** A name as it is compared: without case, its blanks collapsed. */
const plain = (name: string): string => name.normalize('NFKC').trim().replace(/\s+/gu, ' ').toLocaleLowerCase();

export const sameName = (typed: string, name: string): boolean => plain(typed) === plain(name);

/** The field. The name stands in its label, to be copied. */
export const typedName = (label: unknown, changed: (typed: string) => void): TemplateResult => html`<label>
  <span>${label}</span>
  <input part="field" name="typed" autocomplete="off" dir="auto" @input=${(event: Event) =>
    changed((event.currentTarget as HTMLInputElement).value)} />
</label>`;
