/** The field in which roles are chosen: a select, or checkboxes where somebody may have several roles. */

import { html, nothing } from 'lit';
import type { Role } from '../session/api.ts';
import { title } from '../words/say.ts';
import type { Content } from './element.ts';
import type { OrganizationElement } from './organization.ts';

/** A role that may be given, and whether the plan has room for it. */
export interface Offer {
  readonly role: Pick<Role, 'alone' | 'custom' | 'description' | 'id' | 'title'>;
  readonly full: boolean;
}

interface Field {
  readonly label: string;
  readonly offers: readonly Offer[];
  readonly several: boolean;
  readonly chosen: readonly string[];
  readonly locked: boolean;
  /** What is wrong with what is chosen. */
  readonly wrong?: string | undefined;
  readonly choose: (roles: string[]) => void;
}

export function rolesField(host: OrganizationElement, field: Field): Content {
  const { chosen, offers, wrong } = field;
  const error = wrong ? html`<p part="error" class="error" id="role-wrong" role="alert">${wrong}</p>` : nothing;
  if (field.several) {
    return html`<fieldset ?disabled=${field.locked} aria-describedby="role-wrong">
      <legend>${field.label}</legend>
      ${offers.map((offer) => check(host, field, offer))} ${error}
    </fieldset>`;
  }
  const [only] = offers.filter(({ role }) => chosen.includes(role.id));
  return html`<div class="label">
    <label for="role">${field.label}</label>
    <select part="field" id="role" ?disabled=${field.locked} aria-invalid=${wrong ? 'true' : nothing} aria-describedby="role-hint role-wrong"
      @change=${(event: Event) => field.choose([(event.target as HTMLSelectElement).value])}>
      ${only ? nothing : html`<option value="" .selected=${true} hidden></option>`}
      ${offers.map(
        ({ role, full }) =>
          html`<option value=${role.id} ?disabled=${full} .selected=${role === only?.role}>${titleOf(host, role)}</option>`,
      )}
    </select>
    <p class="muted small" id="role-hint"><bdi>${only?.role.description}</bdi></p>
    ${error}
  </div>`;
}

function check(host: OrganizationElement, { choose, chosen, offers }: Field, { full, role }: Offer): Content {
  const toggled = (event: Event): void => {
    const alone = new Set(offers.filter((offer) => offer.role.alone).map((offer) => offer.role.id));
    const others = chosen.filter((id) => id !== role.id);
    if ((event.target as HTMLInputElement).checked) {
      // What stands alone excludes the others.
      choose(role.alone ? [role.id] : [...others.filter((id) => !alone.has(id)), role.id]);
    } else {
      choose(others);
    }
  };
  return html`<label class="check">
    <input part="field" type="checkbox" aria-label=${titleOf(host, role)} .checked=${chosen.includes(role.id)} ?disabled=${full} aria-describedby=${`hint-${role.id}`} @change=${toggled} />
    <span><bdi>${titleOf(host, role)}</bdi><span class="muted small hint" id=${`hint-${role.id}`}><bdi>${role.description}</bdi></span></span>
  </label>`;
}

const titleOf = (host: OrganizationElement, role: Offer['role']): string =>
  title('role', role.id, role.title, host.speech);
