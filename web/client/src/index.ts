/** Roster's API from TypeScript and JavaScript. */

export type { components, paths } from './api.ts';
export { type Client, type ClientOptions, createClient } from './client.ts';
export type { Data, Init, Item, Method, PagedPath, PathOf } from './operation.ts';
export { type GatewayProblem, type NetworkProblem, Problem, type ProblemFields } from './problem.ts';
export type { GetToken } from './token.ts';
