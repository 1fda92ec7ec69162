export { BackendChooser } from './BackendChooser.js';
export { backendName } from './backend-name.js';
export { Markdown } from './Markdown.js';
export { ModelLine } from './ModelLine.js';
