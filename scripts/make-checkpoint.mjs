// Writes a full-size CLIP of random weights as torch would, to measure imports with:
//   node scripts/make-checkpoint.mjs [--out .work/vit-b-32.pt] [--layers 12]
// ViT-B/32 in float32 with both towers, 605 MB. The same bytes each time; it says nothing about films.
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { rolldown } from 'rolldown';
import { ROOT, WORK } from './paths.mjs';

const { values } = parseArgs({
  options: { out: { type: 'string', default: join(WORK, 'vit-b-32.pt') }, layers: { type: 'string', default: '12' } },
});
const LAYERS = Number(values.layers);
const EMBED = 512;

/**
 * The TypeScript that this script needs, bundled and imported.
 *
 * @returns {Promise<typeof import('../src/core/pack/stored-zip.js') & typeof import('../src/core/crc32.js') & typeof import('../src/core/clip/vit-shapes.js')>}
 */
async function load() {
  const files = { zip: 'src/core/pack/stored-zip.ts', crc: 'src/core/crc32.ts', shapes: 'src/core/clip/vit-shapes.ts' };
  const input = Object.fromEntries(Object.entries(files).map(([name, file]) => [name, join(ROOT, file)]));
  const bundle = await rolldown({ input, platform: 'node' });
  const dir = join(WORK, 'make-checkpoint');
  await bundle.write({ dir, format: 'esm', entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' });
  await bundle.close();
  /** @param {string} name @returns {Promise<any>} */
  const open = (name) => import(pathToFileURL(join(dir, `${name}.mjs`)).href);
  return { ...(await open('zip')), ...(await open('crc')), ...(await open('shapes')) };
}

const { StoredZip, crc32, vitShapes } = await load();

/** Names and shapes of both towers, in OpenAI's order of importance. @returns {[string, readonly number[]][]} */
function shapes() {
  const vision = vitShapes({ side: 224, channels: 3, grid: [7, 7], width: 768, layers: LAYERS, embed: EMBED });
  // A text tower's blocks are a vision tower's of another width.
  const blocks = vitShapes({ side: 8, channels: 3, grid: [1, 1], width: EMBED, layers: LAYERS, embed: EMBED });
  /** @type {[string, readonly number[]][]} */
  const text = [...blocks]
    .filter(([key]) => key.startsWith('visual.transformer.'))
    .map(([key, { dims }]) => [key.slice('visual.'.length), dims]);
  return [
    ...[...vision].map(/** @returns {[string, readonly number[]]} */ ([key, { dims }]) => [key, dims]),
    ['token_embedding.weight', [49408, EMBED]],
    ['positional_embedding', [77, EMBED]],
    ...text,
    ['ln_final.weight', [EMBED]],
    ['ln_final.bias', [EMBED]],
    ['text_projection', [EMBED, EMBED]],
    ['logit_scale', []],
  ];
}

/** A few million numbers that every tensor takes its own stretch of: uniform, of deviation one. */
const POOL = (() => {
  let state = 1;
  return Float32Array.from({ length: 2 ** 21 + 4099 }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state / 2 ** 32 - 0.5) * Math.sqrt(12);
  });
})();

/** @param {string} key @param {readonly number[]} dims @param {number} index */
function valuesOf(key, dims, index) {
  const count = dims.reduce((product, size) => product * size, 1);
  const norm = /(^|\.)ln_\w+\.weight$/.test(key);
  const scale = key === 'logit_scale' ? 0 : dims.length < 2 || norm ? 0.02 : (dims.at(-1) ?? 1) ** -0.5;
  const centre = key === 'logit_scale' ? Math.log(100) : norm ? 1 : 0;
  const values = new Float32Array(count);
  for (let i = 0; i < count; i++) values[i] = centre + scale * (POOL[(i + 7919 * index) % POOL.length] ?? 0);
  return values;
}

/** `data.pkl` of an ordered dictionary of tensors, protocol 2. @param {[string, readonly number[]][]} tensors */
function pickle(tensors) {
  /** @type {Buffer[]} */
  const parts = [Buffer.from('\x80\x02ccollections\nOrderedDict\n)R(', 'latin1')];
  /** @param {string} text */
  const string = (text) => {
    const bytes = Buffer.from(text);
    const head = Buffer.from([0x58, 0, 0, 0, 0]);
    head.writeUInt32LE(bytes.length, 1);
    parts.push(head, bytes);
  };
  /** @param {number} value */
  const int = (value) => {
    const bytes = Buffer.from([0x4a, 0, 0, 0, 0]);
    bytes.writeInt32LE(value, 1);
    parts.push(bytes);
  };
  /** @param {readonly number[]} items */
  const tuple = (items) => {
    parts.push(Buffer.from('('));
    items.forEach(int);
    parts.push(Buffer.from('t'));
  };
  tensors.forEach(([key, dims], index) => {
    string(key);
    parts.push(Buffer.from('ctorch._utils\n_rebuild_tensor_v2\n((', 'latin1'));
    string('storage');
    parts.push(Buffer.from('ctorch\nFloatStorage\n'));
    string(String(index));
    string('cpu');
    int(dims.reduce((product, size) => product * size, 1));
    parts.push(Buffer.from('tQK\0', 'latin1'));
    tuple(dims);
    tuple(dims.map((_, axis) => dims.slice(axis + 1).reduce((product, size) => product * size, 1)));
    // requires_grad, no hooks.
    parts.push(Buffer.from('\x89ccollections\nOrderedDict\n)RtR', 'latin1'));
  });
  parts.push(Buffer.from('u.'));
  return Buffer.concat(parts);
}

const tensors = shapes();
const zip = new StoredZip();
mkdirSync(dirname(values.out), { recursive: true });
const out = openSync(values.out, 'w');
/** @param {Uint8Array} bytes */
function write(bytes) {
  for (let at = 0; at < bytes.length;) at += writeSync(out, bytes, at);
}
/** @param {string} name @param {Uint8Array} bytes */
function add(name, bytes) {
  write(zip.header({ name: `archive/${name}`, byteLength: bytes.byteLength, crc32: crc32(bytes) }));
  write(bytes);
}
add('data.pkl', pickle(tensors));
add('byteorder', Buffer.from('little'));
tensors.forEach(([key, dims], index) => add(`data/${index}`, new Uint8Array(valuesOf(key, dims, index).buffer)));
add('version', Buffer.from('3\n'));
write(zip.finish());
closeSync(out);
console.log(`${values.out}: ${tensors.length} tensors`);
