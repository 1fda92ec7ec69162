import { phantom } from './films.js';
import { expect, test } from './fixtures.js';

// On SwiftShader, which is WebGPU on the processor: right, and slow.
const FILM = phantom('film.png', { opacity: true });

test('WebGPU, asked for, scores as WebAssembly does', async ({ reader }) => {
  await reader.open('?backend=wasm');
  await reader.giveAndRead(FILM);
  const wasm = await reader.numbers();

  await reader.open('?backend=webgpu');
  await expect(reader.backend).toHaveText(/WebGPU/, { timeout: 120_000 });
  await reader.giveAndRead(FILM);
  await expect(reader.result).toContainText(/WebGPU, \d+ ms/);
  for (const [i, number] of (await reader.numbers()).entries()) expect(Math.abs(number - (wasm[i] ?? NaN))).toBeLessThan(0.01);
});

test('a software adapter is not chosen unasked, and the menu says why', async ({ reader, page }) => {
  await reader.open();
  await reader.giveAndRead(FILM);
  await expect(reader.backend).toHaveText(/WASM/);
  await reader.backend.click();
  await expect(page.getByRole('radio', { name: /^WebGPU *set aside: .*software adapter/ })).toBeVisible();
});

test('a lost graphics device is replaced', async ({ reader, page, server }) => {
  const release = server.hold(/\.jspi\.wasm$|\.asyncify\.wasm$/, 1);
  const started = page.waitForEvent('worker');
  await reader.open('?backend=webgpu');
  const engine = await started;
  // Nothing hands out the device that onnxruntime makes, so the test takes it where it is made.
  await engine.evaluate(() => {
    interface Device {
      destroy(): void;
    }
    const { prototype } = (
      self as unknown as { GPUAdapter: { prototype: { requestDevice: (this: unknown, ...args: unknown[]) => Promise<Device> } } }
    ).GPUAdapter;
    const { requestDevice } = prototype;
    prototype.requestDevice = async function (...args) {
      const device = await requestDevice.apply(this, args);
      Object.assign(self, { loseDevice: () => device.destroy() });
      return device;
    };
  });
  release();
  await expect(reader.backend).toHaveText(/WebGPU/, { timeout: 60_000 });
  await engine.evaluate(() => (self as unknown as { loseDevice(): void }).loseDevice());
  await reader.giveAndRead(FILM);
  await expect(reader.result).toContainText(/WebGPU, \d+ ms/);
  expect(page.workers()).not.toContain(engine);
});
