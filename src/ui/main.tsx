import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { I18nextProvider } from 'react-i18next';
import { openPage } from '../state/index.js';
import { App } from './App.js';
import { createI18n } from './i18n/index.js';
import { PageContext } from './shared/index.js';
import { CrashGuard } from './status/index.js';
import './styles.css';

const page = openPage();
const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root.');

createRoot(root).render(
  <StrictMode>
    <I18nextProvider i18n={createI18n(page.store.getState().settings.language)}>
      <PageContext value={page}>
        <CrashGuard>
          <App />
        </CrashGuard>
      </PageContext>
    </I18nextProvider>
  </StrictMode>,
);
