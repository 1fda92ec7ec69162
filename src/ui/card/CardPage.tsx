import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CardPage as Page } from '../../state/index.js';
import { CardText } from '../models/index.js';

type Card =
  | { readonly kind: 'loading' | 'missing' }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'text'; readonly name: string; readonly text: string };

/** The card of the model that ships, on a page of its own (`?card`): to be read, linked to and printed. */
export function CardPage({ page }: { readonly page: Page }) {
  const { t } = useTranslation();
  const [card, setCard] = useState<Card>({ kind: 'loading' });
  useEffect(() => {
    let wanted = true;
    page.read().then(
      ({ manifest, text }) => {
        const name = `${manifest.title} ${manifest.packVersion}`;
        if (wanted) setCard(text === undefined ? { kind: 'missing' } : { kind: 'text', name, text });
      },
      (thrown: unknown) =>
        wanted && setCard({ kind: 'failed', message: thrown instanceof Error ? thrown.message : String(thrown) }),
    );
    return () => {
      wanted = false;
    };
  }, [page]);
  const name = card.kind === 'text' ? card.name : '';
  useEffect(() => {
    document.title = `${t('card.title')}: ${name}`;
  }, [t, name]);
  return (
    <div className="card-page">
      <header>
        <a href="./">{t('chest.back')}</a>
        {card.kind === 'text' && (
          <button type="button" onClick={() => window.print()}>
            {t('chest.print')}
          </button>
        )}
      </header>
      <main data-testid="card-page" aria-busy={card.kind === 'loading'}>
        {card.kind === 'loading' && <p>{t('chest.loading')}</p>}
        {card.kind === 'missing' && <p>{t('error.cardMissing')}</p>}
        {card.kind === 'failed' && <p role="alert">{t('chest.failed', { message: card.message })}</p>}
        {card.kind === 'text' && (
          <div lang="en">
            <CardText text={card.text} top={1} />
          </div>
        )}
      </main>
      <footer>
        <p>{t('app.disclaimer')}</p>
      </footer>
    </div>
  );
}
