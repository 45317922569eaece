/** What the client uses of openapi-fetch, which in the scripts stands in its place: the rest is a twentieth of them. */

import type { Plugin } from 'esbuild';

interface Options {
  readonly params?: { readonly path?: Record<string, string>; readonly query?: Record<string, unknown> };
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  readonly signal?: AbortSignal;
  readonly parseAs?: 'json' | 'text';
  readonly fetch: (request: Request) => Promise<Response>;
}

interface Answered {
  readonly data?: unknown;
  readonly response: Response;
}

type Send = (method: string, path: string, options: Options) => Promise<Answered>;

/** Calls with a path's parameters in their places. What it is given to send with, throws what is no success. */
// biome-ignore lint/style/noDefaultExport: it stands for a module that has one
export default function createClient({ baseUrl }: { baseUrl: string }): { readonly request: Send } {
  const request: Send = async (method, path, { params = {}, body, headers, signal, parseAs, fetch }) => {
    const filled = path.replaceAll(/\{(\w+)\}/gu, (place, name) => {
      const value = params.path?.[name];
      return value === undefined ? place : encodeURIComponent(value);
    });
    const query = Object.entries(params.query ?? {})
      .flatMap(([name, value]) => [value].flat().map((each) => [name, each]))
      .filter(([, value]) => value !== undefined && value !== null)
      .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`)
      .join('&');
    const init: RequestInit = { method: method.toUpperCase(), headers: headers ?? {}, signal: signal ?? null };
    if (body !== undefined) {
      init.body = JSON.stringify(body);
      init.headers = { 'content-type': 'application/json', ...headers };
    }
    const url = `${baseUrl.replace(/\/$/u, '')}${filled}${query && `?${query}`}`;
    const response = await fetch(new Request(url, init));
    const text = await response.text();
    if (parseAs === 'text' && response.status !== 204) {
      return { data: text, response };
    }
    return { data: text ? JSON.parse(text) : undefined, response };
  };
  return { request };
}

export const slimFetch: Plugin = {
  name: 'slim openapi-fetch',
  setup({ onResolve }) {
    // biome-ignore lint/style/useUnicodeRegex: esbuild reads it by Go's rules, which have no such flag
    onResolve({ filter: /^openapi-fetch$/ }, () => ({ path: import.meta.filename }));
  },
};
