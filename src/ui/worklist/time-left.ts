import type { TFunction } from 'i18next';

/** So many milliseconds in words, rounded so that they do not flicker: "about 40 s", "about 3 min". */
export function timeLeft(t: TFunction, ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 10) return t('list.left.moments');
  if (seconds < 60) return t('list.left.seconds', { count: Math.ceil(seconds / 10) * 10 });
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 90) return t('list.left.minutes', { count: minutes });
  return t('list.left.hours', { count: Math.round(minutes / 60) });
}
