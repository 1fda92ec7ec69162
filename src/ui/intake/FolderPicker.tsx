import { useImperativeHandle, useRef, type Ref } from 'react';
import { useTranslation } from 'react-i18next';
import { useActions } from '../shared/index.js';
import { withPath } from './dropped-files.js';

export interface FolderPickerHandle {
  readonly open: () => void;
}

/** React has no type for it; every browser has the attribute. */
const FOLDERS = { webkitdirectory: '' };

/** The browser's picker of whole folders; buttons elsewhere open it. */
export function FolderPicker({ ref }: { readonly ref: Ref<FolderPickerHandle> }) {
  const { t } = useTranslation();
  const { takeFiles } = useActions();
  const input = useRef<HTMLInputElement>(null);
  useImperativeHandle(ref, () => ({ open: () => input.current?.click() }), []);
  return (
    <input
      ref={input}
      type="file"
      hidden
      {...FOLDERS}
      aria-label={t('intake.folder')}
      data-testid="folder-input"
      onChange={({ target }) => {
        void takeFiles([...(target.files ?? [])].map(withPath));
        // The same folder may be chosen again.
        target.value = '';
      }}
    />
  );
}
