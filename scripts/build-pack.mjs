// Makes a model pack from safetensors:
//   node scripts/build-pack.mjs --weights clip.safetensors --prompts prompts.safetensors --meta meta.json --out models/default
//     [--card card.md] [--chest-check chest-check.safetensors] [--tokens tokens.json] [--storage float16|float32]
// `--prompts` holds mask_embedding, text_features, ctx, logit_scale; `--meta` the fields of a manifest that people write.
// With `--tokens` (the ids of a small token table) the text tower goes into the pack too.
import { readFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { rolldown } from 'rolldown';
import { ROOT, WORK } from './paths.mjs';

const { values } = parseArgs({
  options: {
    weights: { type: 'string' },
    prompts: { type: 'string' },
    meta: { type: 'string' },
    out: { type: 'string' },
    card: { type: 'string' },
    'chest-check': { type: 'string' },
    tokens: { type: 'string' },
    storage: { type: 'string', default: 'float16' },
  },
});
const { weights, prompts, meta, out, card, tokens, storage } = values;
if (!weights || !prompts || !meta || !out || (storage !== 'float16' && storage !== 'float32')) {
  console.error(
    'Usage: node scripts/build-pack.mjs --weights FILE --prompts FILE --meta FILE --out DIR [--card FILE] [--chest-check FILE] [--tokens FILE] [--storage float16|float32]',
  );
  process.exit(2);
}

/**
 * The TypeScript that this script needs, bundled and imported.
 *
 * @returns {Promise<typeof import('../src/engine/build-pack.js') & typeof import('../src/core/torch/safetensors.js')
 *   & typeof import('../src/core/torch/tensor.js') & { nativeRuntime: (threads: number) => import('../src/engine/ports.js').Runtime }>}
 */
async function load() {
  const bundle = await rolldown({
    input: {
      pack: join(ROOT, 'src/engine/build-pack.ts'),
      safetensors: join(ROOT, 'src/core/torch/safetensors.ts'),
      tensor: join(ROOT, 'src/core/torch/tensor.ts'),
      runtime: join(ROOT, 'src/cli/ports/ort-runtime.ts'),
    },
    platform: 'node',
    external: [/^onnxruntime-/],
  });
  const dir = join(WORK, 'build-pack');
  await bundle.write({ dir, format: 'esm', entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' });
  await bundle.close();
  /** @param {string} name @returns {Promise<any>} */
  const open = (name) => import(pathToFileURL(join(dir, `${name}.mjs`)).href);
  return { ...(await open('pack')), ...(await open('safetensors')), ...(await open('tensor')), ...(await open('runtime')) };
}

const { buildPack, byteSource, nativeRuntime, readSafetensors } = await load();
/** @param {string} file */
const tensors = async (file) => (await readSafetensors(byteSource(new Uint8Array(await readFile(file))))).tensors;
/** @param {string | undefined} file */
const bytes = async (file) => (file === undefined ? undefined : new Uint8Array(await readFile(file)));
const pack = await buildPack(
  {
    clip: await tensors(weights),
    prompts: await tensors(prompts),
    meta: /** @type {import('../src/engine/write-pack.js').PackMeta} */ (JSON.parse(await readFile(meta, 'utf8'))),
    card: await bytes(card),
    chestCheck: await bytes(values['chest-check']),
    tokens: await bytes(tokens),
    storage,
  },
  // One thread: the golden vector does not depend on the machine's number of them.
  nativeRuntime(1),
);
await mkdir(out, { recursive: true });
for (const [name, bytes] of pack.files) await writeFile(join(out, name), bytes);
const total = [...pack.files.values()].reduce((sum, { byteLength }) => sum + byteLength, 0);
console.log(`${out}: ${pack.manifest.name} ${pack.manifest.packVersion}, ${pack.files.size} files, ${total} bytes`);
