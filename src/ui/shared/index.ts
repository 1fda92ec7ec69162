export { Dialog } from './Dialog.js';
export { ErrorDetails } from './ErrorDetails.js';
export { Disclosure, useClose } from './Disclosure.js';
export { formatMegabytes, formatProbability } from './format.js';
export { PageContext, useActions, useApp, useLanguage, usePage } from './page-context.js';
export { RAMP_GRADIENT, rampColour } from './ramp.js';
export { useDelayed } from './use-delayed.js';
