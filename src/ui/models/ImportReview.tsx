import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { packLabel, type ImportOptions, type Incoming, type LibraryPack } from '../../state/index.js';
import { formatMegabytes, useActions, useApp } from '../shared/index.js';
import { CheckpointFactsList } from './CheckpointFactsList.js';
import { fitsPrompts } from './fits-prompts.js';
import { WordField } from './WordField.js';
import { wordsIn } from './words-in.js';

type Review = Incoming & { readonly kind: 'review' };

/** CheXzero's pair, which the engine takes for a bare CLIP (ppad.md section 5). */
const ZERO_SHOT = ['normal.', 'pneumonia.'] as const;

/** What the file is, what would be made of it, and the choices; nothing is made before the reader says so. */
export function ImportReview({ review }: { readonly review: Review }) {
  const { t, i18n } = useTranslation();
  const { importModel, stopModel } = useActions();
  const { facts } = review.checkpoint;
  const [leaveAside, setLeaveAside] = useState(false);
  const zeroShot = (facts.kind === 'clip' && !review.prompts) || leaveAside;
  const backbones = useBackbones(review);
  const [storage, setStorage] = useState<'float16' | 'float32'>('float16');
  const [keepText, setKeepText] = useState(false);
  const sizes = facts.packBytes?.[storage];
  const needsBackbone = facts.kind === 'ppad-prompts';
  const known = zeroShot ? ZERO_SHOT : facts.classes;

  const start = (data: FormData): void => {
    const backboneId = data.get('backbone');
    const [normal, abnormal] = [wordsIn(data, 'normal'), wordsIn(data, 'abnormal')];
    const given = normal !== '' && abnormal !== '' && (normal !== known?.[0] || abnormal !== known[1]);
    const options: ImportOptions = {
      storage,
      keepText,
      zeroShot: leaveAside,
      ...(given && { classes: [normal, abnormal] }),
      ...(data.get('stored256') !== null && facts.vision && { steps: [256, facts.vision.side] }),
      ...(typeof backboneId === 'string' && { backboneId }),
    };
    void importModel(options);
  };

  return (
    <form className="import-review" action={start}>
      <CheckpointFactsList review={review} zeroShot={zeroShot} />
      {needsBackbone && <BackboneChoice packs={backbones} />}
      {facts.kind === 'ppad' && !review.prompts && (
        <label className="choice">
          <input type="checkbox" checked={leaveAside} onChange={({ target }) => setLeaveAside(target.checked)} />
          <span>
            {t('models.leaveAside')}
            <small>{t('models.leaveAsideWhy')}</small>
          </span>
        </label>
      )}
      <ClassFields key={String(zeroShot)} known={known} zeroShot={zeroShot} keepText={keepText} />
      {!needsBackbone && (
        <fieldset className="import-storage">
          <legend>{t('models.storage')}</legend>
          {(['float16', 'float32'] as const).map((type) => (
            <label key={type} className="choice">
              <input type="radio" name="storage" checked={storage === type} onChange={() => setStorage(type)} />
              <span>
                {t(`models.storageOf.${type}`, { size: formatMegabytes(facts.packBytes?.[type].vision ?? 0, i18n.language) })}
              </span>
            </label>
          ))}
        </fieldset>
      )}
      <label className="choice">
        <input type="checkbox" checked={keepText} onChange={({ target }) => setKeepText(target.checked)} />
        <span>
          {sizes ? t('models.keepText', { size: formatMegabytes(sizes.text, i18n.language) }) : t('models.keepTextToo')}
          <small>{t(zeroShot ? 'models.keepTextWords' : 'models.keepTextWhy')}</small>
        </span>
      </label>
      {facts.vision?.side === 224 && (
        <label className="choice">
          <input type="checkbox" name="stored256" />
          <span>
            {t('models.stored256')}
            <small>{t('models.stored256Why')}</small>
          </span>
        </label>
      )}
      <div className="actions">
        <button type="submit" className="primary" disabled={needsBackbone && backbones.length === 0}>
          {t('models.import')}
        </button>
        <button type="button" onClick={stopModel}>
          {t('models.cancel')}
        </button>
      </div>
    </form>
  );
}

/** Packs of the library whose towers the prompts fit, by their widths; the import compares the token tables as well. */
function useBackbones({ checkpoint }: Review): readonly LibraryPack[] {
  const packs = useApp((state) => state.packs);
  return packs?.filter((pack) => fitsPrompts(pack, checkpoint.facts)) ?? [];
}

function BackboneChoice({ packs }: { readonly packs: readonly LibraryPack[] }) {
  const { t } = useTranslation();
  const id = useId();
  if (packs.length === 0)
    return (
      <p role="alert" className="import-missing">
        {t('models.noBackbone')}
      </p>
    );
  return (
    <p className="field">
      <label htmlFor={id}>{t('models.backbone')}</label>
      <select id={id} name="backbone">
        {packs.map((pack) => (
          <option key={pack.id} value={pack.id}>
            {packLabel(pack)}
          </option>
        ))}
      </select>
    </p>
  );
}

interface ClassFieldsProps {
  readonly known: readonly [string, string] | undefined;
  readonly zeroShot: boolean;
  readonly keepText: boolean;
}

function ClassFields({ known, zeroShot, keepText }: ClassFieldsProps) {
  const { t } = useTranslation();
  return (
    <fieldset className="import-classes">
      <legend>{t(zeroShot ? 'models.words' : 'models.classes')}</legend>
      <WordField name="normal" label={t('models.without')} value={known?.[0]} />
      <WordField name="abnormal" label={t('models.with')} value={known?.[1]} />
      <p className="hint">{t(zeroShot ? (keepText ? 'models.wordsKept' : 'models.wordsHint') : known ? 'models.classesFound' : 'models.classesLater')}</p>
    </fieldset>
  );
}
