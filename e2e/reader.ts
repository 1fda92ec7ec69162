import type { Locator, Page } from '@playwright/test';
import { POSITION_IDS, type PositionId, type ScoreResult } from '../src/core/result.js';
import type { Film } from './films.js';

/** The page as a reader uses it, by its stable hooks. */
export class Reader {
  readonly result: Locator;
  readonly error: Locator;
  readonly progress: Locator;
  readonly backend: Locator;
  readonly imageScore: Locator;
  /** The film on stage. */
  readonly film: Locator;
  /** Rows of the list that are in sight. */
  readonly rows: Locator;

  constructor(readonly page: Page) {
    this.result = page.getByTestId('result');
    this.error = page.getByTestId('error');
    this.progress = page.getByTestId('progress');
    this.backend = page.getByTestId('backend');
    this.imageScore = page.getByTestId('image-score');
    this.film = page.locator('.film canvas');
    this.rows = page.getByTestId('film-row');
  }

  async open(query = ''): Promise<void> {
    await this.page.goto(`./${query}`);
  }

  score(id: PositionId): Locator {
    return this.page.getByTestId(`score-${id}`);
  }

  row(name: string): Locator {
    return this.rows.and(this.page.locator(`[data-name="${name}"]`));
  }

  footprint(id: PositionId): Locator {
    return this.page.getByTestId(`footprint-${id}`);
  }

  /** Gives films, or paths of films, through the picker's input. */
  async give(...films: (Film | string)[]): Promise<void> {
    // Playwright takes paths or files, not both at once.
    const paths = films.filter((film) => typeof film === 'string');
    const files = films.filter((film) => typeof film !== 'string');
    await this.page.getByTestId('file-input').setInputFiles(paths.length > 0 ? paths : files);
  }

  /** Waits for the result of the film with this name. */
  async read(name: string): Promise<void> {
    await this.result.getByRole('heading', { level: 1, name }).waitFor({ state: 'attached' });
  }

  async giveAndRead(film: Film): Promise<void> {
    await this.give(film);
    await this.read(film.name);
  }

  /** Waits until page, engine and model are kept for a visit without network. */
  async kept(): Promise<void> {
    await this.page.locator('.page[data-offline="ready"]').waitFor({ timeout: 60_000 });
  }

  /** The numbers shown, unrounded: five positions in the method's order, then the image. */
  async numbers(): Promise<number[]> {
    const hooks = [...POSITION_IDS.map((id) => this.score(id)), this.imageScore];
    return Promise.all(hooks.map(async (hook) => Number(await hook.getAttribute('data-value'))));
  }
}

/** Collects every result that a page's worker sends, from the next `open` on, in the order in which they come. */
export async function overhear(page: Page): Promise<() => Promise<ScoreResult[]>> {
  await page.addInitScript(() => {
    const heard: unknown[] = [];
    Object.assign(globalThis, { heard });
    globalThis.Worker = class extends Worker {
      constructor(url: string | URL, options?: WorkerOptions) {
        super(url, options);
        this.addEventListener('message', ({ data }: MessageEvent<{ value?: { value?: { result?: unknown } } }>) => {
          const result = data.value?.value?.result;
          if (result) heard.push(result);
        });
      }
    };
  });
  return () => page.evaluate(() => (globalThis as unknown as { heard: ScoreResult[] }).heard);
}
