/** Leaving an organization. */

import type { Catalogue } from '../catalogue.ts';

export const leaving = {
  leave: 'Leave organization',
  left: 'You have left {organization}.',
  lost: 'You lose access at once. To come back, you need a new invitation.',
  title: 'Leave {organization}?',
} as const satisfies Catalogue;
