import { AppError } from '../errors.js';

/** Coefficients of a block, and how often a progressive file may pass over the film before it counts as an attack. */
const COEFFICIENTS = 64;
const MAX_SCANS = 100;
const MAX_SCANNED_PIXELS = 2_000_000_000;
const MISSING = 255;

/**
 * Keeps account of which coefficients the scans of a JPEG bring, and to which bit. A file that lost its last scans and got
 * an end mark all the same decodes to a blurred film, without a warning.
 */
export class JpegScans {
  private isProgressive = false;
  /** By component id: for each coefficient the lowest bit that has come; `MISSING` before the first. */
  private readonly lowestBit = new Map<number, Uint8Array>();
  private scans = 0;

  /** @param frame - the body of the frame header, already checked for its length. */
  begin(isProgressive: boolean, frame: Uint8Array): void {
    this.isProgressive = isProgressive;
    for (let i = 0; i < frame[5]!; i++) this.lowestBit.set(frame[6 + 3 * i]!, new Uint8Array(COEFFICIENTS).fill(MISSING));
    if (this.lowestBit.size !== frame[5]) throw corrupt('Two components of the JPEG have the same name.');
  }

  /**
   * @param body - the scan header.
   * @param pixels - of the film: bounds the work that the scans ask for.
   * @throws AppError `CORRUPT`.
   */
  add(body: Uint8Array, pixels: number): void {
    const count = body[0] ?? 0;
    if (count < 1 || count > 4 || body.length < 4 + 2 * count) throw corrupt('A scan header of the JPEG is wrong.');
    if (++this.scans > MAX_SCANS || this.scans * pixels > MAX_SCANNED_PIXELS)
      throw corrupt(`The JPEG passes ${this.scans} times over its ${pixels} pixels.`);
    const [first, last, bits] = this.isProgressive ? [...body.subarray(1 + 2 * count, 4 + 2 * count)] : [0, COEFFICIENTS - 1, 0];
    if (first === undefined || last === undefined || bits === undefined || first > last || last >= COEFFICIENTS)
      throw corrupt('A scan of the JPEG has coefficients out of range.');
    for (let i = 0; i < count; i++) {
      const lowest = this.lowestBit.get(body[1 + 2 * i]!);
      if (!lowest) throw corrupt('A scan of the JPEG has an unknown component.');
      lowest.fill(bits & 15, first, last + 1);
    }
  }

  /** @throws AppError `TRUNCATED` if any coefficient is missing in part or whole. */
  checkComplete(): void {
    for (const lowest of this.lowestBit.values())
      if (lowest.some((bit) => bit !== 0))
        throw new AppError('TRUNCATED', `The JPEG ends after ${this.scans} scans, before the last ones.`, {
          format: 'jpeg',
          scans: this.scans,
        });
  }
}

function corrupt(message: string): AppError {
  return new AppError('CORRUPT', message, { format: 'jpeg' });
}
