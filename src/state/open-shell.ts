import type { Manifest } from '../core/pack/manifest.js';
import {
  clearStorage,
  measureStorage,
  persistStorage,
  receiveFiles,
  Shell,
  takeQuery,
  type KeptModel,
  type ShellState,
} from '../shell/index.js';
import { requestsMade, SAMPLE_KINDS, type Decoders, type LibraryClient, type WorkerClient } from '../worker/client.js';
import type { ShellDoors } from './shell-slice.js';
import type { AppState, AppStore } from './store.js';

/** A reader who has dropped nothing by then is still reading the page. */
const IDLE_MS = 6_000;

/** The shell, and what the store may ask of it. The two need each other: `attach` makes the store known. */
export function makeShell(
  client: WorkerClient,
  decoders: Decoders,
  library: LibraryClient,
): { readonly doors: ShellDoors; attach(store: AppStore): void } {
  let store: AppStore | undefined;
  const shell = new Shell({
    hasOpenWork: () => store !== undefined && hasOpenWork(store.getState()),
    onChange: (change: Partial<ShellState>) => store?.getState().changeShell(change),
  });
  const doors: ShellDoors = {
    takeUpdate: (force) => shell.takeUpdate(force),
    repair: () => shell.repair(),
    install: () => shell.install(),
    requests: async () => [
      ...requestsMade(),
      ...(await client.requests()),
      ...(await decoders.requests()),
      ...(await library.requests()),
      ...(await shell.requests()),
    ],
    measureStorage,
    persistStorage,
    clearStorage: async () => {
      shell.forget();
      await clearStorage();
    },
  };
  const attach = (attached: AppStore): void => {
    store = attached;
    openWith(shell, attached);
  };
  return { doors, attach };
}

function openWith(shell: Shell, store: AppStore): void {
  void shell.open();
  receiveFiles({
    addFiles: (files) => void store.getState().takeFiles(files.map((file) => ({ path: file.name, file }))),
    takeShared: (id) => shell.takeShared(id),
    shareLost: () => store.getState().changeShell({ shareLost: true }),
  });
  const sample = takeQuery('sample');
  const kind = SAMPLE_KINDS.find((one) => one === sample);
  if (kind) void store.getState().openSample(kind);
  if (takeQuery('panel') === 'privacy') store.getState().showPrivacy(true);
  whenSettled(store, (model) => void shell.settle(model));
}

/** A reload would lose it. */
function hasOpenWork({ films, drawing, check, incoming }: AppState): boolean {
  return films.length > 0 || drawing !== undefined || check !== undefined || incoming !== undefined;
}

/** Calls once the first film is scored, or some time after the engine is ready: before that, all there is belongs to the first score. */
function whenSettled(store: AppStore, settled: (model: KeptModel) => void): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const go = (): void => {
    stop();
    clearTimeout(timer);
    // A browser without this call is not asked to wait.
    if ('requestIdleCallback' in window) requestIdleCallback(() => settled(keptModel(store.getState())), { timeout: 2000 });
    else settled(keptModel(store.getState()));
  };
  const stop = store.subscribe(({ films, engine }) => {
    if (films.some(({ phase }) => phase.kind === 'scored')) go();
    else if (engine.kind !== 'starting') timer ??= setTimeout(go, IDLE_MS);
  });
}

function keptModel({ lastEngine }: AppState): KeptModel {
  const imported = lastEngine?.manifest.stage === 'imported';
  return { webgpu: lastEngine?.backend === 'webgpu', files: lastEngine && !imported ? scoringFiles(lastEngine.manifest) : [] };
}

function scoringFiles({ files: { vision, visionWeights, prompts, golden, chestCheck } }: Manifest): KeptModel['files'] {
  return [vision, visionWeights, prompts, golden, ...(chestCheck ? [chestCheck] : [])];
}
