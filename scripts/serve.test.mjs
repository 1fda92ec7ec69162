import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listen } from './listen.mjs';
import { createStaticServer } from './serve.mjs';

const SCRIPT = 'export const films = 1;\n'.repeat(100);
const PACK = Uint8Array.from({ length: 1000 }, (_, index) => index % 251);

/** @type {string} */
let folder;
/** @type {string} */
let address;
/** @type {import('node:http').Server} */
let server;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ppad-serve-'));
  const root = join(folder, 'web');
  mkdirSync(join(root, 'assets'), { recursive: true });
  mkdirSync(join(root, 'models'));
  writeFileSync(join(root, 'index.html'), '<!doctype html><title>page</title>');
  writeFileSync(join(root, 'assets/index-abc.js'), SCRIPT);
  writeFileSync(join(root, 'assets/index-abc.js.br'), brotliCompressSync(SCRIPT));
  writeFileSync(join(root, 'assets/ort.wasm'), PACK);
  writeFileSync(join(root, 'models/weights.bin'), PACK);
  writeFileSync(join(root, 'empty.txt'), '');
  writeFileSync(join(root, '.stamp'), 'hidden');
  writeFileSync(join(folder, 'secret.txt'), 'secret');
  symlinkSync(join(folder, 'secret.txt'), join(root, 'link.txt'));
  server = createStaticServer(root);
  address = await listen(server, 0);
});

afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

/**
 * Sends the path as it is: `fetch` would tidy it up first.
 *
 * @param {string} path @param {Record<string, string>} [headers] @param {string} [method]
 * @returns {Promise<{ status: number, headers: import('node:http').IncomingHttpHeaders, body: Buffer }>}
 */
function ask(path, headers = {}, method = 'GET') {
  const { hostname, port } = new URL(address);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path, headers, method, agent: false }, (response) => {
      /** @type {Buffer[]} */
      const chunks = [];
      response.on('data', (/** @type {Buffer} */ chunk) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
      );
    });
    sent.on('error', reject);
    sent.end();
  });
}

describe('headers', () => {
  it('isolates and restricts every answer, errors too', async () => {
    for (const path of ['/', '/assets/index-abc.js', '/nothing']) {
      const { headers } = await ask(path);
      expect(headers['cross-origin-opener-policy']).toBe('same-origin');
      expect(headers['cross-origin-embedder-policy']).toBe('require-corp');
      expect(headers['cross-origin-resource-policy']).toBe('same-origin');
      expect(headers['content-security-policy']).toMatch(/^default-src 'none'/);
      expect(headers['content-security-policy']).not.toMatch(/unsafe-inline|'unsafe-eval'|https?:|\*/);
    }
  });

  it('keeps hashed files for ever and asks anew for the rest', async () => {
    expect((await ask('/')).headers['cache-control']).toBe('no-cache');
    expect((await ask('/models/weights.bin')).headers['cache-control']).toBe('no-cache');
    expect((await ask('/assets/index-abc.js')).headers['cache-control']).toContain('immutable');
  });

  it('names media types, wasm above all', async () => {
    expect((await ask('/')).headers['content-type']).toBe('text/html; charset=utf-8');
    expect((await ask('/assets/ort.wasm')).headers['content-type']).toBe('application/wasm');
  });
});

describe('compression', () => {
  it('sends brotli to those who take it', async () => {
    const { headers, body } = await ask('/assets/index-abc.js', { 'accept-encoding': 'gzip, br;q=0.5' });
    expect(headers['content-encoding']).toBe('br');
    expect(headers['vary']).toBe('accept-encoding');
    expect(Number(headers['content-length'])).toBe(body.byteLength);
    expect(brotliDecompressSync(body).toString()).toBe(SCRIPT);
  });

  it.each(['gzip', 'br;q=0', 'identity, *;q=0', ''])('sends the file itself for %j', async (accepted) => {
    const { headers, body } = await ask('/assets/index-abc.js', { 'accept-encoding': accepted });
    expect(headers['content-encoding']).toBeUndefined();
    expect(body.toString()).toBe(SCRIPT);
  });
});

describe('revalidation', () => {
  it('answers 304 to its own tag, and another tag to another encoding', async () => {
    const plain = (await ask('/assets/index-abc.js')).headers.etag ?? '';
    const packed = (await ask('/assets/index-abc.js', { 'accept-encoding': 'br' })).headers.etag ?? '';
    expect(packed).not.toBe(plain);
    const again = await ask('/assets/index-abc.js', { 'if-none-match': `"other", W/${plain}` });
    expect(again.status).toBe(304);
    expect(again.body.byteLength).toBe(0);
    expect((await ask('/assets/index-abc.js', { 'if-none-match': packed })).status).toBe(200);
  });
});

describe('ranges', () => {
  it.each([
    ['bytes=10-19', 10, 19],
    ['bytes=990-', 990, 999],
    ['bytes=-5', 995, 999],
    ['bytes=900-5000', 900, 999],
  ])('%s', async (range, start, end) => {
    const { status, headers, body } = await ask('/models/weights.bin', { range });
    expect(status).toBe(206);
    expect(headers['content-range']).toBe(`bytes ${start}-${end}/1000`);
    expect([...body]).toEqual([...PACK.slice(start, end + 1)]);
  });

  it('counts bytes of the file, never of its compressed form', async () => {
    const { headers, body } = await ask('/assets/index-abc.js', { range: 'bytes=0-5', 'accept-encoding': 'br' });
    expect(headers['content-encoding']).toBeUndefined();
    expect(body.toString()).toBe(SCRIPT.slice(0, 6));
  });

  it('refuses what lies beyond the end', async () => {
    const { status, headers } = await ask('/models/weights.bin', { range: 'bytes=1000-' });
    expect(status).toBe(416);
    expect(headers['content-range']).toBe('bytes */1000');
  });

  it.each(['bytes=a-b', 'bytes=5-2', 'bytes=0-1,4-5', 'rows=0-1'])('ignores %s', async (range) => {
    const { status, body } = await ask('/models/weights.bin', { range });
    expect(status).toBe(200);
    expect(body.byteLength).toBe(1000);
  });

  it('sends the whole file if it is another one by now', async () => {
    expect((await ask('/models/weights.bin', { range: 'bytes=0-1', 'if-range': '"older"' })).status).toBe(200);
  });
});

describe('what it refuses', () => {
  it.each([
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/assets/../../secret.txt',
    '/assets/..%5c..%5csecret.txt',
    '//secret.txt',
    '/link.txt',
    '/.stamp',
    '/index.html%00',
    '/%E0%A4%A',
    '/assets/index-abc.js.br',
    '/assets',
    '/assets/',
    '/some/page',
  ])('%s', async (path) => {
    const { status, body } = await ask(path);
    expect(status).toBe(404);
    expect(body.toString()).toBe('Not found\n');
  });

  it('other methods', async () => {
    const { status, headers } = await ask('/', {}, 'POST');
    expect(status).toBe(405);
    expect(headers.allow).toBe('GET, HEAD');
  });
});

describe('HEAD and empty files', () => {
  it('sends headers alone', async () => {
    const { status, headers, body } = await ask('/models/weights.bin', {}, 'HEAD');
    expect([status, headers['content-length'], body.byteLength]).toEqual([200, '1000', 0]);
  });

  it('sends an empty file', async () => {
    const { status, body } = await ask('/empty.txt?query');
    expect([status, body.byteLength]).toEqual([200, 0]);
  });
});

describe('several folders', () => {
  it('answers from the first that has the file', async () => {
    const over = join(folder, 'over');
    mkdirSync(join(over, 'models'), { recursive: true });
    writeFileSync(join(over, 'models/weights.bin'), 'toy');
    const layered = createStaticServer(over, join(folder, 'web'));
    const base = await listen(layered, 0);
    const texts = await Promise.all(['models/weights.bin', ''].map(async (path) => (await fetch(base + path)).text()));
    layered.close();
    expect(texts).toEqual(['toy', '<!doctype html><title>page</title>']);
  });
});

describe('listen', () => {
  it('takes the next free port on the loopback address, or fails where only this one will do', async () => {
    const port = Number(new URL(address).port);
    const second = createStaticServer(folder);
    await expect(listen(second, port, { exactly: true })).rejects.toThrow(/EADDRINUSE/);
    const other = await listen(second, port);
    second.close();
    expect(other).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
    expect(Number(new URL(other).port)).toBeGreaterThan(port);
  });
});
