import { readFileSync } from 'node:fs';
import type { Browser, CDPSession, Page } from '@playwright/test';

const EVERY_MS = 100;
const SPIN_MS = 300;

/** `own`: heaps, ArrayBuffers, WebAssembly. `shared` with other processes: what a file is read through. */
type Kind = 'own' | 'shared';

/** Resident memory in bytes at a moment, in milliseconds since 1970. */
type Sample = Readonly<Record<Kind | 'at', number>>;

/** Watches the resident memory of the process that draws a page and runs its workers. Linux alone: from /proc. */
export class RendererMemory {
  readonly #samples: Sample[] = [];
  #timer: ReturnType<typeof setInterval> | undefined;

  private constructor(
    private readonly pid: number,
    private readonly before = residentOf(pid),
  ) {}

  /** Which of the browser's renderers has this page: the one that works while the page does. */
  static async of(browser: Browser, page: Page): Promise<RendererMemory> {
    const session = await browser.newBrowserCDPSession();
    const before = await processorTimes(session);
    await page.evaluate((ms) => {
      for (const end = performance.now() + ms; performance.now() < end;);
    }, SPIN_MS);
    const after = await processorTimes(session);
    await session.detach();
    const spent = [...after].map(([pid, time]) => [pid, time - (before.get(pid) ?? 0)] as const);
    return new RendererMemory(spent.reduce((a, b) => (b[1] > a[1] ? b : a))[0]);
  }

  start(): void {
    this.#sample();
    this.#timer = setInterval(() => this.#sample(), EVERY_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#sample();
  }

  /** The most above what there was at the start. */
  peak(kind: Kind, from: number, to: number): number {
    const within = this.#samples.filter(({ at }) => at >= from && at <= to);
    return Math.max(0, ...within.map((sample) => sample[kind] - this.before[kind]));
  }

  /** Seconds of processor time that all of the browser's processes have taken. */
  static async processorSeconds(browser: Browser): Promise<number> {
    const session = await browser.newBrowserCDPSession();
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    await session.detach();
    return processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0);
  }

  #sample(): void {
    this.#samples.push(residentOf(this.pid));
  }
}

async function processorTimes(session: CDPSession): Promise<Map<number, number>> {
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  return new Map(processInfo.filter(({ type }) => type === 'renderer').map(({ id, cpuTime }) => [id, cpuTime]));
}

function residentOf(pid: number): Sample {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const field = (name: string): number => 1024 * Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? NaN);
  return { at: Date.now(), own: field('RssAnon'), shared: field('RssShmem') };
}
