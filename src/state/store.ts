import { createStore, type StoreApi } from 'zustand/vanilla';
import type { SampleKind } from '../worker/client.js';
import { createEngineSlice, type EngineSlice } from './engine-slice.js';
import type { FilmWorkers } from './film-workers.js';
import { createFilmsSlice, type FilmsSlice } from './films-slice.js';
import { createLinkSlice, type LinkSlice } from './link-slice.js';
import type { QueueSlice } from './queue-slice.js';
import { createModelsSlice, type ModelsOptions, type ModelsSlice } from './models-slice.js';
import { createSamplesSlice, type SamplesSlice } from './samples-slice.js';
import { createShellSlice, type ShellDoors, type ShellSlice } from './shell-slice.js';
import { createSettingsSlice, type Settings, type SettingsSlice } from './settings-slice.js';
import { createViewSlice, type ViewSlice } from './view-slice.js';
import { createWorklistSlice, type WorklistSlice } from './worklist-slice.js';

export type AppState = EngineSlice &
  FilmsSlice &
  LinkSlice &
  ModelsSlice &
  QueueSlice &
  SamplesSlice &
  SettingsSlice &
  ShellSlice &
  ViewSlice &
  WorklistSlice;
export type AppStore = StoreApi<AppState>;

export interface StoreOptions {
  readonly settings: Settings;
  readonly drawSample: (kind: SampleKind) => Promise<Blob>;
  readonly shell?: ShellDoors;
  readonly models: ModelsOptions;
}

/** The page's whole state. Pixels are held by reference and never copied. */
export function createAppStore(workers: FilmWorkers, { settings, drawSample, shell, models }: StoreOptions): AppStore {
  return createStore<AppState>((set, get) => ({
    ...createEngineSlice(workers.client)(set, get),
    ...createFilmsSlice(workers)(set, get),
    ...createLinkSlice(workers)(set, get),
    ...createModelsSlice(workers.client, models)(set, get),
    ...createSamplesSlice(drawSample)(set, get),
    ...createSettingsSlice(settings)(set, get),
    ...createShellSlice(shell)(set, get),
    ...createViewSlice(set, get),
    ...createWorklistSlice(workers.decoders)(set, get),
  }));
}
