/** How an invitation's link may end, and what is said then. */

import type { Preview, Problem } from '../session/api.ts';

/** Where a link leads no further, and what is told of the invitation. */
export interface Ending extends Partial<Pick<Preview, 'organization_id' | 'organization_name' | 'invited_by'>> {
  readonly word: 'accepted' | 'canceled' | 'declined' | 'expired' | 'none' | 'replaced' | 'void';
}

const WORDS: Readonly<Record<string, Ending['word']>> = {
  accepted: 'accepted',
  canceled: 'canceled',
  declined: 'declined',
  invitation_expired: 'expired',
  invitation_void: 'void',
  link_replaced: 'replaced',
};

interface Told extends Omit<Ending, 'word'> {
  readonly code: string;
  readonly status: number;
  readonly invitation_status?: string;
}

/** The ending that a refused preview is; nothing if asking again may help. */
export function endingOf(problem: Problem): Ending | undefined {
  const { code, status, invitation_status, ...origin }: Told = { ...problem };
  return code === 'gateway' || status < 400 || status === 429 || status >= 500
    ? undefined
    : { ...origin, word: WORDS[invitation_status ?? code] ?? 'none' };
}
