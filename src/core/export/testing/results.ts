import { defaultPositions } from '../../pack/default-positions.js';
import { scoreImage, scorePositions, PPAD_RULE } from '../../ppad/scoring.js';
import type { ScoreResult } from '../../result.js';
import type { ScoredExport } from '../film-export.js';

/** A whole result by the real rule from five pairs of logits. */
export function resultOf(logits: readonly (readonly [number, number])[], changes: Partial<ScoreResult> = {}): ScoreResult {
  const positions = scorePositions(logits);
  const { score, rule } = scoreImage(
    positions.map(({ probability }) => probability),
    PPAD_RULE,
  );
  return {
    rule,
    score,
    threshold: 0.51,
    aboveThreshold: score > 0.51,
    positions,
    inputDigest: '00112233445566778899aabbccddeeff',
    film: { format: 'png', width: 1024, height: 900, notes: [] },
    pack: { name: 'ppad-small', version: '0.1.0', sha256: '0f'.repeat(32) },
    backend: 'wasm',
    app: 'ppad-web 0.1.0',
    date: '2026-11-24T12:34:56.789Z',
    ms: { decode: 1, preprocess: 2, inference: 3 },
    ...changes,
  };
}

const LOGITS: readonly (readonly [number, number])[] = [
  [0, 1.2],
  [0.3, 0],
  [0, 0.7],
  [-0.4, 1.4],
  [0.1, 0.6],
];

/** A film that was scored: positions in the order of the method have 0.77, 0.43, 0.67, 0.86, 0.62. */
export function scoredFilm(changes: Partial<ScoredExport> = {}): ScoredExport {
  const manifest = { positions: defaultPositions(), rule: PPAD_RULE, stage: 'early' } as const;
  return { name: 'film.png', synthetic: false, sides: 'assumed', result: resultOf(LOGITS), manifest, ...changes };
}
