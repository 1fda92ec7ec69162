/** What the page knows about itself as an installed app. */
export interface ShellState {
  /** Whether the next visit needs a network: `ready` once page, engine and model are kept here. */
  readonly offline: 'unknown' | 'preparing' | 'ready' | 'unavailable';
  /** `ready`: a newer version waits; `busy`: it waits for other windows; `stuck`: the server has it and it does not install. */
  readonly update: 'none' | 'ready' | 'busy' | 'stuck';
  /** Other windows with work open, which an update would reload. */
  readonly busyWindows: number;
  /** The browser offers to install the page. */
  readonly installable: boolean;
  /** Files were shared with the app, and the browser lost them on the way. */
  readonly shareLost: boolean;
}

export const INITIAL_SHELL: ShellState = {
  offline: 'unknown',
  update: 'none',
  busyWindows: 0,
  installable: false,
  shareLost: false,
};

/** What the shell may know and do of the page around it. */
export interface ShellPage {
  /** Films or anything else that a reload would lose. */
  hasOpenWork(): boolean;
  onChange(change: Partial<ShellState>): void;
}
