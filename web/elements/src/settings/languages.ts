/** A select of languages, each by its own name. */

import { html, nothing, type TemplateResult } from 'lit';
import { LANGUAGES } from '../words/language.ts';

/** A language by its own name, as in a list: Français. A tag that the browser does not take is shown as it is. */
function nameOf(tag: string): string {
  try {
    const name = new Intl.DisplayNames(tag, { type: 'language' }).of(tag) ?? tag;
    return name.charAt(0).toLocaleUpperCase(tag) + name.slice(1);
  } catch {
    return tag;
  }
}

/** The options; `none` says what holds without a choice. What was chosen elsewhere stays choosable. */
export const languages = (chosen: string | null, none: string): readonly TemplateResult[] =>
  ['', ...new Set([...LANGUAGES, ...(chosen ? [chosen] : [])])].map(
    (tag) =>
      html`<option value=${tag} lang=${tag || nothing} .selected=${tag === (chosen ?? '')}>
        ${tag ? nameOf(tag) : none}
      </option>`,
  );
