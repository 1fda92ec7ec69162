import type { CSSProperties } from 'react';
import { useTranslation } from 'react-i18next';
import type { SharedResult } from '../../core/link/shared-result.js';
import type { PositionId } from '../../core/result.js';
import { formatProbability, rampColour } from '../shared/index.js';
import { SchematicChest } from './SchematicChest.js';
import { probabilityAt, useSharedNames } from './use-shared.js';

/** Where the film would be: a drawing of a chest with the shared numbers along its sides. */
export function LinkStage({ shared }: { readonly shared: SharedResult }) {
  const { t } = useTranslation();
  const flipped = shared.sides === 'flipped';
  return (
    <>
      <div className="room">
        <div className="frame" style={{ '--aspect': 1 }}>
          <span className="mark at-left">{flipped ? t('positions.markLeft') : t('positions.markRight')}</span>
          <SharedBracket shared={shared} id="upper" />
          <span className="mark at-right">{flipped ? t('positions.markRight') : t('positions.markLeft')}</span>
          <SharedBracket shared={shared} id="left" />
          <div className="film drawing">
            <SchematicChest />
            <p className="drawing-label">{t('link.schematic')}</p>
          </div>
          <SharedBracket shared={shared} id="right" />
          <SharedBracket shared={shared} id="lower" />
        </div>
      </div>
      <p className="stage-foot link-foot">{t('link.is')}</p>
    </>
  );
}

interface SharedBracketProps {
  readonly shared: SharedResult;
  readonly id: Exclude<PositionId, 'whole'>;
}

/** As around a film; the rows in the panel say the same to screen readers. */
function SharedBracket({ shared, id }: SharedBracketProps) {
  const { t } = useTranslation();
  const nameOf = useSharedNames(shared);
  const probability = probabilityAt(shared, id);
  const style: CSSProperties = { '--colour': rampColour(probability) };
  return (
    <div className={`bracket fixed ${id}`} style={style} title={nameOf(id)} aria-hidden>
      <i />
      <span>
        {id === 'upper' && `${t('positions.shortUpper')} `}
        {id === 'lower' && `${t('positions.shortLower')} `}
        <b>{formatProbability(probability, shared.threshold)}</b>
      </span>
      <i />
    </div>
  );
}
