import { compareWithReference } from './import-parity.js';

// On SwiftShader, which is WebGPU on the processor: two films are enough to see that it is right.
compareWithReference('webgpu', 2);
