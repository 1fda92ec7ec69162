import { configDefaults, defineConfig } from 'vitest/config';
import { CONSTANTS } from './scripts/build/constants.mjs';

/** Pure code and the edges of page and command line run in Node; the page itself is tested in a real Chromium (e2e/). */
const project = (name: string, include: string[]) => ({
  extends: true as const,
  test: { name, include, exclude: [...configDefaults.exclude, '**/*.slow.test.ts'], environment: 'node', testTimeout: 30_000 },
});

export default defineConfig({
  define: CONSTANTS,
  test: {
    projects: [
      project('core', ['src/{core,engine}/**/*.test.ts']),
      project('edges', ['src/{worker,state,ui,cli}/**/*.test.{ts,tsx}', 'scripts/**/*.test.mjs']),
    ],
  },
});
