import { createStore, type StateCreator, type StoreApi } from 'zustand/vanilla';
import type { SampleKind, WorkerClient } from '../worker/client.js';
import { createEngineSlice, type EngineSlice } from './engine-slice.js';
import { createFilmsSlice, type FilmsSlice } from './films-slice.js';
import { createSamplesSlice, type SamplesSlice } from './samples-slice.js';
import { createSettingsSlice, type Settings, type SettingsSlice } from './settings-slice.js';
import { createViewSlice, type ViewSlice } from './view-slice.js';

export type AppState = EngineSlice & FilmsSlice & SamplesSlice & SettingsSlice & ViewSlice;
export type AppStore = StoreApi<AppState>;
/** Makes one part of the state; it may read and set the whole. */
export type SliceCreator<S> = StateCreator<AppState, [], [], S>;

export interface StoreOptions {
  readonly settings: Settings;
  readonly drawSample: (kind: SampleKind) => Promise<Blob>;
}

/** The page's whole state. Pixels are held by reference and never copied. */
export function createAppStore(client: WorkerClient, { settings, drawSample }: StoreOptions): AppStore {
  return createStore<AppState>((...api) => ({
    ...createEngineSlice(client)(...api),
    ...createFilmsSlice(client)(...api),
    ...createSamplesSlice(drawSample)(...api),
    ...createSettingsSlice(settings)(...api),
    ...createViewSlice(...api),
  }));
}
