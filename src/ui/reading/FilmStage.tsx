import type { PointerEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { shownPosition } from '../../state/index.js';
import { useActions, useApp } from '../shared/index.js';
import { Bracket } from './Bracket.js';
import { FilmCanvas } from './FilmCanvas.js';
import { Footprint } from './Footprint.js';
import type { ReadFilm } from './reading-model.js';
import { StageFoot } from './StageFoot.js';

/** The film as large as there is room, with its brackets, marks and footprint. */
export function FilmStage({ film }: { readonly film: ReadFilm }) {
  const { t } = useTranslation();
  const { pointAt } = useActions();
  const shown = useApp(shownPosition);
  const { scored } = film.phase;
  const { width, height } = scored.result.film;
  const [atLeft, atRight] =
    film.sides === 'assumed' ? (['markRight', 'markLeft'] as const) : (['markLeft', 'markRight'] as const);
  const point = (event: PointerEvent<HTMLDivElement>): void => {
    const box = event.currentTarget.getBoundingClientRect();
    pointAt({ x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height });
  };
  return (
    <>
      <div className="room">
        <div className="frame" style={{ '--aspect': width / height }}>
          <span className="mark at-left">{t(`positions.${atLeft}`)}</span>
          <Bracket film={film} id="upper" />
          <span className="mark at-right">{t(`positions.${atRight}`)}</span>
          <Bracket film={film} id="left" />
          <div
            className="film"
            onPointerMove={point}
            onPointerDown={point}
            onPointerLeave={(event) => event.pointerType === 'mouse' && pointAt(undefined)}
          >
            <FilmCanvas scored={scored} />
            {shown && <Footprint film={film} id={shown} />}
          </div>
          <Bracket film={film} id="right" />
          <Bracket film={film} id="lower" />
        </div>
      </div>
      <StageFoot film={film} />
    </>
  );
}
