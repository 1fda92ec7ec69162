import type { Decoders, WorkerClient } from '../worker/client.js';
import type { Thumbnails } from './thumbnails.js';

/** Who works for the films: the engine, the decoders beside it, and what they leave for the list. */
export interface FilmWorkers {
  readonly client: WorkerClient;
  readonly decoders: Decoders;
  readonly thumbnails: Thumbnails;
}
