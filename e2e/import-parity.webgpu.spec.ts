import { CHECKPOINTS, compareInPage } from './import-parity.js';

// On SwiftShader, which is WebGPU on the processor: two films are enough here to see that it is right.
for (const checkpoint of CHECKPOINTS) compareInPage(checkpoint, 'float32', 'webgpu', 2);
