// `npm run build`: installs what is missing and builds the page into dist/web, to be put as it is into any folder of any host.
import { relative } from 'node:path';
import { PAGE, ROOT } from './paths.mjs';
import { ensurePage } from './steps/build-page.mjs';
import { ensureInstalled } from './steps/install.mjs';

await ensureInstalled();
if (!(await ensurePage())) {
  console.error('The build failed (see above).');
  process.exit(1);
}
console.log(`The page is in ${relative(ROOT, PAGE)}: put that folder's files anywhere on any web server.`);
