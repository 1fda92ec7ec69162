import type { IncomingMessage, OutgoingHttpHeaders, RequestListener, ServerResponse } from 'node:http';
import { listen } from '../scripts/listen.mjs';
import { PAGE } from '../scripts/paths.mjs';
import { createStaticServer } from '../scripts/serve.mjs';

/** A request for a file of the page. */
export interface Asked {
  readonly path: string;
  readonly range: string | undefined;
}

interface Rule {
  readonly path: RegExp;
  readonly act: (request: IncomingMessage, response: ServerResponse) => Promise<void> | void;
  /** How many requests it is for. */
  left: number;
}

/** Long enough for what was sent to reach the page before the connection breaks. */
const SENT_MS = 300;

/** The project's own server, with a hand on the line: tests hold answers back, or break them off. */
export class AppServer {
  readonly asked: Asked[] = [];
  #rules: Rule[] = [];
  #releases: (() => void)[] = [];

  private constructor(
    readonly url: string,
    readonly close: () => void,
  ) {}

  static async start(overlays: readonly string[]): Promise<AppServer> {
    const server = createStaticServer(...overlays, PAGE);
    const answer = server.listeners('request')[0] as RequestListener;
    const close = (): void => {
      server.closeAllConnections();
      server.close();
    };
    const app = new AppServer(await listen(server, 0), close);
    server.removeAllListeners('request');
    server.on('request', (request, response) => void app.#handle(request, response).then(() => answer(request, response)));
    return app;
  }

  /** Answers the next `times` requests for `path` only after the function that this returns was called. */
  hold(path: RegExp, times = Infinity): () => void {
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    this.#releases.push(release);
    this.#rules.push({ path, left: times, act: () => released });
    return release;
  }

  /** Breaks off the next answer for `path` after so many bytes. */
  cut(path: RegExp, bytes: number): void {
    this.#rules.push({ path, left: 1, act: (_, response) => breakOff(response, bytes) });
  }

  /** Answers without a header that the project's own server sends, as many hosts do. */
  without(header: string): void {
    this.#rules.push({ path: /^/, left: Infinity, act: (_, response) => drop(response, header) });
  }

  /** Breaks every connection off: the server is gone. */
  refuse(): void {
    this.#rules.unshift({ path: /^/, left: Infinity, act: (request) => void request.socket.destroy() });
  }

  /** Everything as at the start. */
  reset(): void {
    for (const release of this.#releases) release();
    this.#releases = [];
    this.#rules = [];
    this.asked.length = 0;
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '';
    this.asked.push({ path, range: request.headers.range });
    const rule = this.#rules.find((one) => one.left > 0 && one.path.test(path));
    if (!rule) return;
    rule.left -= 1;
    await rule.act(request, response);
  }
}

function breakOff(response: ServerResponse, bytes: number): void {
  const write = response.write.bind(response) as (chunk: Buffer) => boolean;
  let left = bytes;
  // The file is piped: told that the line is busy, the pipe waits for ever.
  response.write = (chunk: Buffer): boolean => {
    const part = chunk.subarray(0, left);
    left -= part.length;
    write(part);
    if (left === 0) setTimeout(() => response.destroy(), SENT_MS);
    return left > 0;
  };
}

function drop(response: ServerResponse, header: string): void {
  const writeHead = response.writeHead.bind(response) as (status: number, headers: OutgoingHttpHeaders) => ServerResponse;
  response.writeHead = ((status: number, headers: OutgoingHttpHeaders) =>
    writeHead(
      status,
      Object.fromEntries(Object.entries(headers).filter(([name]) => name !== header)),
    )) as typeof response.writeHead;
}
