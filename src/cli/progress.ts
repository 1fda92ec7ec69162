/** A line on standard error that says how far a long run has come. */
export interface Progress {
  step(): void;
  end(): void;
}

/** In a terminal one line is written over and over; in a log a line now and then is enough. */
const TERMINAL_MS = 200;
const LOG_MS = 10_000;

/**
 * @param total undefined where the films are not counted beforehand; then the time left cannot be told.
 * @param now milliseconds; for tests.
 */
export function startProgress(
  total: number | undefined,
  stream: { readonly isTTY?: boolean; write(text: string): unknown } = process.stderr,
  now: () => number = () => performance.now(),
): Progress {
  const begin = now();
  const interval = stream.isTTY ? TERMINAL_MS : LOG_MS;
  let last = begin;
  let done = 0;
  let shown = false;
  return {
    step() {
      done++;
      const time = now();
      if (time - last < interval) return;
      last = time;
      shown = true;
      const line = describe(done, total, time - begin);
      stream.write(stream.isTTY ? `\r\x1b[K${line}` : `${line}\n`);
    },
    end() {
      if (shown && stream.isTTY) stream.write('\r\x1b[K');
    },
  };
}

function describe(done: number, total: number | undefined, ms: number): string {
  const rate = `${((1000 * done) / ms).toFixed(1)} films/s`;
  if (total === undefined) return `${done} films, ${rate}`;
  return `${done} of ${total} films, ${rate}, ${duration((ms / done) * (total - done))} left`;
}

/** Milliseconds as people say them: `45 s`, `3 min 05 s`, `2 h 10 min`. */
export function duration(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${String(seconds % 60).padStart(2, '0')} s`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}
