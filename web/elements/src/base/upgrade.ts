/** The button "Upgrade", which stands where a plan has no room. */

import { html, nothing } from 'lit';
import type { Content, RosterElement } from './element.ts';
import { emit } from './events.ts';

/** Leads where the product sells its plans, unless the page says no. Nothing on the last plan, which leads nowhere. */
export function upgrade(host: RosterElement, organization_id: string, url: string | null | undefined): Content {
  const press = (): void => {
    if (url && emit(host, 'upgrade', { organization_id, url }, true)) {
      location.assign(url);
    }
  };
  return url?.startsWith('https://')
    ? html`<button type="button" part="button" @click=${press}>${host.common.say('upgrade')}</button>`
    : nothing;
}
