import { AppError } from '../../core/errors.js';
import type { PositionId } from '../../core/result.js';
import type { ScoredFilm } from '../../state/index.js';
import { paintFilm } from '../reading/index.js';
import { rampColour } from '../shared/index.js';
import type { FilmWords } from './film-words.js';

const FONT = 'system-ui, "Segoe UI", Roboto, "Noto Sans", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif';
const COLOURS = { ground: '#07090b', panel: '#12161b', ink: '#e8ecf0', dim: '#a3aeba', track: '#262e37' } as const;

/** Sizes in pixels of the picture. The film's longer side is this, whatever its own. */
const FILM = 1200;
const GUTTER = 84;
const PANEL = 620;
const PADDING = 44;
const LEAST_HEIGHT = 1120;

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * A result as a picture: the film with brackets and numbers, the panel beside it. That it is for research is written across
 * the film itself, so that cutting the panel off does not remove it.
 *
 * @throws AppError `OUT_OF_MEMORY` where the browser makes no picture.
 */
export async function annotatedPng(words: FilmWords, { result, pixels }: ScoredFilm): Promise<Blob> {
  const { width, height } = result.film;
  const scale = FILM / Math.max(width, height);
  const film: Box = { x: GUTTER, y: GUTTER, width: Math.round(width * scale), height: Math.round(height * scale) };
  const canvas = document.createElement('canvas');
  canvas.width = film.width + 2 * GUTTER + PANEL;
  canvas.height = Math.max(film.height + 2 * GUTTER, LEAST_HEIGHT);
  const context = canvas.getContext('2d', { alpha: false });
  const source = document.createElement('canvas');
  if (!context || !(await paintFilm(source, { width, height, pixels }, new AbortController().signal))) throw noPicture();
  context.fillStyle = COLOURS.ground;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingQuality = 'high';
  context.drawImage(source, film.x, film.y, film.width, film.height);
  burnIn(context, words, film);
  drawBrackets(context, words, film);
  drawPanel(context, words, { x: film.width + 2 * GUTTER, y: 0, width: PANEL, height: canvas.height });
  return new Promise((resolve, reject) => canvas.toBlob((blob) => (blob ? resolve(blob) : reject(noPicture())), 'image/png'));
}

const noPicture = (): AppError => new AppError('OUT_OF_MEMORY', 'The browser made no picture.');

function write(
  context: CanvasRenderingContext2D,
  text: string,
  x: number,
  y: number,
  style: { size: number; weight?: number; colour?: string; align?: CanvasTextAlign },
): void {
  context.font = `${style.weight ?? 400} ${style.size}px ${FONT}`;
  context.fillStyle = style.colour ?? COLOURS.ink;
  context.textAlign = style.align ?? 'left';
  context.textBaseline = 'middle';
  context.fillText(text, x, y);
}

function burnIn(context: CanvasRenderingContext2D, { researchUse }: FilmWords, film: Box): void {
  const band = 46;
  context.fillStyle = 'rgb(0 0 0 / 62%)';
  context.fillRect(film.x, film.y + film.height - band, film.width, band);
  write(context, researchUse, film.x + film.width / 2, film.y + film.height - band / 2, {
    size: 24,
    weight: 600,
    align: 'center',
    colour: '#fff',
  });
}

function drawBrackets(context: CanvasRenderingContext2D, { positions, marks }: FilmWords, film: Box): void {
  const right = film.x + film.width;
  const bottom = film.y + film.height;
  const middle = { x: film.x + film.width / 2, y: film.y + film.height / 2 };
  const gap = 46;
  const off = GUTTER / 2;
  /** From one corner to the other, a tick towards the film at each end, a gap for the number in the middle. */
  const lines: Readonly<Record<Exclude<PositionId, 'whole'>, { at: readonly [number, number]; path: string }>> = {
    left: {
      at: [film.x - off, middle.y],
      path: `M${film.x - 14} ${film.y}H${film.x - off}V${middle.y - gap}M${film.x - off} ${middle.y + gap}V${bottom}H${film.x - 14}`,
    },
    right: {
      at: [right + off, middle.y],
      path: `M${right + 14} ${film.y}H${right + off}V${middle.y - gap}M${right + off} ${middle.y + gap}V${bottom}H${right + 14}`,
    },
    upper: {
      at: [middle.x, film.y - off],
      path: `M${film.x} ${film.y - 14}V${film.y - off}H${middle.x - gap}M${middle.x + gap} ${film.y - off}H${right}V${film.y - 14}`,
    },
    lower: {
      at: [middle.x, bottom + off],
      path: `M${film.x} ${bottom + 14}V${bottom + off}H${middle.x - gap}M${middle.x + gap} ${bottom + off}H${right}V${bottom + 14}`,
    },
  };
  context.lineWidth = 8;
  context.lineJoin = 'round';
  for (const { id, value, probability } of positions) {
    if (id === 'whole') continue;
    const { at, path } = lines[id];
    context.strokeStyle = rampColour(probability);
    context.stroke(new Path2D(path));
    write(context, value, ...at, { size: 28, weight: 600, align: 'center' });
  }
  write(context, marks[0], film.x - off, film.y - off, { size: 32, align: 'center' });
  write(context, marks[1], right + off, film.y - off, { size: 32, align: 'center' });
}

function drawPanel(context: CanvasRenderingContext2D, words: FilmWords, panel: Box): void {
  context.fillStyle = COLOURS.panel;
  context.fillRect(panel.x, panel.y, panel.width, panel.height);
  const x = panel.x + PADDING;
  const width = panel.width - 2 * PADDING;
  write(context, words.score, x - 4, 110, { size: 118, weight: 200 });
  const beside = x + 300;
  let y = paragraph(context, words.verdict, { x: beside, y: 78, width: width - 300, size: 25, weight: 600 });
  paragraph(context, words.rule, { x: beside, y: y + 4, width: width - 300, size: 21, colour: COLOURS.dim });
  write(context, words.threshold.text, x, 212, { size: 21, colour: COLOURS.dim });
  y = 262;
  for (const line of words.doubt) y = paragraph(context, line, { x, y, width, size: 21, weight: 600 });
  y += words.doubt.length > 0 ? 30 : 18;
  for (const { name, value, probability } of words.positions) {
    write(context, name, x, y, { size: 25 });
    write(context, value, x + width, y, { size: 25, align: 'right', weight: 600 });
    const bar = { x: x + width - 260, width: 170 };
    context.fillStyle = COLOURS.track;
    context.fillRect(bar.x, y - 6, bar.width, 12);
    context.fillStyle = rampColour(probability);
    context.fillRect(bar.x, y - 6, bar.width * probability, 12);
    context.fillStyle = COLOURS.dim;
    context.fillRect(bar.x + bar.width * words.threshold.value - 1, y - 11, 2, 22);
    y += 50;
  }
  y += 24;
  for (const [name, value] of words.facts) {
    write(context, name, x, y, { size: 19, colour: COLOURS.dim });
    y = paragraph(context, value, { x: x + 140, y, width: width - 140, size: 19 }) + 8;
  }
  y = paragraph(context, words.researchUse, { x, y: y + 26, width, size: 23, weight: 600 });
  paragraph(context, words.disclaimer, { x, y: y + 4, width, size: 19, colour: COLOURS.dim });
}

interface Paragraph {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly size: number;
  readonly weight?: number;
  readonly colour?: string;
}

/** Writes a text in lines that fit, broken at blanks, or within what has none (Chinese, a hash); returns where the next line goes. */
function paragraph(context: CanvasRenderingContext2D, text: string, { x, y, width, ...style }: Paragraph): number {
  context.font = `${style.weight ?? 400} ${style.size}px ${FONT}`;
  const lineHeight = Math.round(style.size * 1.4);
  let line = '';
  let at = y;
  const flush = (): void => {
    write(context, line.trimEnd(), x, at, style);
    at += lineHeight;
    line = '';
  };
  for (const piece of text.match(/[\x21-\x7e’]{1,32} ?|[^\x21-\x7e’][，。、：；）]?/gu) ?? []) {
    context.font = `${style.weight ?? 400} ${style.size}px ${FONT}`;
    if (line !== '' && context.measureText((line + piece).trimEnd()).width > width) flush();
    line += piece;
  }
  flush();
  return at;
}
