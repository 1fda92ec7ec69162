import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { listen } from '../scripts/listen.mjs';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.gz': 'application/gzip',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.mjs': 'text/javascript',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};

/**
 * A plain static host, as they give away for nothing: files under a folder of a host that others use too, a media type and a few
 * minutes of cache, and no other header; no ranges, no compression, no POST.
 */
export class StaticHost {
  readonly asked: string[] = [];
  /** Answered with 404. */
  missing: RegExp | undefined;
  /** Not taken in, as files beyond a host's limit are not: 404. */
  largest = Infinity;
  /** Whether it serves `.gz` files as gzip of what they hold, in a header, for the browser to undo. */
  saysGzip = false;
  /** Answered only once this resolves. */
  held: { readonly path: RegExp; readonly until: Promise<void> } | undefined;

  private constructor(
    readonly url: string,
    readonly close: () => void,
  ) {}

  /** @param folders - the first that has the file answers; may be changed in place to deploy another build */
  static async start(path: string, folders: readonly string[]): Promise<StaticHost> {
    const server = createServer((request, response) => {
      const { pathname } = new URL(request.url ?? '/', 'http://host');
      void host.#wait(pathname).then(() => {
        host.asked.push(pathname);
        const name = pathname.startsWith(path) ? pathname.slice(path.length) || 'index.html' : undefined;
        const file = name === undefined ? undefined : folders.map((folder) => join(folder, name)).find(isFile);
        if (request.method !== 'GET') response.writeHead(405).end();
        else if (file === undefined || statSync(file).size > host.largest || host.missing?.test(pathname))
          response.writeHead(404).end();
        else {
          const encoded = host.saysGzip && file.endsWith('.gz');
          const type = TYPES[extname(encoded ? file.slice(0, -3) : file)] ?? 'application/octet-stream';
          response.writeHead(200, {
            'content-type': type,
            'cache-control': 'max-age=600',
            'content-length': statSync(file).size,
            ...(encoded && { 'content-encoding': 'gzip' }),
          });
          createReadStream(file).pipe(response);
        }
      });
    });
    const host = new StaticHost(new URL(path, await listen(server, 0)).href, () => {
      server.closeAllConnections();
      server.close();
    });
    return host;
  }

  async #wait(path: string): Promise<void> {
    if (this.held?.path.test(path)) await this.held.until;
  }
}

function isFile(file: string): boolean {
  return existsSync(file) && statSync(file).isFile();
}
