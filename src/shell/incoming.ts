import { SHARED_QUERY } from '../sw/messages.js';

/** Chromium's queue of files that the page was opened with; no library's types have it. */
interface LaunchQueue {
  setConsumer(consumer: (params: { readonly files?: readonly FileSystemFileHandle[] }) => void): void;
}

export interface IncomingPage {
  addFiles(files: readonly File[]): void;
  takeShared(id: string): Promise<readonly File[] | undefined>;
  shareLost(): void;
}

/** Takes the files that the page was opened with: by "open with" of the system, or shared by another app. */
export function receiveFiles(page: IncomingPage): void {
  (globalThis as { launchQueue?: LaunchQueue }).launchQueue?.setConsumer(({ files = [] }) => {
    void Promise.all(files.map((handle) => handle.getFile())).then((read) => read.length > 0 && page.addFiles(read));
  });
  const id = takeQuery(SHARED_QUERY);
  if (id === undefined) return;
  void page.takeShared(id).then((files) => (files && files.length > 0 ? page.addFiles(files) : page.shareLost()));
}

/** A value of the address's query that is meant once: it is gone afterwards, so that a reload does not mean it again. */
export function takeQuery(name: string): string | undefined {
  const url = new URL(location.href);
  const value = url.searchParams.get(name) ?? undefined;
  if (value === undefined) return undefined;
  url.searchParams.delete(name);
  history.replaceState(null, '', url);
  return value;
}
