import { useTranslation } from 'react-i18next';
import { POSITION_IDS, type PositionId } from '../../core/result.js';
import { shownPosition } from '../../state/index.js';
import { formatProbability, useActions, useApp } from '../shared/index.js';
import { footprintOf, gridOf, positionsUnder, scoreAt, type ReadFilm } from './reading-model.js';
import { useNames } from './use-reading.js';

/** The line under the film: what is pointed at, or which patches are shown; and how strongly they are drawn. */
export function StageFoot({ film }: { readonly film: ReadFilm }) {
  const { t } = useTranslation();
  const nameOf = useNames(film);
  const { setOpacity, unpin } = useActions();
  const shown = useApp(shownPosition);
  const pinned = useApp((state) => state.pinned);
  const opacity = useApp((state) => state.opacity);
  // As one string: the line is drawn again only when the pointer enters other positions.
  const here = useApp((state) => positionsUnder(film.phase.manifest, state.point).join());
  const { threshold } = film.phase.scored.result;
  return (
    <div className="stage-foot">
      <p className="readout" data-testid="readout">
        {here ? (
          <>
            {t('result.here')}{' '}
            {POSITION_IDS.filter((id) => here.split(',').includes(id)).map((id) => (
              <span key={id}>
                {nameOf(id)} <b>{formatProbability(scoreAt(film, id)?.probability ?? NaN, threshold)}</b>
              </span>
            ))}
          </>
        ) : shown ? (
          <FootprintWords film={film} id={shown} />
        ) : (
          <>
            <span className="for-mouse">{t('result.hint')}</span>
            <span className="for-touch">{t('result.hintTouch')}</span>
          </>
        )}
      </p>
      {pinned && (
        <button type="button" className="quiet" onClick={unpin}>
          {t('result.unpin')}
        </button>
      )}
      <label className="opacity">
        {t('result.opacity')}
        <input
          type="range"
          min={0}
          max={1}
          step={0.05}
          value={opacity}
          onChange={(event) => setOpacity(event.target.valueAsNumber)}
        />
      </label>
    </div>
  );
}

function FootprintWords({ film, id }: { readonly film: ReadFilm; readonly id: PositionId }) {
  const { t } = useTranslation();
  const name = useNames(film)(id);
  const { manifest } = film.phase;
  const { rows, columns } = footprintOf(manifest, id);
  const [gridRows, gridColumns] = gridOf(manifest);
  const count = ([from, to]: readonly [number, number], of: number): number => Math.round((to - from) * of);
  return t('result.patches', { name, rows: count(rows, gridRows), columns: count(columns, gridColumns), gridRows, gridColumns });
}
