import type { BackendFailure, EngineState } from '../worker/api.js';
import type { ClientEvent, WorkerClient } from '../worker/client.js';
import type { Backend, ErrorValue } from '../core/result.js';
import type { SettingsSlice } from './settings-slice.js';
import type { SliceCreator } from './slice.js';

/** What the page knows of the engine. `ready` may be followed by `starting`: a lost worker, or another backend wished for. */
export type EnginePhase =
  | { readonly kind: 'starting'; readonly bytes?: { readonly loaded: number; readonly total: number }; readonly trying?: Backend }
  | { readonly kind: 'ready' }
  | { readonly kind: 'failed'; readonly error: ErrorValue };

export interface EngineSlice {
  readonly engine: EnginePhase;
  /** The engine last ready: its pack and backend, kept while another one starts. */
  readonly lastEngine: EngineState | undefined;
  startEngine(): void;
  /** Restarts the engine on a backend (undefined: the best that works); films stay. */
  useBackend(backend: Backend | undefined): void;
}

export const createEngineSlice =
  (client: WorkerClient): SliceCreator<EngineSlice, SettingsSlice> =>
  (set) => {
    // Failures reach the state as events; the promise has nothing to add.
    const quietly = (work: Promise<unknown>): void => void work.catch(() => undefined);
    client.subscribe((event) => {
      if (event.kind !== 'pack-refused') set((state) => afterEvent(state.engine, event));
    });
    return {
      engine: { kind: 'starting' },
      lastEngine: undefined,
      startEngine: () => quietly(client.start()),
      useBackend: (backend) => {
        set((state) => ({ settings: { ...state.settings, backend } }));
        quietly(client.use(backend));
      },
    };
  };

function afterEvent(engine: EnginePhase, event: Exclude<ClientEvent, { kind: 'pack-refused' }>): Partial<EngineSlice> {
  const starting = engine.kind === 'starting' ? engine : { kind: 'starting' as const };
  switch (event.kind) {
    case 'engine-starting':
      return { engine: { kind: 'starting' } };
    case 'pack-bytes':
      return { engine: { ...starting, bytes: { loaded: event.loaded, total: event.total } } };
    case 'backend-trying':
      return { engine: { ...starting, trying: event.backend } };
    case 'engine-ready':
      return { engine: { kind: 'ready' }, lastEngine: event.engine };
    case 'engine-failed':
      return { engine: { kind: 'failed', error: event.error } };
  }
}

/** Why a backend is set aside, if it is. */
export function failureOf(engine: EngineState | undefined, backend: Backend): BackendFailure | undefined {
  return engine?.setAside.find((failure) => failure.backend === backend);
}
