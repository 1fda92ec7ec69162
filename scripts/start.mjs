// `npm start`: installs and builds what is missing or stale, then serves the page on this machine alone.
import { PAGE } from './paths.mjs';
import { createStaticServer } from './serve.mjs';
import { listen } from './listen.mjs';
import { ensurePage } from './steps/build-page.mjs';
import { ensureInstalled } from './steps/install.mjs';

await ensureInstalled();
if (!(await ensurePage())) {
  console.error('The build failed (see above).');
  process.exit(1);
}

const wish = process.env['PORT'];
const port = Number(wish ?? 5173);
if (!Number.isInteger(port) || port < 0 || port > 65_535) {
  console.error(`PORT must be a number from 0 to 65535, not ${JSON.stringify(wish)}.`);
  process.exit(2);
}
const server = createStaticServer(PAGE);
try {
  console.log(`PPAD is at ${await listen(server, port, { exactly: wish !== undefined })}  (Ctrl-C ends it)`);
} catch (error) {
  console.error(`Cannot listen on port ${port}: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
for (const signal of ['SIGINT', 'SIGTERM'])
  process.on(signal, () => {
    server.close(() => process.exit(0));
    server.closeAllConnections();
  });
