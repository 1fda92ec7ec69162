export { BackendChooser } from './BackendChooser.js';
export { backendName } from './backend-name.js';
export { CardText } from './CardText.js';
export { ModelLine } from './ModelLine.js';
