import { useTranslation } from 'react-i18next';

// Ribs as arcs from the spine outwards, the left ones of the picture; the others are their mirror image.
const RIBS = [
  'M47 17 C38 13 29 16 25 23',
  'M47 24 C37 19 26 23 21 33',
  'M47 31 C36 26 24 31 18.5 43',
  'M47 38 C36 33 23 39 17 53',
  'M47 45 C36 41 23 47 16.5 62',
  'M47 52 C37 49 24 55 17 70',
];
// The patient's right lung, at the left of the picture, and the left one with the heart's notch.
const RIGHT_LUNG =
  'M43 14 C36 10 28 19 22.5 32 C16.5 47 14.5 62 14 77 C14 79.5 16 80 18 78 C24 72 34 70.5 42 75 C43.6 76 44.6 75.3 44.5 73.5 C44.4 71 42.6 69 42.4 62 C42.2 54 44 48 44.2 42 C44.5 32 44.6 24 44.5 16 C44.4 14.8 44 14.4 43 14 Z';
const LEFT_LUNG =
  'M57 14 C64 10 72 19 77.5 32 C83.5 47 85.5 62 86 79 C86 81.5 84 82 82 80.5 C79.5 78.8 77 77.8 74.5 77.3 C73 77 72.6 76 72.3 74.5 C70.5 66 64 60.5 59.5 55.5 C56.5 52 58 48 57.5 44 C57 40 58.5 38 57.8 34.5 C57 31.5 55.6 32 55.5 28 C55.4 23 55.4 20 55.5 16 C55.6 14.8 56 14.4 57 14 Z';
const SHOULDERS_AND_FLANKS =
  'M38 0 C38 6 34 8 24 9.5 C10 11.5 3 16 0 24 M62 0 C62 6 66 8 76 9.5 C90 11.5 97 16 100 24 M8.5 100 C8.5 80 8 55 4.5 38 M91.5 100 C91.5 80 92 55 95.5 38';
const CLAVICLES = 'M46 13.5 C36 14 24 10.5 14 13.5 M54 13.5 C64 14 76 10.5 86 13.5';
/** The domes of the diaphragm meet under the heart. */
const UNDER_HEART = 'M44.5 76 C52 80.5 63 80.5 72.5 77';

/** A chest drawn by hand: it says where up, down and the sides are, and cannot be taken for a film. */
export function SchematicChest() {
  const { t } = useTranslation();
  const ribs = RIBS.map((rib) => <path key={rib} d={rib} />);
  return (
    <svg className="schematic" viewBox="0 0 100 100" role="img" aria-label={t('link.schematicAlt')}>
      <path d={SHOULDERS_AND_FLANKS} />
      <path className="lung" d={RIGHT_LUNG} />
      <path className="lung" d={LEFT_LUNG} />
      <g className="bone">
        <path d={CLAVICLES} />
        {ribs}
        <g transform="matrix(-1 0 0 1 100 0)">{ribs}</g>
        <path d="M48 4 V86 M52 4 V86" strokeDasharray="9 4" />
      </g>
      <path className="lung" fill="none" d={UNDER_HEART} />
    </svg>
  );
}
