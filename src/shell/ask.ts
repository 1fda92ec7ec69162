import type { Answers, Question } from '../sw/messages.js';

const PATIENCE_MS = 10_000;

/** Asks a service worker. @throws Error if it does not answer: it is broken, or of a version that does not know the question. */
export function ask<Q extends Question>(worker: ServiceWorker, question: Q): Promise<Answers[Q['kind']]> {
  return new Promise((resolve, reject) => {
    const { port1, port2 } = new MessageChannel();
    const timer = setTimeout(() => reject(new Error(`The service worker did not answer “${question.kind}”.`)), PATIENCE_MS);
    port1.onmessage = ({ data }: MessageEvent<Answers[Q['kind']]>) => {
      clearTimeout(timer);
      resolve(data);
    };
    worker.postMessage(question, [port2]);
  });
}
