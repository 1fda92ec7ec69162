import { useTranslation } from 'react-i18next';
import type { Incoming } from '../../state/index.js';
import { formatMegabytes } from '../shared/index.js';

interface CheckpointFactsListProps {
  readonly review: Incoming & { readonly kind: 'review' };
  /** The words take the place of PPAD's prompts. */
  readonly zeroShot: boolean;
}

/** What a checkpoint was recognised as: its kind, its sizes, what would be made of it, and what would be left out. */
export function CheckpointFactsList({ review: { checkpoint, prompts }, zeroShot }: CheckpointFactsListProps) {
  const { t, i18n } = useTranslation();
  const { facts } = checkpoint;
  const { vision, textTower, surplus } = facts;
  const dtypes = [...new Set(facts.tensors.map(({ dtype }) => dtype))].join(', ');
  return (
    <>
      <dl className="facts">
        <dt>{t('models.recognised')}</dt>
        <dd>
          {t(`models.kindOf.${facts.kind}`)}
          {prompts && <p>{t('models.withPrompts', { name: prompts.file.name })}</p>}
        </dd>
        <dt>{t('models.file')}</dt>
        <dd>
          {t('models.fileFacts', {
            size: formatMegabytes(facts.bytes, i18n.language),
            container: t(`models.container.${facts.container}`),
            count: facts.tensors.length,
            dtypes,
          })}
        </dd>
        {vision && (
          <>
            <dt>{t('models.vision')}</dt>
            <dd>
              {t('models.visionFacts', {
                side: vision.side,
                patch: Math.round(vision.side / vision.grid[1]),
                rows: vision.grid[0],
                columns: vision.grid[1],
                width: vision.width,
                layers: vision.layers,
                embed: vision.embed,
                millions: formatMegabytes(vision.parameters, i18n.language),
              })}
            </dd>
          </>
        )}
        {textTower && (
          <>
            <dt>{t('models.text')}</dt>
            <dd>{t('models.textFacts', { width: textTower.width, layers: textTower.layers, vocabulary: new Intl.NumberFormat(i18n.language).format(textTower.vocabulary) })}</dd>
          </>
        )}
        <dt>{t('models.makes')}</dt>
        <dd>{t(`models.makesOf.${zeroShot ? 'zero-shot' : prompts ? 'learned-prompts' : facts.willBuild}`)}</dd>
      </dl>
      {surplus.length > 0 && (
        <details className="surplus">
          <summary>{t('models.surplus', { count: surplus.length })}</summary>
          <ul lang="en">
            {surplus.slice(0, MOST_KEYS).map((key) => (
              <li key={key}>
                <code>{key}</code>
              </li>
            ))}
            {surplus.length > MOST_KEYS && <li>{t('models.surplusMore', { count: surplus.length - MOST_KEYS })}</li>}
          </ul>
        </details>
      )}
    </>
  );
}

const MOST_KEYS = 50;
