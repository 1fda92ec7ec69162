import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sha256 } from '../core/pack/hash.js';
import type { BuiltPack } from '../engine/build-pack.js';
import { makeFixturePack, writePack } from './testing/fixture-pack.js';
import { runPpad } from './testing/run-ppad.js';

let home: string;
let built: BuiltPack;
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'ppad-pack-'));
  built = await makeFixturePack();
  writePack(join(home, 'folder'), built.files);
  writeFileSync(join(home, 'single.ppad'), zipSync(Object.fromEntries(built.files), { level: 0 }));
}, 60_000);
afterAll(() => rmSync(home, { recursive: true, force: true }));

const packOf = (name: string, changes: Readonly<Record<string, Uint8Array>>): string => {
  writePack(join(home, name), new Map([...built.files, ...Object.entries(changes)]));
  return join(home, name);
};

describe('pack', () => {
  it.each(['folder', 'single.ppad'])('info tells what %s is', async (name) => {
    const { status, out, err } = await runPpad(['pack', 'info', join(home, name)]);
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out).toContain('fixture 0.0.1 (fixture)');
    expect(out).toContain(sha256(built.files.get('manifest.json')!));
  });

  it.each(['folder', 'single.ppad'])('verify finds %s sound', async (name) => {
    const { status, out, err } = await runPpad(['pack', 'verify', join(home, name)]);
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out.match(/^ok {2}/gm)).toHaveLength(6);
    expect(out).toContain('golden vector on native');
  });

  it('gives its manifest as JSON', async () => {
    const { out } = await runPpad(['pack', 'info', '--json', join(home, 'folder')]);
    expect(JSON.parse(out)).toEqual({ sha256: sha256(built.files.get('manifest.json')!), manifest: built.manifest });
  });

  it('scores the same from one file as from a folder', async () => {
    const film = join(home, 'film.png');
    const { drawPhantom, encodePng } = await import('../core/film/phantom.js');
    writeFileSync(film, encodePng(drawPhantom({ width: 200, height: 200, opacity: true })));
    const scores = [];
    for (const name of ['folder', 'single.ppad']) {
      const { out } = await runPpad(['score', '--json', '--pack', join(home, name), film]);
      const { score, pack } = JSON.parse(out) as { score: number; pack: object };
      scores.push({ score, pack });
    }
    expect(scores[0]).toEqual(scores[1]);
  });

  it.each([
    [
      'a flipped bit in a file of its own',
      'MODEL_CARD.md',
      (bytes: Uint8Array) => bytes.map((byte, i) => (i === 3 ? byte ^ 1 : byte)),
      'PACK_HASH',
      'MODEL_CARD.md',
    ],
    [
      'a flipped bit in the weights',
      'vision.bin',
      (bytes: Uint8Array) => bytes.map((byte, i) => (i === 9 ? byte ^ 1 : byte)),
      'PACK_HASH',
      'vision.bin',
    ],
    ['weights cut short', 'vision.bin', (bytes: Uint8Array) => bytes.slice(0, 5000), 'DOWNLOAD_FAILED', 'vision.bin'],
    ['a manifest that is not JSON', 'manifest.json', () => new Uint8Array([123, 33]), 'PACK_INVALID', 'not JSON'],
  ])('verify refuses %s', async (name, file, change, _code, says) => {
    const folder = packOf(`bad-${name.replaceAll(' ', '-')}`, { [file]: change(built.files.get(file)!) });
    const { status, out, err } = await runPpad(['pack', 'verify', folder]);
    expect({ status, out }).toEqual({ status: 1, out: '' });
    expect(err).toContain(says);
  });

  it('verify refuses a golden vector that the model does not give', async () => {
    const golden = { logits: built.manifest.golden.logits.map(([a, b]): [number, number] => [b, a]) };
    const manifest = new TextEncoder().encode(JSON.stringify({ ...built.manifest, golden }));
    const { status, err } = await runPpad(['pack', 'verify', packOf('wrong-golden', { 'manifest.json': manifest })]);
    expect(status).toBe(1);
    expect(err).toContain('golden vector is off');
  });

  it('asks for a pack where there is none', async () => {
    const { status, err } = await runPpad(['score', '--pack', join(home, 'nothing'), 'x.png']);
    expect(status).toBe(1);
    expect(err).toContain('There is no pack at');
  });
});
