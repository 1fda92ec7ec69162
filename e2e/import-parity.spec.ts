import { compareWithReference } from './import-parity.js';

compareWithReference('wasm', 8);
