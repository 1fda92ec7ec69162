import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';

/** Prints the page; the film's name is on the paper only where it is wanted. */
export function printPage(withName: boolean): void {
  const { dataset } = document.documentElement;
  if (withName) dataset['printName'] = 'true';
  // A dialogue that was just closed is drawn away first.
  requestAnimationFrame(() =>
    setTimeout(() => {
      window.print();
      delete dataset['printName'];
    }),
  );
}

/** The document's title is printed in the margin and is what a PDF is called: while printing it names no film unless wanted. */
export function usePrintTitle(): void {
  const { t } = useTranslation();
  const title = t('report.title');
  useEffect(() => {
    let before: string | undefined;
    const onBefore = (): void => {
      if (document.documentElement.dataset['printName'] === 'true') return;
      before = document.title;
      document.title = title;
    };
    const onAfter = (): void => {
      if (before !== undefined) document.title = before;
      before = undefined;
    };
    window.addEventListener('beforeprint', onBefore);
    window.addEventListener('afterprint', onAfter);
    return () => {
      window.removeEventListener('beforeprint', onBefore);
      window.removeEventListener('afterprint', onAfter);
    };
  }, [title]);
}
