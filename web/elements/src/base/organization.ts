/** An element about one organization: the one that it names, or the session's active one. */

import { html } from 'lit';
import type { Team } from '../session/store.ts';
import { closed } from './closed.ts';
import { type Content, RosterElement } from './element.ts';

export abstract class OrganizationElement extends RosterElement {
  static override properties = { organization: { type: String } };

  /** The id of the organization; without it, the session's active one. */
  organization: string | undefined;

  override get about(): string | undefined {
    return this.organization || this.store?.active;
  }

  /** The id, once it is known that there is one. */
  get organizationId(): string {
    return this.about ?? '';
  }

  /** What is known of the organization. */
  get team(): Team {
    if (!this.store) {
      throw new Error('There is no session.');
    }
    return this.store.team(this.organizationId);
  }

  /** Whether the person may do something, by the name of the permission. */
  may(permission: string): boolean {
    return this.team.self.data?.permissions?.includes(permission) ?? false;
  }

  /** Asks before it is known whether the person may: what stands around it says that they most probably may. */
  early = false;

  /** Whether something may be asked that takes a permission. */
  protected might(permission: string): boolean {
    return this.team.self.data ? this.may(permission) : this.early;
  }

  /** The name of the permission that it takes to see what the element shows, if any. */
  protected readonly permission: string | undefined;

  /** Asks for what the element shows beside the organization: all at once, and not one after the other. */
  protected ask(): void {
    // Most elements show more.
  }

  /**
   * Takes leave of the organization, which the person has left or deleted here: that is said, and the focus goes to what
   * stands in its place. Where the element is a part of another one, that may be in the other.
   */
  async farewell(sentence: string): Promise<void> {
    const { host } = this.getRootNode() as ShadowRoot;
    if (host instanceof OrganizationElement) {
      return host.farewell(sentence);
    }
    await this.store?.left(this.organizationId);
    this.announce(sentence);
    if (this.about) {
      const { organization, self } = this.team;
      await Promise.allSettled([organization.value(), self.value()]);
    }
    await this.focusNext();
  }

  protected override gate(): Content | undefined {
    const gate = super.gate();
    if (gate) {
      return gate;
    }
    const { about } = this;
    if (!about) {
      return html`<div class="pad" part="empty"><p tabindex="-1">${this.common.say('no_organization')}</p></div>`;
    }
    if (this.store?.isLeft(about)) {
      return html`<div class="pad" part="empty"><p tabindex="-1">${this.common.say('gone')}</p></div>`;
    }
    const organization = this.team.organization.ask();
    const self = this.team.self.ask();
    const permitted = !this.permission || this.might(this.permission);
    if (permitted) {
      this.ask();
    }
    if (organization.data && self.data) {
      return permitted ? undefined : closed(this);
    }
    const problem = organization.problem ?? self.problem;
    return problem ? this.trouble(problem) : this.skeleton();
  }
}
