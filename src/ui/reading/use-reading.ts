import { useTranslation } from 'react-i18next';
import type { PositionId } from '../../core/result.js';
import { shownPosition } from '../../state/index.js';
import { useApp, useLanguage } from '../shared/index.js';
import { positionName, positionsUnder, type ReadFilm } from './reading-model.js';

/** Names of a film's positions, in the reader's language and with the film's sides. */
export function useNames({ phase, sides }: ReadFilm): (id: PositionId) => string {
  const { t } = useTranslation();
  const language = useLanguage();
  return (id) => positionName(t, language, phase.manifest, id, sides);
}

/** Whether a position is the one shown, and whether the pointer on the film lies in it. */
export function useEmphasis(
  { phase }: ReadFilm,
  id: PositionId,
): { readonly shown: boolean; readonly here: boolean; readonly pinned: boolean } {
  const shown = useApp((state) => shownPosition(state) === id);
  const pinned = useApp((state) => state.pinned === id);
  const here = useApp((state) => positionsUnder(phase.manifest, state.point).includes(id));
  return { shown, here, pinned };
}
