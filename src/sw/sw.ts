import type { RequestFact } from '../core/request-fact.js';
import { engineBinary, forgetOldBinaries } from './engine-cache.js';
import type { Answers, Question } from './messages.js';
import { scope, worker } from './scope.js';
import { giveShared, takeShare } from './shared-films.js';
import { activateShell, installShell, shellFile } from './shell.js';
import { takeOver } from './take-over.js';

// Never `skipWaiting` here: a new worker waits until the reader asks for it, or until the last window is closed.
worker.addEventListener('install', (event) => event.waitUntil(installShell(event)));
worker.addEventListener('activate', (event) => event.waitUntil(Promise.all([activateShell(event), forgetOldBinaries()])));

worker.addEventListener('fetch', (event) => {
  const answer = answerTo(event);
  if (answer) event.respondWith(answer);
});

/** Undefined: the browser fetches it as if there were no service worker. So do pack files, which the app keeps by itself, and version.json. */
function answerTo(event: FetchEvent): Promise<Response> | undefined {
  const { request } = event;
  const url = new URL(request.url);
  if (!url.href.startsWith(scope)) return undefined;
  if (request.method !== 'GET') return takeShare(event, url);
  if (request.headers.has('range')) return undefined;
  return shellFile(event, url) ?? engineBinary(event, url);
}

worker.addEventListener('message', (event) => {
  const [port] = event.ports;
  if (!port) return;
  event.waitUntil(answerQuestion(event).then((answer) => port.postMessage(answer)));
});

async function answerQuestion({ data, source }: ExtendableMessageEvent): Promise<Answers[Question['kind']]> {
  const question = data as Question;
  switch (question.kind) {
    case 'identify':
      return { build: __BUILD_ID__, version: __APP_VERSION__ };
    case 'claim':
      if (question.build !== __BUILD_ID__) return false;
      await worker.clients.claim();
      return true;
    case 'activate':
      return { busy: await takeOver(source && 'id' in source ? source.id : undefined, question.force) };
    case 'take-shared':
      return giveShared(question.id);
    case 'requests':
      return requestsMade();
  }
}

function requestsMade(): readonly RequestFact[] {
  const entries = performance.getEntriesByType('resource') as PerformanceResourceTiming[];
  return entries.map(({ name, transferSize }) => ({ url: name, received: transferSize }));
}
