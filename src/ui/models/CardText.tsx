import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';

// The Markdown reader comes only when a card is opened.
const Markdown = lazy(async () => ({ default: (await import('./Markdown.js')).Markdown }));

/** The Markdown of a card; `top` is the level of its largest heading. */
export function CardText({ text, top }: { readonly text: string; readonly top: number }) {
  const { t } = useTranslation();
  return (
    <Suspense fallback={<p>{t('card.loading')}</p>}>
      <Markdown text={text} top={top} />
    </Suspense>
  );
}
