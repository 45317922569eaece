/** Leaving an organization, which several elements offer. */

import { leaving } from '../words/en/leaving.ts';
import { sayer } from '../words/say.ts';
import type { Confirm } from './confirm.ts';
import type { Back } from './dialog.ts';
import { emit } from './events.ts';
import type { OrganizationElement } from './organization.ts';

/** The name of the button. */
export const leaveLabel = (host: OrganizationElement): string => wordsOf(host).say('leave');

/** What is lost. */
export const leaveLost = (host: OrganizationElement): string => wordsOf(host).say('lost');

/** Asks whether the person wants to leave, and leaves. */
export function leave(host: OrganizationElement, confirm: Confirm, back: Back): void {
  const words = wordsOf(host);
  const { organizationId: organization_id, team } = host;
  const organization = team.organization.data?.name ?? '';
  void confirm.ask({
    title: () => words.say('title', { organization }),
    lost: () => words.say('lost'),
    act: () => words.say('leave'),
    back,
    confirm: () =>
      confirm.change.run({
        act: 'leave',
        detail: { organization_id },
        make: (client, idempotencyKey) =>
          client.POST('/organizations/{organization_id}/leave', {
            params: { path: { organization_id } },
            idempotencyKey,
          }),
        done: () => {
          emit(host, 'left', { organization_id });
          return host.farewell(words.say('left', { organization }));
        },
      }),
  });
}

const wordsOf = (host: OrganizationElement) => sayer('leaving', leaving, () => host.speech);
