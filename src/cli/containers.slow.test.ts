import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { REFERENCE, REFERENCE_IS_THERE } from '../core/graph/testing/reference.js';
import type { CheckpointFacts } from '../engine/inspect-checkpoint.js';
import { logitsOf, type Line } from '../engine/testing/checkpoint-parity.js';
import { runPpad } from './testing/run-ppad.js';

const PYTHON = process.env['PPAD_PYTHON'] ?? 'python3';
const HAS_TORCH = spawnSync(PYTHON, ['-c', 'import torch, safetensors.torch']).status === 0;
const MAKE = fileURLToPath(new URL('./testing/make-containers.py', import.meta.url));
const FILM = `${REFERENCE}images/nih-1.jpg`;

/** What torch wrote, its file's megabytes, and as what `inspect` must name it. */
const CONTAINERS = [
  ['legacy', 605, 'legacy'],
  ['script', 605, 'torchscript'],
  ['trace', 605, 'torchscript'],
  ['shared', 605, 'zip'],
  ['mixed', 354, 'zip'],
  ['safetensors', 605, 'safetensors'],
] as const;

interface Converted {
  readonly facts: CheckpointFacts;
  readonly line: Line;
  /** SHA-256 of the vision tower's weights. */
  readonly weights: string;
}

async function ppad(...args: string[]): Promise<string> {
  const { status, out, err } = await runPpad(args);
  expect({ status, err: status === 0 ? '' : err }).toEqual({ status: 0, err: '' });
  return out;
}

/** Makes a checkpoint, inspects and imports it, scores a film, and leaves nothing: one file of this size at a time is enough. */
async function convert(container: string, megabytes: number): Promise<Converted> {
  const home = mkdtempSync(join(tmpdir(), 'ppad-containers-'));
  try {
    const [checkpoint, pack] = [join(home, `${container}.pt`), join(home, 'pack')];
    execFileSync(PYTHON, [MAKE, container, checkpoint], { stdio: ['ignore', 'ignore', 'inherit'] });
    expect(Math.round(statSync(checkpoint).size / 1e6)).toBe(megabytes);
    const facts = JSON.parse(await ppad('inspect', '--json', checkpoint)) as CheckpointFacts;
    const begun = performance.now();
    await ppad('import', checkpoint, '--out', pack);
    const seconds = ((performance.now() - begun) / 1000).toFixed(0);
    process.stdout.write(`${container}: ${megabytes} MB, ${facts.tensors.length} tensors, imported in ${seconds} s\n`);
    const line = JSON.parse(await ppad('score', '--json', '--pack', pack, FILM)) as Line;
    const weights = readFileSync(join(pack, 'vision.bin'));
    expect(Math.round(weights.byteLength / 1e6)).toBe(176);
    return { facts, line, weights: createHash('sha256').update(weights).digest('hex') };
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

describe.skipIf(!HAS_TORCH || !REFERENCE_IS_THERE)(
  'containers of full size (skipped without torch and safetensors for PPAD_PYTHON, or without ../shared/reference)',
  () => {
    let plain: Converted;
    beforeAll(async () => {
      plain = await convert('zip', 605);
      expect(plain.facts.container).toBe('zip');
      // Were the five alike, equal scores would say little of the others.
      expect(new Set(logitsOf(plain.line)).size).toBe(10);
    });

    it.each(CONTAINERS)('%s gives the model and the scores of the plain zip file', async (container, megabytes, name) => {
      const { facts, line, weights } = await convert(container, megabytes);
      expect(facts).toMatchObject({
        kind: 'clip',
        container: name,
        willBuild: 'zero-shot',
        vision: plain.facts.vision,
        textTower: plain.facts.textTower,
        packBytes: plain.facts.packBytes,
      });
      expect(facts.surplus.toSorted()).toEqual(['context_length', 'input_resolution', 'vocab_size']);
      expect(line.positions).toEqual(plain.line.positions);
      expect(line.score).toBe(plain.line.score);
      expect(weights).toBe(plain.weights);
    });
  },
);
