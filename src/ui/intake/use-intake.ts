import { useCallback, useEffect } from 'react';
import { useDropzone, type DropEvent, type DropzoneState } from 'react-dropzone';
import { useActions } from '../shared/index.js';
import { droppedFiles, withPath } from './dropped-files.js';

/**
 * The three ways in: a drop anywhere on the window, the picker, paste. Checkpoints and packs go to the models; what any other file
 * is, is told from its bytes later, so nothing is refused by its name.
 */
export function useIntake(): DropzoneState {
  const { takeFiles } = useActions();
  const take = useCallback((files: readonly File[]): void => void takeFiles(files.map(withPath)), [takeFiles]);

  useEffect(() => {
    const onPaste = (event: ClipboardEvent): void => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length === 0) return;
      event.preventDefault();
      take(files);
    };
    window.addEventListener('paste', onPaste);
    return () => window.removeEventListener('paste', onPaste);
  }, [take]);

  return useDropzone({ getFilesFromEvent, onDropAccepted: take, noClick: true, noKeyboard: true, useFsAccessApi: false });
}

/** The library's own reading of folders gives up all for one file that cannot be read. */
function getFilesFromEvent(event: DropEvent): Promise<(File | DataTransferItem)[]> {
  if (Array.isArray(event)) return Promise.resolve([]);
  if ('dataTransfer' in event && event.dataTransfer) {
    const { dataTransfer } = event;
    // While it is over the page, a drag shows how many items it has and no more.
    return event.type === 'drop' ? droppedFiles(dataTransfer) : Promise.resolve([...dataTransfer.items]);
  }
  return Promise.resolve([...((event.target as HTMLInputElement | null)?.files ?? [])]);
}
