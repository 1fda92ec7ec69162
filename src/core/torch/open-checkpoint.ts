import { readRange } from './byte-cursor.js';
import { unsupported } from './fault.js';
import type { FlatTensors } from './flatten.js';
import { readSafetensors } from './safetensors.js';
import type { ByteSource } from './tensor.js';
import { readTorchLegacy } from './torch-legacy.js';
import { readTorchZip } from './torch-zip.js';

/** What a checkpoint file holds: its tensors by dotted path, none of them read yet. */
export interface Checkpoint extends FlatTensors {
  /** `zip`: torch since 1.6; `legacy`: torch before; `torchscript`: an archive of OpenAI's kind. */
  readonly container: 'zip' | 'legacy' | 'torchscript' | 'safetensors';
}

/** First bytes of what people drop by mistake, with its name. */
const OTHERS: readonly (readonly [name: string, ...bytes: number[]])[] = [
  ['an HDF5 (Keras) file', 0x89, 0x48, 0x44, 0x46],
  ['a GGUF file', 0x47, 0x47, 0x55, 0x46],
  ['a gzip archive', 0x1f, 0x8b],
  ['a NumPy array', 0x93, 0x4e, 0x55, 0x4d],
  ['a PNG image', 0x89, 0x50, 0x4e, 0x47],
  ['a JPEG image', 0xff, 0xd8, 0xff],
  ['an ONNX file', 0x08, 0x07],
  ['an ONNX file', 0x08, 0x08],
];

/**
 * Opens a checkpoint by its first bytes, whatever its name.
 *
 * @throws AppError `CHECKPOINT_UNSUPPORTED` for another kind of file, `CHECKPOINT_INVALID` for a damaged one,
 * `CHECKPOINT_FORBIDDEN` for one that asks for code.
 */
export async function openCheckpoint(source: ByteSource): Promise<Checkpoint> {
  const head = await readRange(source, 0, Math.min(16, source.byteLength));
  if (head.byteLength === 0) throw unsupported('The file is empty.');
  const begins = (...bytes: number[]) => bytes.every((byte, i) => head[i] === byte);
  if (begins(0x50, 0x4b)) return readTorchZip(source);
  if (begins(0x80) && (head[1] ?? 0) <= 5) return readTorchLegacy(source);
  // Eight bytes of length, then a JSON object: no header is so long that its upper four bytes count.
  if (head[8] === 0x7b && [4, 5, 6, 7].every((i) => head[i] === 0))
    return { ...(await readSafetensors(source)), container: 'safetensors' };
  const other = OTHERS.find(([, ...bytes]) => begins(...bytes));
  throw unsupported(
    other ? `The file is ${other[0]}, not a checkpoint.` : 'The file is neither a torch nor a safetensors checkpoint.',
  );
}
