import { describe, expect, it } from 'vitest';
import type { Manifest } from '../../core/pack/manifest.js';
import { REGIONS } from '../../core/ppad/positions.js';
import { POSITION_IDS } from '../../core/result.js';
import { createI18n } from '../i18n/index.js';
import { footprintOf, positionName, positionsUnder } from './reading-model.js';

const { t } = createI18n('en');

/** As much of a manifest as a film's view needs. */
function manifestOf(grid: number, names?: (id: string) => object): Manifest {
  const positions = POSITION_IDS.map((id, i) => ({ id, mask: REGIONS[i], ...(names?.(id) ?? { name: {} }) }));
  return { architecture: { grid: [grid, grid] }, positions } as unknown as Manifest;
}

describe('a footprint', () => {
  it('is the patches that count, not the half', () => {
    expect(footprintOf(manifestOf(7), 'left').columns).toEqual([0, 4 / 7]);
    expect(footprintOf(manifestOf(7), 'right').columns).toEqual([3 / 7, 1]);
    expect(footprintOf(manifestOf(8), 'left').columns).toEqual([0, 0.5]);
    expect(footprintOf(manifestOf(8), 'upper').rows).toEqual([0, 5 / 8]);
  });
});

describe('a point of the film', () => {
  it('lies in every position whose patches hold it', () => {
    expect(positionsUnder(manifestOf(7), { x: 0.1, y: 0.1 })).toEqual(['left', 'upper', 'whole']);
    expect(positionsUnder(manifestOf(7), { x: 0.5, y: 0.5 })).toEqual(['left', 'right', 'upper', 'lower', 'whole']);
    expect(positionsUnder(manifestOf(7), { x: 0.9, y: 0.9 })).toEqual(['right', 'lower', 'whole']);
    expect(positionsUnder(manifestOf(7), undefined)).toEqual([]);
  });
});

describe('a position’s name', () => {
  it('is the patient’s side, and the other one once the reader has flipped the film', () => {
    expect(positionName(t, 'en', manifestOf(7), 'left', 'assumed')).toBe('Patient’s right lung');
    expect(positionName(t, 'en', manifestOf(7), 'left', 'flipped')).toBe('Patient’s left lung');
    expect(positionName(t, 'en', manifestOf(7), 'right', 'flipped')).toBe('Patient’s right lung');
    expect(positionName(t, 'en', manifestOf(7), 'upper', 'flipped')).toBe('Upper zones');
  });

  it('is the pack’s own where it has one in this language', () => {
    const manifest = manifestOf(7, (id) => ({ name: { en: `${id}, says the pack` }, flippedName: { en: `${id}, flipped` } }));
    expect(positionName(t, 'en', manifest, 'left', 'assumed')).toBe('left, says the pack');
    expect(positionName(t, 'en', manifest, 'left', 'flipped')).toBe('left, flipped');
    expect(positionName(createI18n('zh').t, 'zh', manifest, 'left', 'assumed')).toBe('患者右肺');
  });
});
