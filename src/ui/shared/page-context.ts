import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { AppState, Language, Page } from '../../state/index.js';

export const PageContext = createContext<Page | undefined>(undefined);

export function usePage(): Page {
  const page = useContext(PageContext);
  if (!page) throw new Error('No PageContext around this component.');
  return page;
}

/** A part of the state; the component draws again when that part changes. */
export function useApp<T>(select: (state: AppState) => T): T {
  return useStore(usePage().store, select);
}

/** The state's actions, which never change. */
export function useActions(): AppState {
  return usePage().store.getState();
}

export function useLanguage(): Language {
  return useApp((state) => state.settings.language);
}
