import { describeLinks } from './testing/link-properties.js';

describeLinks(2_000);
