/** @typedef {{ start: number, end: number }} Span bytes `start` to `end`, both included */

/**
 * Reads a `Range` header of one range. Several ranges are answered with the whole file, which RFC 9110 allows.
 *
 * @param {string | undefined} header
 * @param {number} size
 * @returns {Span | 'whole' | 'unsatisfiable'}
 */
export function parseRange(header, size) {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return 'whole';
  const [, first = '', last = ''] = match;
  if (first === '') {
    const length = Math.min(Number(last), size);
    return length === 0 ? 'unsatisfiable' : { start: size - length, end: size - 1 };
  }
  const start = Number(first);
  const end = last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (last !== '' && Number(last) < start) return 'whole';
  return start >= size ? 'unsatisfiable' : { start, end };
}

/**
 * Whether the client takes brotli, by `Accept-Encoding`.
 *
 * @param {string | undefined} header
 */
export function acceptsBrotli(header) {
  /** @type {Map<string, number>} */
  const weights = new Map();
  for (const part of (header ?? '').split(',')) {
    const [name = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
    const q = parameters.find((text) => text.startsWith('q='));
    weights.set(name, q === undefined ? 1 : Number(q.slice(2)));
  }
  return (weights.get('br') ?? weights.get('*') ?? 0) > 0;
}
