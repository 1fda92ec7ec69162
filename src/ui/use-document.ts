import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useApp } from './shared/index.js';

/** What lies outside React's root: language, theme and title of the document. */
export function useDocument(filmName: string | undefined): void {
  const { t, i18n } = useTranslation();
  const { language, theme } = useApp((state) => state.settings);
  useEffect(() => {
    void i18n.changeLanguage(language);
    document.documentElement.lang = language === 'zh' ? 'zh-Hans' : language;
  }, [i18n, language]);
  useEffect(() => {
    document.documentElement.dataset['theme'] = theme;
  }, [theme]);
  const appName = t('app.name');
  useEffect(() => {
    document.title = filmName ? `${filmName} · ${appName}` : appName;
  }, [filmName, appName]);
}
