import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { THEMES, type Film } from '../state/index.js';
import { Meaning } from './intake/index.js';
import { BackendChooser, ImportChip } from './models/index.js';
import { isRead, WholeMark } from './reading/index.js';
import { Dialog, useActions, useApp } from './shared/index.js';
import { ListToggle } from './worklist/index.js';

interface HeaderProps {
  readonly film: Film | undefined;
  readonly onOpen: () => void;
  readonly listOpen: boolean;
  readonly onToggleList: () => void;
}

export function Header({ film, onOpen, listOpen, onToggleList }: HeaderProps) {
  const { t } = useTranslation();
  const { home, closeLink } = useActions();
  const link = useApp((state) => state.link);
  const leave = (): void => {
    closeLink();
    home();
  };
  const [help, setHelp] = useState(false);
  return (
    <header className="head">
      <button type="button" className="quiet brand" title={t('app.home')} onClick={leave}>
        <svg viewBox="0 0 32 32" aria-hidden>
          <path d="M7 5H4v22h3M25 5h3v22h-3" />
          <path className="lit" d="M16 7v18" />
        </svg>
        {t('app.name')}
      </button>
      <p className="head-film">
        {link ? t('link.documentTitle') : film?.name} {film?.synthetic && <span className="tag">{t('intake.synthetic')}</span>}
        {isRead(film) && <WholeMark film={film} />}
      </p>
      {film && (
        <button type="button" className="quiet" onClick={onOpen}>
          {t('intake.open')}
        </button>
      )}
      <ImportChip />
      <ListToggle open={listOpen} onToggle={onToggleList} />
      {/* A link needs no engine. */}
      {!link && <BackendChooser />}
      <ThemeSwitch />
      <LanguageSwitch />
      <button type="button" className="quiet" aria-label={t('app.help')} title={t('app.help')} onClick={() => setHelp(true)}>
        ?
      </button>
      {help && (
        <Dialog title={t('app.help')} onClose={() => setHelp(false)}>
          <Meaning />
          <p className="note">{t('app.disclaimer')}</p>
        </Dialog>
      )}
    </header>
  );
}

function LanguageSwitch() {
  const { t } = useTranslation();
  const language = useApp((state) => state.settings.language);
  const { setLanguage } = useActions();
  const other = language === 'en' ? 'zh' : 'en';
  return (
    <button type="button" className="quiet" lang={other} onClick={() => setLanguage(other)}>
      {t('app.language')}
    </button>
  );
}

function ThemeSwitch() {
  const { t } = useTranslation();
  const theme = useApp((state) => state.settings.theme);
  const { setTheme } = useActions();
  const label = t('app.theme.label', { theme: t(`app.theme.${theme}`) });
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'system';
  return (
    <button type="button" className="quiet theme-switch" aria-label={label} title={label} onClick={() => setTheme(next)}>
      <svg viewBox="0 0 16 16" aria-hidden data-theme-icon={theme}>
        <circle cx="8" cy="8" r="5.5" />
        <path
          d={
            theme === 'system'
              ? 'M8 2.5a5.5 5.5 0 0 1 0 11z'
              : theme === 'dark'
                ? 'M8 2.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 1 1 0-11z'
                : ''
          }
        />
      </svg>
    </button>
  );
}
