import type { RequestFact } from '../core/request-fact.js';

/** What the page may ask the service worker for; it answers through the port that comes with the question. */
export type Question =
  /** Which build the worker belongs to. */
  | { readonly kind: 'identify' }
  /** Serve this page too, if it is of the worker's own build: the page that registers a worker is not served by it yet. */
  | { readonly kind: 'claim'; readonly build: string }
  /** Take over from the worker in use. Refused while another window has work open, unless `force`. */
  | { readonly kind: 'activate'; readonly force: boolean }
  /** The files that were shared with the app under this number; they are given once. */
  | { readonly kind: 'take-shared'; readonly id: string }
  /** The requests that the worker itself made since it was started. */
  | { readonly kind: 'requests' };

export interface Answers {
  readonly identify: { readonly build: string; readonly version: string };
  readonly claim: boolean;
  /** How many other windows have work open; 0: it takes over. */
  readonly activate: { readonly busy: number };
  /** Undefined: there are none, or the browser has ended the worker that had them. */
  readonly 'take-shared': readonly File[] | undefined;
  readonly requests: readonly RequestFact[];
}

/** What the worker asks each window before it takes over; the answer is whether work is open there. */
export interface BusyQuestion {
  readonly kind: 'busy?';
}

/** The query by which a page learns that files wait for it: `?shared=ID`. */
export const SHARED_QUERY = 'shared';
/** The cache of the engine's WebAssembly: keys are `<scope>engine/<sha256>`. */
export const ENGINE_CACHE = 'engine';
export const engineKey = (scope: string, sha256: string): string => new URL(`engine/${sha256}`, scope).href;
