import type { ExportOptions, FilmExport } from './film-export.js';
import { RESEARCH_USE } from './film-export.js';
import { scoredRecord } from './scored-record.js';

/** The version of the JSON export that this code writes (docs/formats.md). */
export const RESULTS_VERSION = 1;

export interface ResultsJsonOptions extends ExportOptions {
  /** The program that writes the file, with its version. */
  readonly app: string;
  /** ISO 8601, UTC. */
  readonly date: string;
}

/** Results as one JSON document, in the order given; films are numbered from 1, which is what names them where file names stay out. */
export function resultsJson(films: readonly FilmExport[], { withNames, app, date }: ResultsJsonOptions): string {
  const entries = films.map((film, i) => {
    const which = withNames ? { film: i + 1, file: film.name } : { film: i + 1 };
    if ('error' in film) {
      const { code, message } = film.error;
      return { ...which, error: withNames ? { code, message } : { code } };
    }
    // What the film itself is called in the record: its size and what was done to its values.
    const { film: facts, ...record } = scoredRecord(film.result, film.manifest, film.sides);
    return { ...which, synthetic: film.synthetic, ...record, image: facts };
  });
  const document = { format: 'ppad-results', version: RESULTS_VERSION, use: RESEARCH_USE, app, date, films: entries };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}
