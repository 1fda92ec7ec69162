// The allow-list of src/README.md: what each folder may import, type imports included. Anything else is a breach.

/** @param {string} from @param {string[]} to folders or files under src/ */
const mayImport = (from, to) => ({ from: { path: `^src/${from}/` }, to: { path: `^src/(${[`${from}/`, ...to].join('|')})` } });

const TESTS = '\\.test\\.(ts|tsx|mjs)$|/testing/';

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'feature-door',
      comment: "A ui feature's index.ts is its only door.",
      severity: 'error',
      from: { path: '^src/ui/([^/]+)/' },
      to: {
        path: '^src/ui/([^/]+)/',
        pathNot: ['^src/ui/$1/', '^src/ui/[^/]+/index\\.tsx?$', '^src/ui/shared/', '^src/ui/i18n/'],
      },
    },
    {
      name: 'core-has-no-platform',
      comment: 'Neither Node nor onnxruntime nor the browser enters core and engine.',
      severity: 'error',
      from: { path: '^src/(core|engine)/', pathNot: TESTS },
      to: { path: ['^node:', 'onnxruntime', '/(comlink|zustand|react|react-dom)/'], pathNot: '^src/' },
    },
    {
      name: 'core-has-no-platform-module',
      severity: 'error',
      from: { path: '^src/(core|engine)/', pathNot: TESTS },
      to: { dependencyTypes: ['core'] },
    },
  ],
  allowedSeverity: 'error',
  allowed: [
    mayImport('core', []),
    mayImport('engine', ['core/']),
    mayImport('worker', ['engine/', 'core/']),
    mayImport('sw', ['core/']),
    mayImport('shell', ['sw/messages\\.ts', 'core/']),
    mayImport('state', ['worker/client\\.ts', 'worker/api\\.ts', 'shell/', 'core/']),
    mayImport('ui', ['state/', 'core/']),
    mayImport('cli', ['engine/', 'core/']),
    // Packages, Node's modules, assets: whatever is not ours.
    { from: { path: '^src/' }, to: { pathNot: '^src/' } },
    // A test may look at anything.
    { from: { path: TESTS }, to: {} },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    includeOnly: ['^src/', 'node_modules', '^node:', '^(fs|path|os|url|crypto)$'],
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'browser', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json', '.css', '.d.ts'],
      mainFields: ['module', 'main', 'types'],
    },
    skipAnalysisNotInRules: true,
  },
};
