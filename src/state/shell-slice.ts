import type { RequestFact } from '../core/request-fact.js';
import { INITIAL_SHELL, type ShellState, type StorageReport } from '../shell/index.js';
import type { SliceCreator } from './slice.js';

/** What the page can do as an app; a test brings its own, or none. */
export interface ShellDoors {
  takeUpdate(force: boolean): Promise<void>;
  repair(): Promise<void>;
  install(): Promise<void>;
  /** All requests of page, engine and service worker. */
  requests(): Promise<readonly RequestFact[]>;
  measureStorage(): Promise<StorageReport>;
  /** Asks the browser to keep what is stored. */
  persistStorage(): Promise<boolean>;
  clearStorage(): Promise<void>;
}

export interface ShellSlice {
  readonly shell: ShellState;
  /** The page that shows what was sent and what is stored. */
  readonly privacyShown: boolean;
  readonly storage: StorageReport | undefined;
  readonly requests: readonly RequestFact[];
  /** Everything stored was cleared in this visit. */
  readonly cleared: boolean;
  changeShell(change: Partial<ShellState>): void;
  takeUpdate(force: boolean): void;
  /** Hides the offer of a newer version; the next visit makes it again. */
  putOffUpdate(): void;
  repair(): void;
  install(): void;
  showPrivacy(shown: boolean): void;
  /** Looks again at what is stored and what was requested. */
  lookAtPrivacy(): Promise<void>;
  persistStorage(): Promise<void>;
  clearStorage(): Promise<void>;
}

export const createShellSlice =
  (doors: ShellDoors | undefined): SliceCreator<ShellSlice> =>
  (set, get) => ({
    shell: INITIAL_SHELL,
    privacyShown: false,
    storage: undefined,
    requests: [],
    cleared: false,
    changeShell: (change) => set(({ shell }) => ({ shell: { ...shell, ...change } })),
    takeUpdate: (force) => void doors?.takeUpdate(force),
    putOffUpdate: () => get().changeShell({ update: 'none' }),
    repair: () => void doors?.repair(),
    install: () => void doors?.install(),
    showPrivacy: (privacyShown) => set({ privacyShown }),
    lookAtPrivacy: async () => {
      if (!doors) return;
      const [storage, requests] = await Promise.all([doors.measureStorage(), doors.requests()]);
      set({ storage, requests });
    },
    persistStorage: async () => {
      await doors?.persistStorage();
      await get().lookAtPrivacy();
    },
    clearStorage: async () => {
      await doors?.clearStorage();
      set({ cleared: true });
      await get().lookAtPrivacy();
    },
  });
