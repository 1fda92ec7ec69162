/** What there is to do and to do it with. */
export interface Work {
  /** `--threads`. */
  readonly threads: number;
  /** Films, or at least so many. */
  readonly films: number;
  /** Of the vision tower. */
  readonly parameters: number;
  /** Memory that this process may still take. */
  readonly freeBytes: number;
}

/** A lane is worth its start from so many films on: opening a model takes as long as a few inferences. */
export const FILMS_A_LANE = 8;

/**
 * What a session takes: the weights in float32 and, while it is built, once more in part, and what decoding needs. Measured with
 * float16 packs: ViT-B/32 (88 M parameters) 540 MB, the default pack 60 MB.
 */
const BYTES_A_PARAMETER = 6.2;
const BYTES_A_LANE = 64e6;

/**
 * How threads are shared out: a number a lane, the threads of its inference. One thread on each of two films is faster than two
 * threads on one (12.2 ms a film on one thread, 6.9 on two), and a film is decoded while another is inferred. Fewer lanes, of
 * more threads each, where there are few films or where the lanes would take more than half of the free memory.
 */
export function planLanes({ threads, films, parameters, freeBytes }: Work): readonly number[] {
  const affordable = Math.floor(freeBytes / 2 / (parameters * BYTES_A_PARAMETER + BYTES_A_LANE));
  const lanes = Math.max(1, Math.min(threads, affordable, Math.floor(films / FILMS_A_LANE)));
  return Array.from({ length: lanes }, (_, lane) => Math.floor((threads + lanes - 1 - lane) / lanes));
}
