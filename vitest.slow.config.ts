import { defineConfig } from 'vitest/config';
import { CONSTANTS } from './scripts/build/constants.mjs';

/** What takes minutes, or needs Python's packages: `npm run test:slow`. */
export default defineConfig({
  define: CONSTANTS,
  test: { include: ['src/**/*.slow.test.ts'], environment: 'node', testTimeout: 1_800_000, hookTimeout: 600_000, maxWorkers: 1 },
});
