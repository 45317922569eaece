/** What a call takes and gives, by method and path, worked out from the description of the API. */

import type { paths } from './api.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

type Operation<M extends Method, P extends keyof paths> =
  Lowercase<M> extends keyof paths[P] ? NonNullable<paths[P][Lowercase<M>]> : never;

/** The paths that a method has. */
export type PathOf<M extends Method> = {
  [P in keyof paths]: [Operation<M, P>] extends [never] ? never : P;
}[keyof paths];

type OrUndefined<T> = { [K in keyof T]: T[K] | undefined };
type PathParams<O> = O extends { parameters: { path: infer T } } ? { path: T } : unknown;
type QueryParams<O> = O extends { parameters: { query?: infer T } }
  ? [T] extends [undefined]
    ? unknown
    : { query?: OrUndefined<NonNullable<T>> | undefined }
  : unknown;
type Params<O> = unknown extends PathParams<O> & QueryParams<O>
  ? unknown
  : PathParams<O> extends { path: unknown }
    ? { params: PathParams<O> & QueryParams<O> }
    : { params?: QueryParams<O> };

type Body<O> = O extends { requestBody: { content: { 'application/json': infer T } } }
  ? { body: T }
  : O extends { requestBody?: { content: { 'application/json': infer T } } }
    ? { body?: T | undefined }
    : unknown;

type Header<O> = O extends { parameters: { header?: infer T } }
  ? [T] extends [undefined]
    ? never
    : keyof NonNullable<T>
  : never;
type Key<O> =
  'Idempotency-Key' extends Header<O>
    ? {
        /** One for each change that somebody wants. Without it, each call has its own. */
        idempotencyKey?: string | undefined;
      }
    : unknown;
type Match<O> =
  'If-Match' extends Header<O>
    ? {
        /** The `etag` of what was read: the change is made only if it is still that. */
        ifMatch?: string | undefined;
      }
    : unknown;

type Request<O> = Params<O> &
  Body<O> &
  Key<O> &
  Match<O> & {
    /** Ends the call, whatever it waits for; it then throws the signal's reason. */
    signal?: AbortSignal | undefined;
  };

/** What a call is given. */
export type Init<M extends Method, P extends PathOf<M>> = Request<Operation<M, P>>;

/** What a call is given, as its last argument: none where nothing is needed. */
export type InitArgument<T> = Partial<T> extends T ? [init?: T] : [init: T];

type Success = 200 | 201 | 204;
type Responses<O> = O extends { responses: infer R } ? R[keyof R & Success] : never;
/** What is read alone has its ETag beside it, as in a list. */
type Tagged<R> = R extends { headers: { ETag?: infer T } } ? (unknown extends T ? unknown : { etag: string }) : unknown;
type Content<R> = R extends { content: infer C }
  ? C[keyof C] extends object
    ? C[keyof C] & Tagged<R>
    : C[keyof C]
  : undefined;

/** What a call gives. */
export type Data<M extends Method, P extends PathOf<M>> = Content<Responses<Operation<M, P>>>;

type Page = { items: readonly unknown[]; next_cursor: string | null };

/** The paths of what is read in pages, or (the export) in parts. */
export type PagedPath = {
  [P in PathOf<'GET'>]: Data<'GET', P> extends Page | string ? P : never;
}[PathOf<'GET'>];

/** What such a path has many of. */
export type Item<P extends PagedPath> = Data<'GET', P> extends { items: readonly (infer T)[] } ? T : string;
