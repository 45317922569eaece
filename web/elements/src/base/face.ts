/** A round mark with the first letters of a name. It says nothing that does not stand beside it. */

import { html, type TemplateResult } from 'lit';

/** The first letters of the first and the last word, as a reader of the script sees letters. */
function initials(name: string): string {
  const words = name.split(/[\s@.]+/u).filter(Boolean);
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => [...(word ?? '')][0] ?? '');
  return letters.join('').toLocaleUpperCase();
}

export const face = (name: string, shape: 'round' | 'square' = 'round'): TemplateResult =>
  html`<span class="face ${shape}" aria-hidden="true">${initials(name)}</span>`;
