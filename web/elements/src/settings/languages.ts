/** A select of languages, each by its own name. */

import { html, type TemplateResult } from 'lit';
import { LANGUAGES } from '../words/language.ts';

/** A language by its own name: Deutsch. */
const nameOf = (tag: string): string => new Intl.DisplayNames(tag, { type: 'language' }).of(tag) ?? tag;

/** The options; `none` says what holds without a choice. What was chosen elsewhere stays choosable. */
export const languages = (chosen: string | null, none: string): readonly TemplateResult[] =>
  ['', ...new Set([...LANGUAGES, ...(chosen ? [chosen] : [])])].map(
    (tag) =>
      html`<option value=${tag} lang=${tag} ?selected=${tag === (chosen ?? '')}>${tag ? nameOf(tag) : none}</option>`,
  );
