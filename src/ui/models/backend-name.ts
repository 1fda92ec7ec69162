import type { TFunction } from 'i18next';
import type { Backend } from '../../core/result.js';

/** A backend as people read it; with its threads where they are known. */
export function backendName(t: TFunction, backend: Backend, threads?: number): string {
  return backend === 'wasm' && threads !== undefined ? t('backend.threads', { threads }) : t(`backend.${backend}`);
}
