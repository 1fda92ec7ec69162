import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Manifest } from '../../core/pack/manifest.js';
import { Dialog, usePage } from '../shared/index.js';
import { CardText } from './CardText.js';

interface CardDialogProps {
  readonly manifest: Manifest;
  readonly sha256: string | undefined;
  readonly onClose: () => void;
}

type Card = { readonly kind: 'loading' | 'missing' | 'failed' } | { readonly kind: 'text'; readonly text: string };

/** The card of a model, as its makers wrote it. */
export function CardDialog({ manifest, sha256, onClose }: CardDialogProps) {
  const { t } = useTranslation();
  const { readCard } = usePage();
  const [card, setCard] = useState<Card>({ kind: 'loading' });
  useEffect(() => {
    let wanted = true;
    readCard(manifest, sha256).then(
      (text) => wanted && setCard(text === undefined ? { kind: 'missing' } : { kind: 'text', text }),
      () => wanted && setCard({ kind: 'failed' }),
    );
    return () => {
      wanted = false;
    };
  }, [manifest, sha256, readCard]);
  return (
    <Dialog title={`${t('card.title')}: ${manifest.title} ${manifest.packVersion}`} onClose={onClose}>
      {card.kind === 'loading' && <p>{t('card.loading')}</p>}
      {card.kind === 'missing' && <p>{t('error.cardMissing')}</p>}
      {card.kind === 'failed' && <p>{t('error.cardFailed')}</p>}
      {/* The dialogue has the page's h2. */}
      {card.kind === 'text' && <CardText text={card.text} top={3} />}
    </Dialog>
  );
}
