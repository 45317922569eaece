/** How the page looks: its language and its theme, as somebody chose them. */

import { part } from './page.ts';
import { session } from './session.ts';

const KEY = 'roster-demo-look';

const language = part('language', HTMLSelectElement);
const theme = part('theme', HTMLSelectElement);

/** Shows it as it was chosen last, and lets it be chosen. */
export function showLook(): void {
  const kept = JSON.parse(localStorage.getItem(KEY) ?? '{}');
  language.value = kept.language ?? '';
  theme.value = kept.theme ?? 'auto';
  for (const select of [language, theme]) {
    select.addEventListener('change', () => {
      localStorage.setItem(KEY, JSON.stringify({ language: language.value, theme: theme.value }));
      apply();
    });
  }
  apply();
}

function apply(): void {
  session.locale = language.value || undefined;
  document.documentElement.setAttribute('data-theme', theme.value);
}
