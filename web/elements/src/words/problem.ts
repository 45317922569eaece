/** Problems, as people read them: by their code, and by what specifies it. */

import type { Problem, ProblemFields } from '@roster/client';
import { problems } from './en/problems.ts';
import { type Speech, text, wordOf } from './say.ts';

/** What problems of some codes add. */
interface Told extends ProblemFields {
  readonly holders?: number;
  readonly invitation_status?: string;
  readonly limit?: string;
  readonly maximum?: number;
  readonly plan?: string;
  readonly reason?: string | undefined;
}

/** Return what a problem means for a person, and what to do next. Where English has no words, the API's own are told. */
export function problemText(problem: Problem, speech: Speech): string {
  const told: Told = { ...problem };
  const key = keysOf(told).find((one) => Object.hasOwn(problems, one)) ?? 'unknown';
  const places = { count: told.maximum ?? told.holders ?? 0, detail: told.detail };
  return text(wordOf(['problems', problems], key, speech, places) || '{detail}', places, speech);
}

/** The most specific key first. A reason that is not known yet is better told by the API's own words. */
function keysOf(told: Told): string[] {
  const { code, invitation_status, limit, reason, status } = told;
  const specific = reason ?? invitation_status ?? (code === 'plan_limit' ? planLimit(told) : limit);
  const conflict = CONFLICTS.find((member) => member in told);
  return specific ? [`${code}.${specific}`] : [`${code}.${conflict ?? status}`, code];
}

/** What may specify a conflict, by the member that it adds. */
const CONFLICTS = ['holders', 'roles'];

/** The person invited is told no plan; and where there may be none at all, making room does not help. */
function planLimit({ limit, maximum, plan }: Told): string {
  return plan ? `${maximum ? '' : 'no_'}${limit}` : 'full';
}
