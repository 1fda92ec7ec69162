import jpegFactory from '@jsquash/jpeg/codec/dec/mozjpeg_dec.js';
import webpFactory from '@jsquash/webp/codec/dec/webp_dec.js';
import { AppError, toAppError } from '../errors.js';
import type { Codecs, RgbaImage } from './grey-film.js';

/** The WebAssembly of a decoder, wherever it comes from: its bytes, or compiled. */
export type CodecBinary = Uint8Array<ArrayBuffer> | WebAssembly.Module;

export interface CodecBinaries {
  readonly jpeg: () => Promise<CodecBinary>;
  readonly webp: () => Promise<CodecBinary>;
}

/** What the decoders' own loader code makes of a binary. */
interface DecoderModule {
  readonly HEAPU8: Uint8Array;
  decode(bytes: Uint8Array, preserveOrientation?: boolean): RgbaImage | null;
}

type DecoderFactory = (options: {
  readonly noInitialRun: true;
  readonly print: (line: string) => void;
  readonly printErr: (line: string) => void;
  readonly instantiateWasm: (imports: WebAssembly.Imports, receive: (instance: WebAssembly.Instance) => void) => object;
}) => Promise<DecoderModule>;

/** An instance whose heap has grown beyond this is dropped after its film: WebAssembly memory never shrinks. */
const KEPT_HEAP_BYTES = 96 * 1024 * 1024;

/**
 * The decoders for JPEG (mozjpeg) and WebP (libwebp), the same code in page and Node. Each is started at its first film,
 * kept for the next, and started anew after a failure or a film that took much memory.
 */
export function makeWasmCodecs(binaries: CodecBinaries): Codecs {
  const jpeg = new Decoder('jpeg', factoryOf(jpegFactory), binaries.jpeg);
  const webp = new Decoder('webp', factoryOf(webpFactory), binaries.webp);
  return { jpeg: (bytes) => jpeg.decode(bytes), webp: (bytes) => webp.decode(bytes) };
}

/** Both packages type their loader by a global namespace that they do not declare. */
function factoryOf(loader: unknown): DecoderFactory {
  return loader as DecoderFactory;
}

class Decoder {
  private binary: Promise<WebAssembly.Module> | undefined;
  private instance: DecoderModule | undefined;
  /** What the codec printed about the film at hand. */
  private warnings: string[] = [];

  constructor(
    private readonly format: 'jpeg' | 'webp',
    private readonly factory: DecoderFactory,
    private readonly load: () => Promise<CodecBinary>,
  ) {}

  async decode(bytes: Uint8Array): Promise<RgbaImage> {
    const instance = (this.instance ??= await this.start());
    this.warnings = [];
    let image: RgbaImage | null;
    try {
      // EXIF orientation is left alone here: all formats are turned upright by the same code, in grey.
      image = this.format === 'jpeg' ? instance.decode(bytes, false) : instance.decode(bytes);
    } catch (thrown) {
      this.instance = undefined;
      throw this.failure(thrown);
    }
    if (image === null || instance.HEAPU8.byteLength > KEPT_HEAP_BYTES) this.instance = undefined;
    if (image === null) throw this.failure(undefined);
    const damage = this.warnings.find((line) => /^(Corrupt|Premature)/.test(line));
    if (damage !== undefined) throw this.failure(undefined);
    return image;
  }

  private async start(): Promise<DecoderModule> {
    this.binary ??= this.load().then((binary) => (binary instanceof Uint8Array ? WebAssembly.compile(binary) : binary));
    let binary: WebAssembly.Module;
    try {
      binary = await this.binary;
    } catch (thrown) {
      this.binary = undefined;
      throw thrown instanceof AppError
        ? thrown
        : new AppError('DOWNLOAD_FAILED', `The ${this.format} decoder did not load.`, {}, { cause: thrown });
    }
    return new Promise((resolve, reject) => {
      this.factory({
        noInitialRun: true,
        print: () => undefined,
        printErr: (line) => this.warnings.push(line),
        instantiateWasm: (imports, receive) => {
          WebAssembly.instantiate(binary, imports).then(receive, reject);
          return {};
        },
      }).then(resolve, reject);
    });
  }

  /**
   * libjpeg prints what is wrong, and either goes on with grey in place of what is missing or exits. A part of a film is
   * never scored, so both are errors here.
   */
  private failure(thrown: unknown): AppError {
    const reason = this.warnings.find((line) => line !== '') ?? '';
    const detail = { format: this.format, reason };
    const options = { cause: thrown };
    if (/memory/i.test(reason) || isOutOfMemory(thrown))
      return new AppError('OUT_OF_MEMORY', `There is not enough memory to decode this ${this.format}.`, detail, options);
    if (/premature end/i.test(reason))
      return new AppError('TRUNCATED', `The image data of the ${this.format} ends too early.`, detail, options);
    return new AppError('CORRUPT', `The ${this.format} cannot be decoded${reason && `: ${reason}`}.`, detail, options);
  }
}

/** A C++ exception arrives as a number; the only one that the decoders throw is that of a failed allocation. */
function isOutOfMemory(thrown: unknown): boolean {
  return typeof thrown === 'number' || (thrown !== undefined && toAppError(thrown).code === 'OUT_OF_MEMORY');
}
