import type { Endpoint } from 'comlink';
import type { WorkerApi } from '../api.js';
import type { WorkerLike } from '../connection.js';
import { serve } from '../rpc.js';

/** A worker without a thread: the real `serve` over a message channel, with the ways in which a worker can die. */
export class FakeWorker implements WorkerLike {
  readonly #channel = new MessageChannel();
  readonly #errors = new Set<(event: unknown) => void>();
  terminated = false;

  /** @param api the engine's functions, or what serves others on an endpoint. */
  constructor(api: WorkerApi | ((endpoint: Endpoint) => void)) {
    if (typeof api === 'function') api(this.#channel.port2);
    else serve(api, this.#channel.port2);
    this.#channel.port1.start();
    this.#channel.port2.start();
  }

  postMessage(message: unknown, transfer: Transferable[] = []): void {
    this.#channel.port1.postMessage(message, transfer);
  }

  addEventListener(type: string, listener: EventListenerOrEventListenerObject): void {
    if (type === 'message') this.#channel.port1.addEventListener('message', listener);
    else this.#errors.add(listener as (event: unknown) => void);
  }

  removeEventListener(type: string, listener: EventListenerOrEventListenerObject): void {
    if (type === 'message') this.#channel.port1.removeEventListener('message', listener);
    else this.#errors.delete(listener as (event: unknown) => void);
  }

  /** Dies as a worker does whose script throws: the page hears an error event. */
  crash(message: string): void {
    for (const listener of this.#errors) listener({ message });
  }

  /** Falls silent without an event, as a worker that was terminated from outside. */
  terminate(): void {
    this.terminated = true;
    this.#channel.port1.close();
    this.#channel.port2.close();
  }
}
