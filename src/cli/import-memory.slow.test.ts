import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { importCheckpoint, type ImportStep } from '../engine/import-checkpoint.js';
import { FakeRuntime } from '../engine/testing/fake-runtime.js';
import { readMerges } from './import-files.js';
import { openCheckpointFile } from './ports/checkpoint-file.js';
import { FolderSink } from './ports/folder-sink.js';

const CHECKPOINT = '.work/vit-b-32.pt';
const MOST = 250e6;
/** The vision tower's weights, with which the last session is opened: they are the session's, as what it allocates itself is. */
const WEIGHTS = 176.1e6;

let home: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'ppad-memory-'));
  if (!existsSync(CHECKPOINT)) execFileSync(process.execPath, ['scripts/make-checkpoint.mjs', '--out', CHECKPOINT]);
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

it('a full-size ViT-B/32 of 605 MB converts with at most 250 MB, sessions apart', async () => {
  const runtime = new FakeRuntime('native', (feeds) => {
    const rows = (feeds['end'] ?? feeds['patch_mask'])!.dims[0]!;
    return { features: { dims: [rows, 512], data: new Float32Array(rows * 512).fill(0.04) } };
  });
  const merges = () => readMerges({ merges: 'public/tokenizer/clip-merges.txt' });
  await merges();
  const checkpoint = await openCheckpointFile(CHECKPOINT);
  const before = process.memoryUsage().rss;
  const peak: Record<ImportStep, number> = { hash: 0, text: 0, write: 0, check: 0 };
  let step: ImportStep = 'hash';
  const sample = (): void => {
    peak[step] = Math.max(peak[step], process.memoryUsage().rss - before);
  };
  const timer = setInterval(sample, 5);
  const begun = performance.now();
  const cpu = process.cpuUsage();
  const sink = new FolderSink(join(home, 'pack'));
  await importCheckpoint(
    { checkpoint },
    { runtime, sink, merges },
    {
      onProgress: (progress) => {
        ({ step } = progress);
        sample();
      },
    },
  );
  clearInterval(timer);
  await checkpoint.close();
  const { user, system } = process.cpuUsage(cpu);
  const shown = Object.entries(peak).map(([name, bytes]) => `${name} ${(bytes / 1e6).toFixed(0)} MB`);
  process.stdout.write(
    `resident set above the start: ${shown.join(', ')}; ${((performance.now() - begun) / 1000).toFixed(1)} s, ${((user + system) / 1e6).toFixed(1)} s of processor\n`,
  );
  expect(readdirSync(join(home, 'pack'))).toContain('manifest.json');
  expect(peak.hash).toBeLessThan(MOST);
  expect(peak.text).toBeLessThan(MOST);
  expect(peak.write).toBeLessThan(MOST);
  expect(peak.check).toBeLessThan(MOST + WEIGHTS);
});
