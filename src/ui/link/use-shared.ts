import { useTranslation } from 'react-i18next';
import type { SharedResult } from '../../core/link/shared-result.js';
import type { PositionId } from '../../core/result.js';
import { positionName } from '../reading/index.js';
import { useLanguage } from '../shared/index.js';

/** Names of a shared result's positions: our own words in the reader's language, with the sender's sides. */
export function useSharedNames({ sides }: SharedResult): (id: PositionId) => string {
  const { t } = useTranslation();
  const language = useLanguage();
  return (id) => positionName(t, language, { positions: [] }, id, sides);
}

export function probabilityAt({ positions }: SharedResult, id: PositionId): number {
  return positions.find((position) => position.id === id)?.probability ?? NaN;
}
