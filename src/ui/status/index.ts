export { CrashGuard } from './CrashGuard.js';
export { ErrorView } from './ErrorView.js';
export { Progress } from './Progress.js';
