/** The product's billing, as far as the demo plays it: a machine that puts an organization on the next plan. */

import { pack, token } from './local.ts';
import { cancelable, make, part, say } from './page.ts';
import { client } from './person.ts';
import { api, on } from './session.ts';

const dialog = part('upgrade', HTMLDialogElement);
const confirm = part('upgrade-now', HTMLButtonElement);

let upgrade: (() => Promise<void>) | undefined;

/** Answers "Upgrade" in place of the page that the pack names; calls back when there is another plan. */
export function showUpgrade(upgraded: () => void): void {
  on('roster-upgrade', (event) => {
    event.preventDefault();
    void open(event.detail.organization_id);
  });
  cancelable(dialog);
  confirm.addEventListener('click', async () => {
    dialog.close();
    await upgrade?.();
    upgraded();
  });
}

async function open(organization_id: string): Promise<void> {
  const params = { path: { organization_id } };
  const [{ name, plan, plan_title }, { plans }] = await Promise.all([
    client.GET('/organizations/{organization_id}', { params }),
    pack(),
  ]);
  const next = plans[plans.findIndex(({ id }) => id === plan) + 1];
  if (!next) {
    return; // there is none above the last
  }
  part('upgrade-text', HTMLElement).replaceChildren(
    make('bdi', {}, name),
    ` is on the plan ${plan_title}. The next one is ${next.title}.`,
  );
  upgrade = async () => {
    await bill(organization_id, next.id);
    say(`${name} is on the plan ${next.title} now.`);
  };
  dialog.showModal();
}

/** No person may do this: a product's back end does, when it was paid. */
async function bill(organization_id: string, plan: string): Promise<void> {
  const authorization = `Bearer ${await token({ client_id: 'demo', scope: 'roster/billing' })}`;
  const answer = await fetch(`${api}/organizations/${organization_id}/plan`, {
    method: 'PUT',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify({ plan }),
  });
  if (!answer.ok) {
    throw new Error(`PUT …/plan: ${answer.status} ${await answer.text()}`);
  }
}
