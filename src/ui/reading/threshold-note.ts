import type { TFunction } from 'i18next';

/** How the thresholds of the model that ships and of imported ones were set, as their manifests have it. */
const KNOWN = {
  'of the thresholds whose balanced accuracy on ZhangLab validation patients (mean over their films as they are, cropped in width or height, and blurred) lies within 0.01 of the best, the one with the highest on ChestX-ray14’s':
    'own',
  "The reference implementation's; set on no films here.": 'imported',
} as const;

/** How a pack's threshold was set: in the reader's language where we know the sentence; undefined for other packs' own words. */
export function knownThresholdNote(t: TFunction, how: string): string | undefined {
  return Object.hasOwn(KNOWN, how) ? t(`thresholdNotes.${KNOWN[how as keyof typeof KNOWN]}`) : undefined;
}
