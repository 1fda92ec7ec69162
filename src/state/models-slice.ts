import { AppError } from '../core/errors.js';
import type { ErrorValue, PackEvaluation } from '../core/result.js';
import type { CheckpointFacts, ImportOptions, JobProgress, LibraryPack, NamedFile } from '../worker/api.js';
import { toErrorValue, type LibraryClient, type WorkerClient } from '../worker/client.js';
import type { EngineSlice } from './engine-slice.js';
import { isPackFile } from './model-files.js';
import type { SliceCreator } from './slice.js';

/** A file on its way into the library. */
export type Incoming =
  | { readonly kind: 'inspecting'; readonly name: string }
  | { readonly kind: 'review'; readonly name: string; readonly checkpoint: Recognised; readonly prompts: Recognised | undefined }
  | { readonly kind: 'working'; readonly name: string; readonly progress: JobProgress | undefined }
  | { readonly kind: 'failed'; readonly name: string; readonly error: ErrorValue }
  | { readonly kind: 'stopped'; readonly name: string }
  | { readonly kind: 'done'; readonly name: string; readonly pack: LibraryPack; readonly known: boolean };

/** A checkpoint whose kind is known. */
export interface Recognised {
  readonly file: NamedFile;
  readonly facts: CheckpointFacts;
}

export interface ModelsSlice {
  readonly modelsShown: boolean;
  /** The library's packs, the newest first; undefined: not looked at yet. */
  readonly packs: readonly LibraryPack[] | undefined;
  /** Why the library cannot be read, or the last thing asked of it was not done. */
  readonly libraryError: ErrorValue | undefined;
  /** The library's pack in use, or being started; undefined: the page's own. */
  readonly packId: string | undefined;
  /** A pack that could not be used, and why. */
  readonly refused: { readonly packId: string; readonly error: ErrorValue } | undefined;
  readonly incoming: Incoming | undefined;
  readonly exporting: { readonly id: string; readonly progress: JobProgress | undefined } | undefined;
  /** The words are open for change; they stay so while the film is read anew with others. */
  readonly wordsShown: boolean;
  /** Words that were changed and whose result is not on stage yet, a line each. */
  readonly wordsAwaited: string | undefined;
  /** The result with the words awaited is on stage. */
  wordsSeen(): void;
  showModels(): void;
  hideModels(): void;
  /** Looks at the library. */
  refreshPacks(): Promise<void>;
  /** Takes checkpoints and packs in: one, or a CLIP with PPAD's prompts for it. */
  takeModels(files: readonly NamedFile[]): Promise<void>;
  /** Makes a pack of the checkpoint under review, and uses it. */
  importModel(options: ImportOptions): Promise<void>;
  /** Stops the import under way, or leaves its review. */
  stopModel(): void;
  dismissIncoming(): void;
  dismissRefused(): void;
  usePack(id: string | undefined): void;
  showWords(shown: boolean): void;
  /** Scores with other class words, undefined: the pack's own. @returns why not, if they cannot be used. */
  setWords(classes: readonly [string, string] | undefined): Promise<ErrorValue | undefined>;
  renamePack(id: string, label: string): Promise<void>;
  /** Records what the reader has measured with a pack; undefined takes it back. */
  evaluatePack(id: string, evaluation: PackEvaluation | undefined): Promise<void>;
  deletePack(id: string): Promise<void>;
  restorePack(id: string): Promise<void>;
  erasePack(id: string): Promise<void>;
  /** The pack as one file; undefined if it was stopped or failed, which the state then tells. */
  exportPack(id: string): Promise<Blob | undefined>;
}

export interface ModelsOptions {
  readonly library: LibraryClient;
  /** The pack that the engine begins with. */
  readonly packId: string | undefined;
}

export const createModelsSlice =
  (client: WorkerClient, { library, packId }: ModelsOptions): SliceCreator<ModelsSlice, EngineSlice> =>
  (set, get) => {
    let work: AbortController | undefined;
    let usedBeforeDelete: string | undefined;

    client.subscribe((event) => {
      if (event.kind === 'engine-ready') set({ packId: event.packId });
      else if (event.kind === 'pack-refused') set({ refused: { packId: event.packId, error: event.error } });
    });

    const look = async (): Promise<void> => {
      try {
        set({ packs: await library.list(), libraryError: undefined });
      } catch (thrown) {
        set({ packs: [], libraryError: toErrorValue(thrown) });
      }
    };
    const change = async (ask: () => Promise<void>): Promise<void> => {
      let failure: ErrorValue | undefined;
      await ask().catch((thrown: unknown) => (failure = toErrorValue(thrown)));
      await look();
      if (failure) set({ libraryError: failure });
    };

    const add = async (name: string, ask: (job: { signal: AbortSignal; onProgress: (p: JobProgress) => void }) => Added) => {
      const run = new AbortController();
      work = run;
      set({ incoming: { kind: 'working', name, progress: undefined } });
      try {
        const { pack, known } = await ask({
          signal: run.signal,
          onProgress: (progress) => work === run && set({ incoming: { kind: 'working', name, progress } }),
        });
        await look();
        set({ incoming: { kind: 'done', name, pack, known } });
        get().usePack(pack.id);
      } catch (thrown) {
        const error = toErrorValue(thrown);
        set({ incoming: error.code === 'ABORTED' ? { kind: 'stopped', name } : { kind: 'failed', name, error } });
      } finally {
        if (work === run) work = undefined;
      }
    };

    const inspect = async (files: readonly NamedFile[]): Promise<Incoming> => {
      const recognised: Recognised[] = [];
      for (const file of files) recognised.push({ file, facts: await library.inspect(file) });
      const prompts = recognised.find(({ facts }) => facts.kind === 'ppad-prompts');
      const main = recognised.find((one) => one !== prompts) ?? prompts;
      if (!main) throw new AppError('CHECKPOINT_UNSUPPORTED', 'There is no checkpoint among these files.');
      return { kind: 'review', name: main.file.name, checkpoint: main, prompts: main === prompts ? undefined : prompts };
    };

    return {
      modelsShown: false,
      wordsShown: false,
      wordsAwaited: undefined,
      packs: undefined,
      libraryError: undefined,
      packId,
      refused: undefined,
      incoming: undefined,
      exporting: undefined,
      showModels: () => {
        set({ modelsShown: true });
        void look();
      },
      hideModels: () => {
        const { kind } = get().incoming ?? {};
        const over = kind === 'done' || kind === 'stopped' || kind === 'failed';
        set({ modelsShown: false, libraryError: undefined, ...(over && { incoming: undefined }) });
      },
      refreshPacks: look,
      takeModels: async (files) => {
        const [first] = files;
        // One at a time: what is under way is shown, and the reader decides what becomes of it.
        if (!first || get().incoming?.kind === 'working' || get().incoming?.kind === 'inspecting') return get().showModels();
        get().showModels();
        const { name } = first;
        if (isPackFile(first)) return add(name, (job) => library.install(first, job));
        const asked: Incoming = { kind: 'inspecting', name };
        set({ incoming: asked });
        // Left meanwhile, perhaps for another file: then nobody waits for the answer.
        const answer = (incoming: Incoming): void => {
          if (get().incoming === asked) set({ incoming });
        };
        try {
          answer(await inspect(files.filter((file) => !isPackFile(file))));
        } catch (thrown) {
          answer({ kind: 'failed', name, error: toErrorValue(thrown) });
        }
      },
      importModel: async (options) => {
        const { incoming } = get();
        if (incoming?.kind !== 'review') return;
        const { checkpoint, prompts, name } = incoming;
        await add(name, (job) => library.import(checkpoint.file, { ...options, prompts: prompts?.file }, job));
      },
      stopModel: () => {
        if (work) work.abort();
        else set({ incoming: undefined });
      },
      dismissIncoming: () => set({ incoming: undefined }),
      dismissRefused: () => set({ refused: undefined }),
      usePack: (id) => {
        // A failure reaches the state as events.
        client.usePack(id).catch(() => undefined);
        set({ packId: id, refused: undefined });
      },
      showWords: (wordsShown) => set({ wordsShown }),
      wordsSeen: () => set({ wordsAwaited: undefined }),
      setWords: (classes) =>
        client.setWords(classes).then(
          () => {
            set({ wordsAwaited: get().lastEngine?.manifest.classes.join('\n') });
            return undefined;
          },
          (thrown: unknown) => toErrorValue(thrown),
        ),
      renamePack: (id, label) => change(() => library.rename(id, label)),
      evaluatePack: async (id, evaluation) => {
        await change(() => library.evaluated(id, evaluation));
        // The engine reads it with the pack, and the films on stage say so too.
        if (get().packId === id && !get().libraryError) get().usePack(id);
      },
      deletePack: (id) => {
        const used = get().packId === id;
        usedBeforeDelete = used ? id : undefined;
        if (used) get().usePack(undefined);
        return change(() => library.delete(id));
      },
      restorePack: async (id) => {
        await change(() => library.restore(id));
        if (usedBeforeDelete === id && !get().libraryError) get().usePack(id);
      },
      erasePack: (id) => change(() => library.erase(id)),
      exportPack: async (id) => {
        const run = new AbortController();
        set({ exporting: { id, progress: undefined }, libraryError: undefined });
        try {
          return await library.export(id, {
            signal: run.signal,
            onProgress: (progress) => set({ exporting: { id, progress } }),
          });
        } catch (thrown) {
          set({ libraryError: toErrorValue(thrown) });
          return undefined;
        } finally {
          set({ exporting: undefined });
        }
      },
    };
  };

type Added = ReturnType<LibraryClient['install']>;

/** What people call a pack: their own name for it, else its title. */
export function packLabel({ label, manifest, id }: LibraryPack): string {
  return label ?? manifest?.title ?? id;
}
