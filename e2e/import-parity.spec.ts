import { CHECKPOINTS, compareInPage } from './import-parity.js';

// Half weights, other words, zero-shot and WebGPU on all films: import-parity.slow.spec.ts.
for (const checkpoint of CHECKPOINTS) compareInPage(checkpoint, 'float32', 'wasm');
