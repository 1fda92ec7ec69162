import { useCallback, useEffect } from 'react';
import { useDropzone, type DropzoneState } from 'react-dropzone';
import { useActions, useApp } from '../shared/index.js';

/**
 * The three ways in: a drop anywhere on the window, the picker, paste. What a file is, is told from its bytes later, so
 * nothing is refused by its name.
 */
export function useIntake(): DropzoneState {
  const { addFilms, checkFilm } = useActions();
  const shared = useApp((state) => state.link?.kind === 'shown');
  const take = useCallback(
    (files: readonly File[]): void => {
      const films = files.map((file) => ({ name: file.name, file }));
      // Over a shared result, a film is there to be compared with it.
      if (shared && films[0]) checkFilm(films[0]);
      else addFilms(films);
    },
    [shared, addFilms, checkFilm],
  );

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

  return useDropzone({ onDropAccepted: take, noClick: true, noKeyboard: true, useFsAccessApi: false });
}
