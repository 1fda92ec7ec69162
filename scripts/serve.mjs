import { createReadStream, realpathSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { findFile } from './server/find-file.mjs';
import { cacheControl, COMMON_HEADERS, mediaType } from './server/headers.mjs';
import { acceptsBrotli, parseRange } from './server/ranges.mjs';

/** @typedef {import('node:http').IncomingMessage} Request @typedef {import('node:http').ServerResponse} Response */

/**
 * A server of the files in some folders: isolation and policy headers, precompressed siblings (`x.br`), ETag, single ranges,
 * and 404 for all else. It listens nowhere yet.
 *
 * @param {...string} folders the first that has the file answers: tests lay another pack over the built page
 * @returns {import('node:http').Server}
 */
export function createStaticServer(...folders) {
  const roots = folders.map((folder) => realpathSync(folder));
  return createServer((request, response) => {
    answer(roots, request, response).catch(() => {
      if (response.headersSent) response.destroy();
      else refuse(response, 500, 'Internal error');
    });
  });
}

/** @param {readonly string[]} roots @param {Request} request @param {Response} response */
async function answer(roots, request, response) {
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return refuse(response, 405, 'Method not allowed', { allow: 'GET, HEAD' });
  const found = await findFirst(roots, request.url ?? '/');
  if (!found) return refuse(response, 404, 'Not found');

  // A range counts bytes of what is sent, and a pack's reader counts the file's own: ranges are served uncompressed.
  const ranged = request.headers.range !== undefined;
  const sibling =
    ranged || !acceptsBrotli(request.headers['accept-encoding']) ? undefined : await statOrNothing(`${found.file}.br`);
  const size = sibling?.size ?? found.size;
  const etag = `"${Math.trunc(found.mtimeMs).toString(36)}-${found.size.toString(36)}${sibling ? '-br' : ''}"`;

  const headers = {
    ...COMMON_HEADERS,
    'accept-ranges': 'bytes',
    'cache-control': cacheControl(found.pathname),
    'content-type': mediaType(found.file),
    etag,
    vary: 'accept-encoding',
    ...(sibling ? { 'content-encoding': 'br' } : {}),
  };
  if (matches(request.headers['if-none-match'], etag)) return void response.writeHead(304, headers).end();

  const stillSame = request.headers['if-range'] === undefined || request.headers['if-range'] === etag;
  const span = ranged && stillSame ? parseRange(request.headers.range, size) : 'whole';
  if (span === 'unsatisfiable') return refuse(response, 416, 'Range not satisfiable', { 'content-range': `bytes */${size}` });

  const part = span === 'whole' ? { start: 0, end: size - 1 } : span;
  const partial = span === 'whole' ? {} : { 'content-range': `bytes ${part.start}-${part.end}/${size}` };
  response.writeHead(span === 'whole' ? 200 : 206, { ...headers, ...partial, 'content-length': part.end - part.start + 1 });
  if (request.method === 'HEAD' || size === 0) return void response.end();
  const stream = createReadStream(sibling ? `${found.file}.br` : found.file, part);
  stream.on('error', () => response.destroy());
  response.on('close', () => stream.destroy());
  stream.pipe(response);
}

/** @param {readonly string[]} roots @param {string} target */
async function findFirst(roots, target) {
  for (const root of roots) {
    const found = await findFile(root, target);
    if (found) return found;
  }
  return undefined;
}

/** @param {string} file */
async function statOrNothing(file) {
  try {
    return await stat(file);
  } catch {
    return undefined;
  }
}

/** @param {string | undefined} header @param {string} etag */
function matches(header, etag) {
  return (header ?? '').split(',').some((value) => value.trim() === '*' || value.trim().replace(/^W\//, '') === etag);
}

/** @param {Response} response @param {number} status @param {string} text @param {Record<string, string>} [headers] */
function refuse(response, status, text, headers = {}) {
  response.writeHead(status, {
    ...COMMON_HEADERS,
    ...headers,
    'cache-control': 'no-store',
    'content-type': 'text/plain; charset=utf-8',
  });
  response.end(`${text}\n`);
}
