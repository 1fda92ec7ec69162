import { toErrorValue, type SampleKind } from '../worker/client.js';
import type { ErrorValue } from '../core/result.js';
import type { FilmsSlice } from './films-slice.js';
import type { SliceCreator } from './slice.js';

export interface SamplesSlice {
  /** The phantom being drawn. */
  readonly drawing: SampleKind | undefined;
  readonly sampleError: ErrorValue | undefined;
  /** Draws a phantom and takes it in as any other file. */
  openSample(kind: SampleKind): Promise<void>;
}

export const createSamplesSlice =
  (drawSample: (kind: SampleKind) => Promise<Blob>): SliceCreator<SamplesSlice, FilmsSlice> =>
  (set, get) => ({
    drawing: undefined,
    sampleError: undefined,
    openSample: async (kind) => {
      if (get().drawing) return;
      set({ drawing: kind, sampleError: undefined });
      try {
        get().addFilms([{ name: `phantom-${kind}.png`, source: await drawSample(kind), synthetic: true }]);
      } catch (thrown) {
        set({ sampleError: toErrorValue(thrown) });
      } finally {
        set({ drawing: undefined });
      }
    },
  });
