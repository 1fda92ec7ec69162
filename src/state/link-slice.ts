import { toAppError } from '../core/errors.js';
import { compareWithShared, type Comparison } from '../core/link/compare.js';
import { decodeLink } from '../core/link/decode-link.js';
import type { SharedResult } from '../core/link/shared-result.js';
import type { ErrorValue, ScoreResult } from '../core/result.js';
import { toErrorValue, type JobStage } from '../worker/client.js';
import type { EngineSlice } from './engine-slice.js';
import type { IncomingFilm } from './film.js';
import type { FilmWorkers } from './film-workers.js';
import type { SliceCreator } from './slice.js';

/** A link that the page was opened with: its result, or why none is shown. */
export type OpenedLink =
  { readonly kind: 'shown'; readonly shared: SharedResult } | { readonly kind: 'refused'; readonly error: ErrorValue };

/** The recipient's own reading of a film beside a shared result. */
export type CheckPhase =
  | { readonly kind: 'busy'; readonly film: IncomingFilm; readonly stage: JobStage | 'queued' }
  | { readonly kind: 'done'; readonly film: IncomingFilm; readonly comparison: Comparison; readonly own: ScoreResult }
  | { readonly kind: 'failed'; readonly film: IncomingFilm; readonly error: ErrorValue };

export interface LinkSlice {
  readonly link: OpenedLink | undefined;
  readonly check: CheckPhase | undefined;
  /** Shows the result in a location's hash. No model is loaded for it. */
  openLink(hash: string): void;
  /** Leaves the link for the page's own films, and starts the engine if it has not been. */
  closeLink(): void;
  /** Reads a film, for which the model is loaded, and compares it with the result shown. */
  checkFilm(film: IncomingFilm): void;
  cancelCheck(): void;
}

export const createLinkSlice =
  ({ client, decoders }: FilmWorkers): SliceCreator<LinkSlice, EngineSlice> =>
  (set, get) => {
    let running: AbortController | undefined;

    const stop = (): void => {
      running?.abort();
      running = undefined;
      set({ check: undefined });
    };

    const read = async (film: IncomingFilm, shared: SharedResult, run: AbortController): Promise<void> => {
      const tell = (check: CheckPhase | undefined): void => {
        if (running === run) set({ check });
      };
      tell({ kind: 'busy', film, stage: 'queued' });
      try {
        const { result } = await client.score(await decoders.open(film.source, run.signal), {
          signal: run.signal,
          onStage: (stage) => tell({ kind: 'busy', film, stage }),
        });
        tell({ kind: 'done', film, comparison: compareWithShared(result, shared), own: result });
      } catch (thrown) {
        tell(toAppError(thrown).code === 'ABORTED' ? undefined : { kind: 'failed', film, error: toErrorValue(thrown) });
      }
    };

    return {
      link: undefined,
      check: undefined,
      openLink: (hash) => {
        stop();
        try {
          set({ link: { kind: 'shown', shared: decodeLink(hash) } });
        } catch (thrown) {
          set({ link: { kind: 'refused', error: toErrorValue(thrown) } });
        }
      },
      closeLink: () => {
        if (!get().link) return;
        stop();
        set({ link: undefined });
        get().startEngine();
      },
      checkFilm: (film) => {
        const { link } = get();
        if (link?.kind !== 'shown') return;
        stop();
        running = new AbortController();
        void read(film, link.shared, running);
      },
      cancelCheck: stop,
    };
  };
