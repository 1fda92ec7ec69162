import type { ImportProgress } from '../engine/import-checkpoint.js';

const STEPS: Readonly<Record<ImportProgress['step'], string>> = {
  hash: 'hashing the checkpoint',
  text: 'computing the text features',
  write: 'writing the towers',
  check: 'computing the golden vector',
};

const TERMINAL_MS = 200;

/** Tells how far an import has come: in a terminal one line that is written over, in a log a line a step. */
export function startImportProgress(
  stream: { readonly isTTY?: boolean; write(text: string): unknown } = process.stderr,
  now: () => number = () => performance.now(),
): { readonly report: (progress: ImportProgress) => void; readonly end: () => void } {
  let step: ImportProgress['step'] | undefined;
  let last = -Infinity;
  return {
    report({ step: next, loaded, total }) {
      const percent = `${Math.floor((100 * loaded) / total)} %`;
      if (stream.isTTY) {
        if (next === step && now() - last < TERMINAL_MS) return;
        last = now();
        stream.write(`\r\x1b[K${STEPS[next]}, ${percent}`);
      } else if (next !== step) stream.write(`${percent.padStart(5)}  ${STEPS[next]}\n`);
      step = next;
    },
    end() {
      if (step !== undefined && stream.isTTY) stream.write('\r\x1b[K');
    },
  };
}
