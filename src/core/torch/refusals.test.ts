import fc from 'fast-check';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError, type ErrorCode } from '../errors.js';
import { openCheckpoint } from './open-checkpoint.js';
import { writeSafetensors } from './safetensors.js';
import { byteSource } from './tensor.js';
import { archive, fixture, unpack } from './testing/archive.js';
import { Outcomes } from './testing/outcomes.js';

const SLOW = process.env['PPAD_SLOW'] === '1';
const TYPED: readonly ErrorCode[] = ['CHECKPOINT_INVALID', 'CHECKPOINT_UNSUPPORTED', 'CHECKPOINT_FORBIDDEN'];

/** Whether an error says where in the file it found what it declines. */
const namesAPlace = (detail: readonly string[]): boolean =>
  ['key', 'offset', 'entry', 'storage', 'global'].some((name) => detail.includes(name));

/** Opens the file and reads every tensor: the first error, or undefined. Anything but an AppError is thrown on. */
async function firstError(bytes: Uint8Array): Promise<AppError | undefined> {
  try {
    const { tensors } = await openCheckpoint(byteSource(bytes));
    for (const tensor of tensors.values()) await tensor.read();
    return undefined;
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
}

describe('files that ask for code', () => {
  it.each(['evil.pt', 'evil-legacy.pt'])('%s is refused by the name of what it asks for', async (name) => {
    const error = await firstError(fixture(name));
    expect(error?.code).toBe('CHECKPOINT_FORBIDDEN');
    expect(error?.message).toMatch(/(posix|nt)\.system/);
    expect(error?.detail['offset']).toBeGreaterThan(0);
  });

  it('refuses a whole Python module by the name of its class', async () => {
    const error = await firstError(fixture('module.pt'));
    expect(error?.code).toBe('CHECKPOINT_FORBIDDEN');
    expect(error?.detail['global']).toBe('__main__.Tower');
  });

  it('takes classes of TorchScript in no other file', async () => {
    const files = unpack(fixture('script.pt'));
    delete files['constants.pkl'];
    expect((await firstError(archive(files)))?.detail['global']).toMatch(/^__torch__\./);
  });
});

describe('values', () => {
  it('names the tensor and the element that is not finite, and reads the others', async () => {
    const { tensors } = await openCheckpoint(byteSource(fixture('not-finite.pt')));
    await expect(tensors.get('bad')!.read()).rejects.toMatchObject({
      code: 'CHECKPOINT_INVALID',
      detail: { key: 'bad', element: 1 },
    });
    await expect(tensors.get('half')!.read()).rejects.toMatchObject({ detail: { key: 'half', element: 0 } });
    expect([...(await tensors.get('good')!.read())]).toEqual([1, 1, 1]);
  });
});

describe('early ends', () => {
  it.each(['zip-2.pt', 'zip-4.pt', 'legacy-2.pt', 'legacy-4.pt', 'script.pt'])('%s, cut at every byte', async (name) => {
    const bytes = fixture(name);
    for (let length = 0; length < bytes.byteLength; length++) {
      const error = await firstError(bytes.subarray(0, length));
      expect(TYPED, `cut at ${length}`).toContain(error?.code);
    }
  });

  it('names the offset at which a legacy file ends', async () => {
    const bytes = fixture('legacy-2.pt');
    const error = await firstError(bytes.subarray(0, bytes.byteLength - 5));
    expect(error?.message).toMatch(/ends early/);
    expect(error?.detail['offset']).toBeGreaterThan(bytes.byteLength - 500);
  });
});

describe('contents that contradict each other', () => {
  it.each([
    ['a storage that is missing', { 'data/2': undefined }, /storage 2 of tensor .* is missing/],
    ['a storage that is too short', { 'data/2': new Uint8Array(8) }, /of which the file holds 8 bytes/],
    ['no pickle', { 'data.pkl': undefined }, /not a torch file/],
    ['big-endian values', { byteorder: new TextEncoder().encode('big') }, /byte order is big/],
  ])('%s', async (_, change, message) => {
    const files = { ...unpack(fixture('zip-2.pt')), ...change } as Record<string, Uint8Array>;
    for (const [name, content] of Object.entries(change)) if (!content) delete files[name];
    expect((await firstError(archive(files)))?.message).toMatch(message);
  });

  it('declines compressed entries', async () => {
    expect((await firstError(archive(unpack(fixture('zip-2.pt')), 6)))?.message).toMatch(/compressed/);
  });

  it('notices altered bytes of a storage by their checksum, naming the tensor', async () => {
    const bytes = fixture('no-checksums.pt');
    expect(await firstError(bytes)).toBeUndefined();
    const summed = archive(unpack(bytes));
    const at = summed.findLastIndex((byte, i) => byte === 0x40 && summed[i + 1] === 0 && summed[i + 2] === 0);
    summed[at] = 0x41;
    expect(await firstError(summed)).toMatchObject({ code: 'CHECKPOINT_INVALID', detail: { key: 'a' } });
  });

  it.each([
    ['a film', [0x89, 0x50, 0x4e, 0x47, 13, 10], /PNG/],
    ['nothing', [], /empty/],
    ['noise', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], /neither a torch nor a safetensors/],
    ['another pickle', [0x80, 2, 0x4b, 1, 0x2e], /magic number/],
  ])('says what it is given instead: %s', async (_, bytes, message) => {
    const error = await firstError(Uint8Array.from(bytes));
    expect(error?.code).toBe('CHECKPOINT_UNSUPPORTED');
    expect(error?.message).toMatch(message);
  });
});

const SHARED = fileURLToPath(new URL('../../../../shared/reference/', import.meta.url));
const REAL = ['patch32/prompts.pt', 'patch16-half/prompts.pt', 'patch16-half/prompts.legacy.pt'];
const own = ['zip-2.pt', 'zip-4.pt', 'legacy-2.pt', 'legacy-4.pt', 'script.pt'].map(fixture);
const real = existsSync(SHARED) ? REAL.map((name) => new Uint8Array(readFileSync(SHARED + name))) : [];

/** Some bytes of a file replaced, dropped or doubled. */
const edits = fc.array(
  fc.record({
    // Not a double: fast-check draws those by their bits, and nearly all would be nearly nothing, the file's first byte.
    at: fc.nat(999_999).map((millionths) => millionths / 1e6),
    kind: fc.constantFrom('set', 'drop', 'double'),
    byte: fc.nat(255),
  }),
  { minLength: 1, maxLength: 6 },
);

function alter(bytes: Uint8Array, changes: readonly { at: number; kind: string; byte: number }[]): Uint8Array {
  let altered = bytes.slice();
  for (const { at, kind, byte } of changes) {
    const index = Math.min(altered.length - 1, Math.floor(at * altered.length));
    if (kind === 'set') altered[index] = byte;
    else if (kind === 'drop')
      altered = Uint8Array.of(...altered.subarray(0, index), ...altered.subarray(index + 1 + (byte % 40)));
    else altered = Uint8Array.of(...altered.subarray(0, index), ...altered.subarray(Math.max(0, index - (byte % 40))));
  }
  return altered;
}

describe(`altered files fail with a typed error within a second, or are read (${SLOW ? 'slow suite' : 'short run'})`, () => {
  let outcomes = new Outcomes();
  beforeEach(() => {
    outcomes = new Outcomes();
  });
  afterEach(({ task }) => {
    if (SLOW) process.stdout.write(`${task.name}: ${outcomes.describe()}\n`);
  });
  const within = async (bytes: Uint8Array) => {
    const begun = performance.now();
    const error = await firstError(bytes);
    outcomes.add(error?.code ?? 'read whole');
    if (error) expect(TYPED).toContain(error.code);
    if (error && error.code !== 'CHECKPOINT_UNSUPPORTED') expect(Object.keys(error.detail), error.message).toSatisfy(namesAPlace);
    expect(performance.now() - begun).toBeLessThan(1_000);
  };

  it('whole files', { timeout: 600_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...own, ...real), edits, (bytes, changes) => within(alter(bytes, changes))),
      { numRuns: SLOW ? 10_000 : 250 },
    );
  });

  // The checksum of data.pkl would stop nearly every change before the pickle is read: here it is right again.
  it('pickles in archives whose checksums fit', { timeout: 600_000 }, async () => {
    const archives = [fixture('zip-2.pt'), fixture('zip-4.pt'), fixture('script.pt'), ...real.slice(0, 2)].map(unpack);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...archives), edits, (files, changes) =>
        within(archive({ ...files, 'data.pkl': alter(files['data.pkl']!, changes) })),
      ),
      { numRuns: SLOW ? 10_000 : 250 },
    );
  });
});

describe.skipIf(!existsSync(SHARED))('golden checkpoints cut short (skipped where ../shared/reference is absent)', () => {
  it.each(['patch32/ppad.pt', 'patch16-half/clip.pt', 'patch14-mixed/ppad.pt', ...REAL])(
    '%s at every 1 % of its length',
    async (name) => {
      const bytes = new Uint8Array(readFileSync(SHARED + name));
      await cutAtEveryPercent(bytes);
    },
  );

  it('as safetensors at every 1 % of its length', async () => {
    const { tensors } = await openCheckpoint(byteSource(new Uint8Array(readFileSync(`${SHARED}patch16-half/prompts.pt`))));
    const all = new Map<string, { dims: readonly number[]; data: Float32Array }>();
    for (const [key, tensor] of tensors) all.set(key, { dims: tensor.dims, data: await tensor.read() });
    await cutAtEveryPercent(writeSafetensors(all));
  });

  async function cutAtEveryPercent(bytes: Uint8Array): Promise<void> {
    for (let percent = 0; percent < 100; percent++) {
      const error = await firstError(bytes.subarray(0, Math.floor((bytes.byteLength * percent) / 100)));
      expect(TYPED, `${percent} %`).toContain(error?.code);
      if (error?.code === 'CHECKPOINT_INVALID') expect(Object.keys(error.detail), `${percent} %`).toSatisfy(namesAPlace);
    }
  }
});
