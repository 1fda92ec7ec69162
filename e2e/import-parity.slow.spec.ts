import { CHECKPOINTS, compareInNode, compareInPage, VARIANTS } from './import-parity.js';

// Every golden film on every backend; the rows that it prints are the parity table.
for (const checkpoint of CHECKPOINTS)
  for (const variant of VARIANTS) {
    compareInNode(checkpoint, variant);
    compareInPage(checkpoint, variant, 'wasm');
    compareInPage(checkpoint, variant, 'webgpu');
  }
