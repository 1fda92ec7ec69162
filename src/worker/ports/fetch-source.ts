import { AppError } from '../../core/errors.js';
import type { PackSource } from '../../engine/ports.js';

/** A pack in a folder of a web server. `folderUrl` is absolute, with a slash at its end. */
export function fetchSource(folderUrl: string): PackSource {
  return {
    async manifest(signal) {
      // Asked anew each time: the manifest alone says which files are the pack's. The browser's own copy serves when offline.
      const response = await request(new URL('manifest.json', folderUrl), { cache: 'no-cache' }, signal);
      return new Uint8Array(await response.arrayBuffer());
    },
    async open(path, offset, signal) {
      const headers: HeadersInit = offset > 0 ? { Range: `bytes=${offset}-` } : {};
      const url = new URL(path, folderUrl);
      const response = await request(url, { headers, cache: 'no-store' }, signal);
      if (!response.body) throw new AppError('DOWNLOAD_FAILED', `The server sent no body for ${path}.`, { url: url.href });
      return { start: startOf(response, offset), chunks: chunksOf(response.body, url.href) };
    },
  };
}

async function request(url: URL, init: RequestInit, signal: AbortSignal | undefined): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, { ...init, credentials: 'same-origin', signal: signal ?? null });
  } catch (cause) {
    if (signal?.aborted) throw new AppError('ABORTED', 'Stopped.', {}, { cause });
    throw new AppError('DOWNLOAD_FAILED', `${url.pathname} could not be fetched.`, { url: url.href }, { cause });
  }
  if (response.ok) return response;
  const code = response.status === 404 ? 'PACK_NOT_FOUND' : 'DOWNLOAD_FAILED';
  throw new AppError(code, `The server answered ${response.status} for ${url.pathname}.`, {
    url: url.href,
    status: response.status,
  });
}

/** Where the body begins: a server without ranges answers 200 with the whole file. */
function startOf(response: Response, asked: number): number {
  if (response.status !== 206) return 0;
  const from = /^bytes (\d+)-/.exec(response.headers.get('Content-Range') ?? '')?.[1];
  return from === undefined ? asked : Number(from);
}

async function* chunksOf(body: ReadableStream<Uint8Array>, url: string): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((cause: unknown) => {
        throw new AppError('DOWNLOAD_FAILED', 'The connection broke during the download.', { url }, { cause });
      });
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** CLIP's merges, which come with the page. @throws AppError `DOWNLOAD_FAILED`. */
export async function fetchMerges(assetsUrl: string): Promise<string> {
  return (await request(new URL('tokenizer/clip-merges.txt', assetsUrl), {}, undefined)).text();
}
