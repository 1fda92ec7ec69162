import type { RequestFact } from '../../core/request-fact.js';

/** Requests for one address. */
export interface Requested {
  /** Relative to the page's folder where it is of the page's own host, else whole. */
  readonly name: string;
  readonly times: number;
  readonly received: number;
}

export interface SortedRequests {
  readonly own: readonly Requested[];
  /** To any other host: there are none, and if there ever were, they would be shown. */
  readonly foreign: readonly Requested[];
  /** Bytes that came. */
  readonly received: number;
}

/** The requests by address, those to the page's own host apart from the others. Addresses within the page (blob:, data:) are none. */
export function sortRequests(requests: readonly RequestFact[], pageUrl: string): SortedRequests {
  const page = new URL(pageUrl);
  const folder = new URL('./', page).pathname;
  const own = new Map<string, Requested>();
  const foreign = new Map<string, Requested>();
  let received = 0;
  for (const { url, received: bytes } of requests) {
    const { origin, protocol, pathname, href } = new URL(url, page);
    if (protocol === 'blob:' || protocol === 'data:') continue;
    const mine = origin === page.origin;
    const name = !mine ? href : pathname.startsWith(folder) ? pathname.slice(folder.length) || './' : pathname;
    const side = mine ? own : foreign;
    const before = side.get(name);
    side.set(name, { name, times: (before?.times ?? 0) + 1, received: (before?.received ?? 0) + bytes });
    received += bytes;
  }
  const byName = (a: Requested, b: Requested): number => a.name.localeCompare(b.name, 'en');
  return { own: [...own.values()].sort(byName), foreign: [...foreign.values()].sort(byName), received };
}
