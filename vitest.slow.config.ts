import { defineConfig } from 'vitest/config';
import { CONSTANTS } from './scripts/build/constants.mjs';

/** What takes minutes, or needs Python's packages, and the long runs of the property tests: `npm run test:slow`. */
export default defineConfig({
  define: CONSTANTS,
  test: {
    include: ['src/**/*.slow.test.ts', 'src/core/torch/refusals.test.ts', 'src/engine/import-damage.test.ts'],
    environment: 'node',
    env: { PPAD_SLOW: '1' },
    testTimeout: 1_800_000,
    hookTimeout: 600_000,
    maxWorkers: 1,
  },
});
