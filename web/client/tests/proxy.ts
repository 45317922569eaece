/** A proxy between a client and the server, which loses, holds or replaces answers, and knows what was asked. */

import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** What becomes of a request. */
export type Fault =
  | 'lose the request'
  | 'lose the answer' // once all is done
  | 'cut the answer' // in the middle of its body
  | 'hold' // no answer at all
  | { status: number; headers?: Record<string, string>; body?: string; after?: Promise<unknown> };

export interface Asked {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export class FaultyProxy {
  readonly asked: Asked[] = [];
  readonly address: string;
  readonly #server: Server;
  #faults: Fault[] = [];
  #arrived: () => void = () => undefined;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.address = `http://127.0.0.1:${port}`;
  }

  static async before(target: string): Promise<FaultyProxy> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const proxy = new FaultyProxy(server, (server.address() as AddressInfo).port);
    server.on('request', (request, response) => {
      proxy.#pass(target, request, response).catch(() => response.destroy());
    });
    return proxy;
  }

  /** From now on: the next requests meet these faults, one each, and `asked` begins anew. */
  next(...faults: Fault[]): void {
    this.#faults = faults;
    this.asked.length = 0;
  }

  /** Settles when the next request has come. */
  arrival(): Promise<void> {
    return new Promise((resolve) => {
      this.#arrived = resolve;
    });
  }

  async end(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #pass(target: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '', headers } = request;
    const body = await text(request);
    this.asked.push({ method, path: url, headers, body });
    this.#arrived();
    const fault = this.#faults.shift();
    if (fault === 'hold') {
      return;
    }
    if (fault === 'lose the request') {
      response.destroy();
      return;
    }
    if (typeof fault === 'object') {
      await fault.after;
      response.writeHead(fault.status, fault.headers).end(fault.body);
      return;
    }
    const passed = Object.entries(headers).filter(([name]) => !['host', 'connection', 'content-length'].includes(name));
    const answer = await fetch(target + url, {
      method,
      headers: Object.fromEntries(passed.map(([name, value]) => [name, String(value)])),
      ...(body && { body }),
    });
    const bytes = Buffer.from(await answer.arrayBuffer());
    if (fault === 'lose the answer') {
      response.destroy();
      return;
    }
    const told = Object.fromEntries([...answer.headers].filter(([name]) => name !== 'content-encoding'));
    response.writeHead(answer.status, told);
    if (fault === 'cut the answer') {
      response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy());
      return;
    }
    response.end(bytes);
  }
}
