import { describeLinks } from './testing/link-properties.js';

describeLinks(100_000);
