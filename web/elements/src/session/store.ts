/** The store: one for each session, between the elements and the client. It keeps what was read, and never invents. */

import type { Speech } from '../words/say.ts';
import type { Client, GetToken, Joined, Me, Organization, Received, Roles, Self } from './api.ts';
import { Problem } from './api.ts';
import { Lagging } from './lagging.ts';
import { type Reader, Reading } from './reading.ts';

/** Whoever shows what the store knows. */
interface Viewer {
  requestUpdate(): void;
}

/** Who is told what happens. */
export interface Listener {
  /** Something could not be read. */
  problem(problem: Problem, organization_id: string | undefined): void;
  /** The person was removed from an organization, or it was deleted, by somebody else. */
  gone(organization_id: string): void;
}

/** What is known of one organization. */
export interface Team {
  readonly organization: Reading<Organization>;
  /** The caller's own membership: what they may do. */
  readonly self: Reading<Self>;
  readonly roles: Reading<Roles>;
}

/** Refusals that are states of a page, each with a sentence of its own. */
const STATES: ReadonlySet<string> = new Set(['email_not_verified', 'forbidden', 'not_found']);

export class Store implements Reader {
  /** Counts up when what was read may be old: what is shown is then read anew. */
  epoch = 0;
  /** How the elements speak. Unknown until it is known who is signed in. */
  speech: Speech | undefined;
  client: Client | undefined;
  /** Who is signed in. Everything but the preview waits for it. */
  me!: Reading<Me>;
  organizations!: Lagging<Joined>;
  received!: Lagging<Received>;
  readonly #listener: Listener;
  readonly #viewers = new Set<Viewer>();
  readonly #teams = new Map<string, Team>();
  /** The organizations that the person is no longer in, and whether that was somebody else's doing. */
  readonly #left = new Map<string, boolean>();
  /** Whether a change is under way here: what is not found meanwhile may be its doing. All is read anew after it. */
  busy = false;
  #host: GetToken | undefined;

  constructor(listener: Listener) {
    this.#listener = listener;
    this.reset();
  }

  get ready(): boolean {
    return this.client !== undefined;
  }

  /** Begins to work with a client. It is the host who says who is signed in, if its `getToken` is given. */
  use(client: Client, host?: GetToken): void {
    this.client = client;
    this.#host = host;
    this.reset();
  }

  /** Forgets everything: somebody else may be signed in. */
  reset(): void {
    this.busy = false;
    this.#teams.clear();
    this.#left.clear();
    this.me = new Reading(
      this,
      // The host says who is signed in, but not that nobody is. Without a token, the client does.
      async () => ((await this.#host?.()) ? never() : this.connected.PUT('/me')),
      (error) => this.#told(this.me, error),
    );
    this.organizations = new Lagging(
      this,
      ...this.#asking<readonly Joined[]>((client) => all(client.pages('/me/organizations'))),
    );
    this.received = new Lagging(this, ...this.#asking((client) => all(client.pages('/me/invitations'))));
    if (this.ready) {
      void this.me.read();
    }
    this.changed();
  }

  /** Says who is signed in, in place of PUT /me. */
  signIn(me: Me): void {
    if (this.me.data && this.me.data.user_id !== me.user_id) {
      this.reset();
    }
    this.me.set(me);
  }

  /** Whether nobody is signed in. */
  get signedOut(): boolean {
    return this.me.data === undefined && this.me.problem?.status === 401;
  }

  /** The client, when there is one. */
  get connected(): Client {
    if (!this.client) {
      throw new Error('There is no session.');
    }
    return this.client;
  }

  /** The organization that elements show which name none. */
  get active(): string | undefined {
    return this.me.data?.active_organization_id ?? undefined;
  }

  /** What is known of an organization; nothing is read until it is asked for. */
  team(organization_id: string): Team {
    const known = this.#teams.get(organization_id);
    if (known) {
      return known;
    }
    const params = { path: { organization_id } };
    const own = { path: { organization_id, user_id: 'me' } };
    const team: Team = {
      organization: new Reading(
        this,
        ...this.#asking((client) => client.GET('/organizations/{organization_id}', { params }), organization_id),
      ),
      self: new Reading(
        this,
        ...this.#asking(async (client) => {
          const self = await client.GET('/organizations/{organization_id}/members/{user_id}', { params: own });
          if (self.user_id !== this.me.data?.user_id) {
            this.reset(); // the token is another person's by now
          }
          return self;
        }, organization_id),
      ),
      roles: new Reading(
        this,
        ...this.#asking((client) => client.GET('/organizations/{organization_id}/roles', { params }), organization_id),
      ),
    };
    this.#teams.set(organization_id, team);
    return team;
  }

  /** Whether the person is no longer in an organization that they were in. */
  isLeft(organization_id: string): boolean {
    return this.#left.has(organization_id);
  }

  /** Asks something of the API, once it is known who is signed in. */
  async ask<T>(load: (client: Client) => Promise<T>): Promise<T> {
    await this.me.value();
    return load(this.connected);
  }

  /** What was read may be old: what is shown is read anew. */
  refresh(): void {
    this.epoch += 1;
    this.busy = false;
    if (this.me.problem) {
      void this.me.read();
    }
    this.changed();
  }

  /** Makes an organization the active one. */
  async activate(organization_id: string, idempotencyKey?: string): Promise<void> {
    const body = { organization_id };
    this.me.set(await this.connected.PUT('/me/active-organization', { body, idempotencyKey }));
  }

  /** Whether somebody else has ended the person's part in an organization. */
  isLost(organization_id: string): boolean | undefined {
    return this.#left.get(organization_id);
  }

  /** The person has joined or created an organization. */
  joined(membership: Joined): void {
    const { id } = membership.organization;
    this.#left.delete(id);
    this.#teams.delete(id);
    this.organizations.lay((items) =>
      items.some((one) => one.organization.id === id) ? items : [...items, membership],
    );
    this.received.lay((items) => items.filter((one) => one.organization_id !== id));
  }

  /** The person is no longer in an organization. Another one is the active one then, as the API has it. */
  async left(organization_id: string, lost = false): Promise<void> {
    this.#left.set(organization_id, lost);
    const remain = (items: readonly Joined[]) => items.filter((one) => one.organization.id !== organization_id);
    this.organizations.lay(remain);
    if (this.active === organization_id) {
      await this.organizations.read();
      const others = this.organizations.items ?? [];
      const next = others.find((one) => one.active) ?? others[0];
      this.me.set({ ...(await this.me.value()), active_organization_id: next?.organization.id ?? null });
    }
  }

  /** Shows a viewer what is known from now on. */
  add(viewer: Viewer): void {
    this.#viewers.add(viewer);
  }

  remove(viewer: Viewer): void {
    this.#viewers.delete(viewer);
  }

  changed(): void {
    for (const viewer of this.#viewers) {
      viewer.requestUpdate();
    }
  }

  /** The problem that an error is. Who listens is told, unless it is a state of the page. */
  problemOf(error: unknown, organization_id?: string): Problem {
    const problem = asProblem(error);
    if (organization_id !== undefined && problem.status === 404) {
      this.#lose(organization_id);
    } else if (!STATES.has(problem.code) && problem.status !== 401) {
      this.#listener.problem(problem, organization_id);
    }
    return problem;
  }

  /**
   * Why something could not be read that was wanted by somebody. Where it is unknown who is signed in, that was said
   * once; and what an earlier person could not read is nobody's.
   */
  unread(error: unknown, me: Reading<Me>, organization_id?: string): Problem {
    return me.data === undefined || me !== this.me ? asProblem(error) : this.problemOf(error, organization_id);
  }

  #told(reading: Reading<Me>, error: unknown): Problem {
    return reading === this.me ? this.problemOf(error) : asProblem(error);
  }

  /** How something of the API is read, and what becomes of a failure. */
  #asking<T>(load: (client: Client) => Promise<T>, id?: string): [() => Promise<T>, (error: unknown) => Problem] {
    const { me } = this;
    return [() => this.ask(load), (error) => this.unread(error, me, id)];
  }

  #lose(organization_id: string): void {
    if (this.#teams.get(organization_id)?.self.data && !this.busy && !this.isLeft(organization_id)) {
      void this.left(organization_id, true);
      this.#listener.gone(organization_id);
    }
  }
}

async function all<T>(pages: AsyncIterable<T>): Promise<readonly T[]> {
  const items: T[] = [];
  for await (const item of pages) {
    items.push(item);
  }
  return items;
}

/** What the host's own function throws counts as no connection. */
export const asProblem = (error: unknown): Problem =>
  error instanceof Problem
    ? error
    : new Problem({ code: 'network', status: 0, detail: String(error) }, { cause: error });

/** Waits for the host, which says who is signed in. */
const never = (): Promise<never> => new Promise(() => undefined);
