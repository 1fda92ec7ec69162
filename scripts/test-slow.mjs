// `npm run test:slow [-- FILTER]`: what takes minutes, or needs Python's packages; a test that lacks what it needs says so and is skipped.
import { ensureCli } from './steps/build-cli.mjs';
import { ensureInstalled } from './steps/install.mjs';
import { runModule } from './steps/run.mjs';

await ensureInstalled();
await ensureCli();
const { status } = await runModule('vitest/vitest.mjs', ['run', '--config', 'vitest.slow.config.ts', ...process.argv.slice(2)]);
process.exitCode = status;
