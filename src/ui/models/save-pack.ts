/** Hands a pack to the browser's downloads. */
export function savePack(blob: Blob, label: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = `${label.replace(/[\\/:*?"<>|]+/g, '-').slice(0, 80)}.ppad`;
  link.click();
  // The download has begun by then; the blob is on disk.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
