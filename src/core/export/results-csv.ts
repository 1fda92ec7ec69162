import type { PositionId, ScoreResult } from '../result.js';
import { RESEARCH_USE, type ExportOptions, type FilmExport, type ScoredExport } from './film-export.js';

type Cell = string | number | boolean;

// Columns are the patient's sides, not the image's: a film whose sides the reader flipped has its numbers in the other column.
const SCORED = [
  'image_score',
  'threshold',
  'against_threshold',
  'rule',
  'calibrated',
  'chest_check',
  'chest_doubt',
  'patient_right_lung',
  'patient_left_lung',
  'upper_zones',
  'lower_zones',
  'whole_film',
  'sides',
  'synthetic',
  'width',
  'height',
  'format',
  'input_digest',
  'pack_name',
  'pack_version',
  'pack_sha256',
  'checkpoint',
  'checkpoint_sha256',
  'checkpoint_state',
  'backend',
  'app',
  'date',
] as const;

/**
 * Results as CSV (RFC 4180), a row a film in the order given, with a header. Numbers are unrounded. File names beyond ASCII
 * bring a byte order mark with them, without which spreadsheets take UTF-8 for something else.
 */
export function resultsCsv(films: readonly FilmExport[], { withNames }: ExportOptions): string {
  const names = withNames ? ['file'] : [];
  const faults = withNames ? ['error_code', 'error_message'] : ['error_code'];
  const rows: (readonly Cell[])[] = [['film', ...names, ...SCORED, ...faults, 'use']];
  films.forEach((film, i) => {
    const which: Cell[] = withNames ? [i + 1, film.name] : [i + 1];
    const scored = 'error' in film ? SCORED.map(() => '') : scoredCells(film);
    const { code, message } = 'error' in film ? film.error : { code: '', message: '' };
    rows.push([...which, ...scored, ...(withNames ? [code, message] : [code]), RESEARCH_USE]);
  });
  const text = rows.map((cells) => `${cells.map(csvField).join(',')}\r\n`).join('');
  return /^[\0-\x7f]*$/.test(text) ? text : `\ufeff${text}`;
}

function scoredCells({ result, sides, synthetic }: ScoredExport): readonly Cell[] {
  const { film, pack } = result;
  const cells: Record<(typeof SCORED)[number], Cell> = {
    image_score: result.score,
    threshold: result.threshold,
    against_threshold: result.aboveThreshold ? 'above' : 'below',
    rule: result.rule,
    calibrated: result.calibrated ?? '',
    chest_check: result.chestCheck?.value ?? '',
    chest_doubt: result.chestCheck?.reason ?? '',
    patient_right_lung: probabilityAt(result, sides === 'assumed' ? 'left' : 'right'),
    patient_left_lung: probabilityAt(result, sides === 'assumed' ? 'right' : 'left'),
    upper_zones: probabilityAt(result, 'upper'),
    lower_zones: probabilityAt(result, 'lower'),
    whole_film: probabilityAt(result, 'whole'),
    sides,
    synthetic,
    width: film.width,
    height: film.height,
    format: film.format,
    input_digest: result.inputDigest,
    pack_name: pack.name,
    pack_version: pack.version,
    pack_sha256: pack.sha256,
    checkpoint: pack.origin?.file ?? '',
    checkpoint_sha256: pack.origin?.sha256 ?? '',
    checkpoint_state: pack.origin?.state ?? '',
    backend: result.backend,
    app: result.app,
    date: result.date,
  };
  return SCORED.map((column) => cells[column]);
}

function probabilityAt({ positions }: ScoreResult, id: PositionId): Cell {
  return positions.find((position) => position.id === id)?.probability ?? '';
}

/**
 * One field. Text that a spreadsheet would run as a formula is made text by an apostrophe, as OWASP advises: file names are
 * strangers' words. Written here: the libraries at hand bring Node's types into `core`, or `new Function` into the page.
 */
function csvField(value: Cell): string {
  if (typeof value !== 'string') return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
