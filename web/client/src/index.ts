/** Roster's API from TypeScript and JavaScript. */

import type { components } from './api.ts';

/** The shapes of the API by name, such as `Schemas['Invitation']`. */
export type Schemas = components['schemas'];

export type { components, paths } from './api.ts';
export { type Client, type ClientOptions, createClient } from './client.ts';
export { newKey } from './key.ts';
export type { Data, Init, Item, Method, PagedPath, PathOf } from './operation.ts';
export { type GatewayProblem, type NetworkProblem, Problem, type ProblemFields } from './problem.ts';
export type { GetToken } from './token.ts';
