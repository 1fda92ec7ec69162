import type { TFunction } from 'i18next';
import type { Manifest } from '../../core/pack/manifest.js';
import { footprint, positionsAt, type Grid, type Region } from '../../core/ppad/positions.js';
import { POSITION_IDS, type PositionId, type PositionScore, type Sides } from '../../core/result.js';
import type { Film, FilmPhase, FilmPoint, Language } from '../../state/index.js';

/** A film with a result. */
export type ReadFilm = Film & { readonly phase: FilmPhase & { readonly kind: 'scored' } };

export function isRead(film: Film | undefined): film is ReadFilm {
  return film?.phase.kind === 'scored';
}

/** A film's five scores, by position. */
export function scoreAt({ phase }: ReadFilm, id: PositionId): PositionScore | undefined {
  return phase.scored.result.positions.find((score) => score.id === id);
}

/** A position's name in patient terms: the pack's own words where it has them in this language, else ours. */
export function positionName(
  t: TFunction,
  language: Language,
  { positions }: Pick<Manifest, 'positions'>,
  id: PositionId,
  sides: Sides,
): string {
  const position = positions.find((one) => one.id === id);
  // A position that lies on no side has one name, whichever side is the patient's right.
  const sided = mirror(id) !== id;
  const names: Readonly<Record<string, string>> | undefined =
    sides === 'flipped' && sided ? position?.flippedName : position?.name;
  return names?.[language] ?? t(`positions.${sides === 'flipped' ? mirror(id) : id}`);
}

/** The position on the other side. */
function mirror(id: PositionId): PositionId {
  return id === 'left' ? 'right' : id === 'right' ? 'left' : id;
}

const NOWHERE: Region = { rows: [0, 0], columns: [0, 0] };

function regionOf(manifest: Manifest, id: PositionId): Region {
  return manifest.positions.find((one) => one.id === id)?.mask ?? NOWHERE;
}

/** The patches that the model really saw at a position, as fractions of the film. */
export function footprintOf(manifest: Manifest, id: PositionId): Region {
  return footprint(gridOf(manifest), regionOf(manifest, id));
}

/** Patches of a column and of a row. */
export function gridOf({ architecture }: Manifest): Grid {
  return architecture.grid;
}

/** The positions whose footprint holds a point of the film. */
export function positionsUnder(manifest: Manifest, point: FilmPoint | undefined): readonly PositionId[] {
  if (!point) return [];
  const regions = POSITION_IDS.map((id) => regionOf(manifest, id));
  return positionsAt(gridOf(manifest), regions, point.x, point.y);
}
