import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { FOLDERS, REFERENCE_IS_THERE } from '../core/graph/testing/reference.js';
import { checkpointOf } from '../engine/testing/checkpoint-parity.js';
import { encodePng } from '../core/film/phantom.js';
import { runPpad } from './testing/run-ppad.js';

const PYTHON = process.env['PPAD_PYTHON'] ?? 'python3';
const HAS_PYTHON = spawnSync(PYTHON, ['-c', 'import onnx, onnxruntime, safetensors, PIL']).status === 0;

const home = mkdtempSync(join(tmpdir(), 'ppad-python-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** The README's own lines: what people copy is what is tested. */
function readmeLines(): string {
  const [, block] = /```python\n([\s\S]*?)```/.exec(readFileSync('README.md', 'utf8')) ?? [];
  if (!block) throw new Error('The README has no lines of Python.');
  return block;
}

interface Manifest {
  readonly architecture: { readonly side: number };
  readonly golden: { readonly logits: readonly (readonly number[])[] };
}

describe.skipIf(!HAS_PYTHON || !REFERENCE_IS_THERE)(
  'packs in Python (skipped without onnx, onnxruntime, safetensors and pillow for PPAD_PYTHON, or without ../shared/reference)',
  () => {
    const packs = [
      ...FOLDERS.map((folder) => [folder, [...checkpointOf(folder), '--keep-text']] as const),
      ['zero-shot', [checkpointOf('patch16-half')[0], '--storage', 'float32', '--keep-text']] as const,
      ['the pack that ships', undefined] as const,
    ];

    it.each(packs)('%s passes the checker and gives its golden logits by the lines of the README', async (name, args) => {
      const folder = join(home, name);
      const pack = join(folder, 'pack');
      if (args) {
        execFileSync('mkdir', ['-p', folder]);
        const { status, err } = await runPpad(['import', ...args, '--out', pack]);
        expect({ status, err: status === 0 ? '' : err }).toEqual({ status: 0, err: '' });
      } else cpSync('models/default', pack, { recursive: true });
      const manifest = JSON.parse(readFileSync(join(pack, 'manifest.json'), 'utf8')) as Manifest;
      const { side } = manifest.architecture;
      writeFileSync(
        join(folder, 'film.png'),
        encodePng({
          facts: { format: 'png', width: side, height: side, notes: [] },
          pixels: new Uint8Array(readFileSync(join(pack, 'golden.gray'))),
        }),
      );
      const check =
        'import onnx, glob\nfor path in sorted(glob.glob("pack/*.onnx")): onnx.checker.check_model(path, full_check=True)\n';
      const out = execFileSync(PYTHON, ['-c', `${check}${readmeLines()}\nprint(json.dumps(logits.tolist()))`], {
        cwd: folder,
        encoding: 'utf8',
      });
      const logits = JSON.parse(out.trim().split('\n').at(-1)!) as number[][];
      manifest.golden.logits.flat().forEach((value, i) => {
        expect(Math.abs(value - logits.flat()[i]!)).toBeLessThan(Math.max(5e-3, 2e-3 * Math.abs(value)));
      });
    });
  },
);
