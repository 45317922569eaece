/** The language of a page: which one is spoken to a reader, and where its words are. */

import type { Translation } from './catalogue.ts';
import type { Speech } from './say.ts';

/** English is inside of the elements; each other language is a file. */
export type Language = 'en' | keyof typeof FILES;

export interface Picked {
  readonly language: Language;
  /** The whole tag that was wanted, for dates and numbers, such as `en-GB`. */
  readonly locale: string;
}

/** The languages that there are. */
export const LANGUAGES: readonly string[] = ['en', 'ar', 'de', 'es', 'fr'];

const FILES = {
  ar: () => import('./ar.ts'),
  de: () => import('./de.ts'),
  es: () => import('./es.ts'),
  fr: () => import('./fr.ts'),
};

/** Pick the first language wanted that there is, by BCP 47 tags such as `de-AT`; else English. */
export function pick(wanted: readonly (string | null | undefined)[]): Picked {
  for (const tag of wanted) {
    const locale = canonical(tag ?? '');
    const language = locale.split('-')[0] ?? '';
    if (language === 'en' || Object.hasOwn(FILES, language)) {
      return { language: language as Language, locale };
    }
  }
  return { language: 'en', locale: 'en' };
}

/** Return a tag as Intl takes it; of what is none, the empty text. */
function canonical(tag: string): string {
  try {
    return Intl.getCanonicalLocales(tag.replaceAll('_', '-'))[0] ?? '';
  } catch {
    return '';
  }
}

/** Load the words of a language. English has none to load; and where they fail to load, English stands. */
export async function load(language: Language): Promise<Translation | undefined> {
  return language === 'en' ? undefined : await FILES[language]().then(({ translation }) => translation, nothing);
}

function nothing(): undefined {
  // What was not loaded is not there.
}

/** Say how to speak in a language, with its words; without them, English is spoken, from left to right. */
export function speechOf(
  picked: Picked,
  translation: Translation | undefined,
  messages: Readonly<Record<string, string>>,
): Speech {
  const { language, locale } = translation || picked.language === 'en' ? picked : pick([]);
  return { language, locale, dir: language === 'ar' ? 'rtl' : 'ltr', translation, messages };
}
