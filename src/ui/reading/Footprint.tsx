import type { CSSProperties } from 'react';
import type { PositionId } from '../../core/result.js';
import { rampColour, useApp } from '../shared/index.js';
import { footprintOf, gridOf, scoreAt, type ReadFilm } from './reading-model.js';

interface FootprintProps {
  readonly film: ReadFilm;
  readonly id: PositionId;
}

/** The patches that the model saw at a position: tinted and ruled, the rest of the film darkened. */
export function Footprint({ film, id }: FootprintProps) {
  const opacity = useApp((state) => state.opacity);
  const { manifest } = film.phase;
  const { rows, columns } = footprintOf(manifest, id);
  const [gridRows, gridColumns] = gridOf(manifest);
  const percent = (fraction: number): string => `${100 * fraction}%`;
  const place: CSSProperties = {
    top: percent(rows[0]),
    height: percent(rows[1] - rows[0]),
    left: percent(columns[0]),
    width: percent(columns[1] - columns[0]),
    '--colour': rampColour(scoreAt(film, id)?.probability ?? NaN),
    '--opacity': opacity,
    '--patch-rows': Math.round((rows[1] - rows[0]) * gridRows),
    '--patch-columns': Math.round((columns[1] - columns[0]) * gridColumns),
  };
  return (
    <>
      <div className="tint" style={place} />
      <div className="footprint" data-testid={`footprint-${id}`} style={place} />
    </>
  );
}
