import { useEffect } from 'react';
import { useDropzone, type DropzoneState } from 'react-dropzone';
import { useActions } from '../shared/index.js';

/**
 * The three ways in: a drop anywhere on the window, the picker, paste. What a file is, is told from its bytes later, so
 * nothing is refused by its name.
 */
export function useIntake(): DropzoneState {
  const { addFilms } = useActions();
  const take = (files: readonly File[]): void => addFilms(files.map((file) => ({ name: file.name, file })));

  useEffect(() => {
    const onPaste = (event: ClipboardEvent): void => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length === 0) return;
      event.preventDefault();
      addFilms(files.map((file) => ({ name: file.name, file })));
    };
    window.addEventListener('paste', onPaste);
    return () => window.removeEventListener('paste', onPaste);
  }, [addFilms]);

  return useDropzone({ onDropAccepted: take, noClick: true, noKeyboard: true, useFsAccessApi: false });
}
