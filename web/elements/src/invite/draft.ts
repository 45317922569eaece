/** Invitations that are being written and sent: kept while the session lasts, whichever element shows them. */

import { type Client, newKey, type Problem, type Schemas } from '@roster/client';
import { isUnknown } from '../base/change.ts';
import type { OrganizationElement } from '../base/organization.ts';
import type { Store } from '../session/store.ts';
import { type Entry, entriesIn, sameAs } from './addresses.ts';

/** The most that the API takes at once. */
const BATCH = 20;

/** Invitations that are sent at once. What repeats a batch has its key, so that nothing is sent twice. */
interface Batch {
  readonly key: string;
  readonly invitations: Schemas['NewInvitation'][];
}

interface Sending {
  readonly host: OrganizationElement;
  readonly store: Store;
  readonly roles: string[];
  readonly message: string;
  /** Is told how far it is, if it takes several batches. */
  readonly told: (done: number, total: number) => void;
}

export class Draft {
  /** What stands in the box. */
  text = '';
  message = '';
  /** The roles that were chosen, if any were. */
  roles: readonly string[] | undefined;
  busy = false;
  /** Why the last batch was refused as a whole, or got no answer. */
  problem: Problem | undefined;
  /** The addresses that were invited since the dialog was opened. */
  sent: readonly string[] = [];
  /** Why addresses in the box were refused. */
  readonly #refused = new Map<string, Problem>();
  #total = 0;
  #waiting: readonly Batch[] = [];
  #intent = '';

  /** Whether some may have been sent: until that is known, only the same may be repeated. */
  get unknown(): boolean {
    return isUnknown(this.problem);
  }

  /** How many of those that are being sent have no answer yet. */
  get #left(): number {
    return this.#waiting.reduce((sum, { invitations }) => sum + invitations.length, 0);
  }

  /** What the box holds. */
  get entries(): readonly Entry[] {
    return entriesIn(this.text);
  }

  /** The addresses that can be sent. */
  get addresses(): string[] {
    return this.entries.filter(({ wrong }) => !wrong).map(({ address }) => address);
  }

  /** The dialog is opened: what was said of the last sending was read. */
  begin(): void {
    this.sent = [];
    this.problem = this.unknown ? this.problem : undefined;
  }

  /** Why an address was refused when it was sent last. */
  refusal(address: string): Problem | undefined {
    return this.#refused.get(sameAs(address));
  }

  /** Sends what is in the box, or goes on where it was interrupted. Gives the ids of the invitations that were sent. */
  async send({ host, store, roles, message, told }: Sending): Promise<string[]> {
    const intent = (): string => JSON.stringify([this.addresses, roles, message]);
    if (this.#waiting.length === 0 || (!this.unknown && intent() !== this.#intent)) {
      this.#waiting = batchesOf(this.addresses.map((email) => ({ email, roles, ...(message && { message }) })));
      this.#total = this.#left;
    }
    const ids: string[] = [];
    const { organizationId } = host; // another one may be shown before the last batch is sent
    this.busy = true;
    this.problem = undefined;
    store.changed();
    try {
      for (let [batch] = this.#waiting; batch; [batch] = this.#waiting) {
        if (this.#total > BATCH) {
          told(this.#total - this.#left, this.#total);
        }
        ids.push(...(await this.#sendBatch(store.connected, organizationId, batch)));
        this.#waiting = this.#waiting.slice(1);
        store.changed();
      }
    } catch (error) {
      this.problem = host.refused(error);
    }
    this.#intent = intent();
    this.busy = false;
    return ids;
  }

  async #sendBatch(client: Client, organization_id: string, { key, invitations }: Batch): Promise<string[]> {
    const { results } = await client.POST('/organizations/{organization_id}/invitations/batch', {
      params: { path: { organization_id } },
      body: { invitations },
      idempotencyKey: key,
    });
    const ids: string[] = [];
    const sent: string[] = [];
    for (const [index, result] of results.entries()) {
      const email = invitations[index]?.email ?? '';
      if ('invitation' in result) {
        ids.push(result.invitation.id);
        sent.push(email);
        this.#refused.delete(sameAs(email));
      } else {
        this.#refused.set(sameAs(email), result.problem as unknown as Problem);
      }
    }
    this.sent = [...this.sent, ...sent];
    const left = this.entries.map(({ address }) => address).filter((address) => !sent.includes(address));
    this.text = left.join('\n');
    return ids;
  }
}

function batchesOf(invitations: Batch['invitations']): Batch[] {
  const batches: Batch[] = [];
  for (let from = 0; from < invitations.length; from += BATCH) {
    batches.push({ key: newKey(), invitations: invitations.slice(from, from + BATCH) });
  }
  return batches;
}

const drafts = new WeakMap<Store['me'], Map<string, Draft>>();

/** What a person is writing to invite to an organization. It ends with who is signed in. */
export function draftOf({ me }: Store, organization_id: string): Draft {
  const own = drafts.get(me) ?? new Map<string, Draft>();
  drafts.set(me, own);
  const draft = own.get(organization_id) ?? new Draft();
  own.set(organization_id, draft);
  return draft;
}
