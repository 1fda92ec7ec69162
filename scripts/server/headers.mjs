import { extname } from 'node:path';

// In the page too, as a `meta` element: scripts/build/page-meta.mjs. `wasm-unsafe-eval` compiles wasm and nothing else. Inline styles are set by script (CSSOM), which the policy does not concern.
export const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "connect-src 'self'",
  "img-src 'self' blob: data:",
  "style-src 'self'",
  "font-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
];

/**
 * Sent with every answer. The cross-origin trio isolates the page, which gives it threads; a worker script needs them too.
 *
 * @type {Readonly<Record<string, string>>}
 */
export const COMMON_HEADERS = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
  'content-security-policy': POLICY.join('; '),
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/** @type {Readonly<Record<string, string>>} */
const TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.gz': 'application/gzip',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.md': 'text/markdown; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};

/** @param {string} file */
export const mediaType = (file) => TYPES[extname(file).toLowerCase()] ?? 'application/octet-stream';

/** What lies in `assets/` has a hash or a version in its path and never changes. @param {string} pathname */
export const cacheControl = (pathname) => (/(^|\/)assets\//.test(pathname) ? 'public, max-age=31536000, immutable' : 'no-cache');
