import { POSITION_WORDS } from '../ppad/prompt.js';
import { REGIONS } from '../ppad/positions.js';
import { POSITION_IDS } from '../result.js';
import type { Manifest } from './manifest.js';

type PositionEntry = Manifest['positions'][number];

const RIGHT_LUNG = { en: "patient's right lung", zh: '患者右肺' };
const LEFT_LUNG = { en: "patient's left lung", zh: '患者左肺' };

/** What people read: on a standard frontal film the image's left is the patient's right. */
const NAMES: Readonly<Record<PositionEntry['id'], Pick<PositionEntry, 'name' | 'flippedName'>>> = {
  left: { name: RIGHT_LUNG, flippedName: LEFT_LUNG },
  right: { name: LEFT_LUNG, flippedName: RIGHT_LUNG },
  upper: { name: { en: 'upper zones', zh: '上肺野' } },
  lower: { name: { en: 'lower zones', zh: '下肺野' } },
  whole: { name: { en: 'whole film', zh: '整张胸片' } },
};

/** PPAD's five positions as a manifest has them: the method's masks and words, names in patient terms. */
export function defaultPositions(): PositionEntry[] {
  return POSITION_IDS.map((id, i) => {
    const { rows, columns } = REGIONS[i]!;
    return { id, mask: { rows: [...rows], columns: [...columns] }, prompt: POSITION_WORDS[i]!, ...NAMES[id] };
  });
}
