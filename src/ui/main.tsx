import { lazy, StrictMode, Suspense, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { I18nextProvider } from 'react-i18next';
import { openCardPage, openPage, wantsCard, type CardPage as CardDoor, type Settings } from '../state/index.js';
import { App } from './App.js';
import { createI18n } from './i18n/index.js';
import { PageContext } from './shared/index.js';
import { CrashGuard } from './status/index.js';
import './styles.css';

const CardPage = lazy(async () => ({ default: (await import('./card/index.js')).CardPage }));

function show(settings: Settings, children: ReactNode): void {
  const root = document.getElementById('root');
  if (!root) throw new Error('index.html has no #root.');
  createRoot(root).render(
    <StrictMode>
      <I18nextProvider i18n={createI18n(settings.language)}>{children}</I18nextProvider>
    </StrictMode>,
  );
}

/** The card alone: neither engine nor store is started. */
function showCard(page: CardDoor): void {
  const { language, theme } = page.settings;
  document.documentElement.lang = language === 'zh' ? 'zh-Hans' : language;
  document.documentElement.dataset['theme'] = theme;
  show(
    page.settings,
    <Suspense fallback={null}>
      <CardPage page={page} />
    </Suspense>,
  );
}

function showApp(): void {
  const page = openPage();
  show(
    page.store.getState().settings,
    <PageContext value={page}>
      <CrashGuard>
        <App />
      </CrashGuard>
    </PageContext>,
  );
}

if (wantsCard(location)) showCard(openCardPage());
else showApp();
