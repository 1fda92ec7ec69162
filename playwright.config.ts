import { defineConfig, type PlaywrightTestConfig } from '@playwright/test';
import { findChromium } from './scripts/steps/chromium.mjs';

const FLAGS = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-quic',
  '--disable-sync',
  '--no-first-run',
  // Chromium does not start as root with its sandbox on.
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
];
/** WebGPU without a graphics card: SwiftShader, on the processor. */
const SWIFTSHADER = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];

/** `npm run test:slow` runs these. */
const SLOW = /\.slow\.spec\.ts$/;

const executablePath = findChromium();
const launch = (...extra: string[]) => ({
  launchOptions: { args: [...FLAGS, ...extra], ...(executablePath === undefined ? {} : { executablePath }) },
});

const config: PlaywrightTestConfig = {
  testDir: 'e2e',
  globalSetup: './e2e/packs.ts',
  outputDir: '.work/e2e',
  // Inference takes both cores of a small machine: two films at once would only wait for each other.
  workers: 1,
  timeout: 90_000,
  // A machine that is busy with other things takes seconds to compile the engine.
  expect: { timeout: 30_000 },
  forbidOnly: process.env['CI'] !== undefined,
  // Recording a trace makes a run three times as long: `--trace on` when there is something to look into.
  use: { screenshot: 'only-on-failure' },
  projects: [
    { name: 'chromium', testIgnore: [/webgpu/, SLOW], use: launch() },
    { name: 'webgpu', testMatch: /webgpu.*\.spec\.ts$/, testIgnore: SLOW, timeout: 180_000, use: launch(...SWIFTSHADER) },
    ...(process.env['PPAD_SLOW'] === '1' ? [{ name: 'slow', testMatch: SLOW, use: launch(...SWIFTSHADER) }] : []),
  ],
};

export default defineConfig(config);
