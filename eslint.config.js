import js from '@eslint/js';
import tseslint from 'typescript-eslint';

// Which part may import which (docs/architecture.md): a part's own files, what is listed, and packages.
const parts = {
  'harness/model': [],
  'harness/util': ['model'],
  'harness/toolchain': ['model', 'util'],
  'harness/kube': ['model', 'util'],
  'harness/cluster': ['model', 'util', 'toolchain', 'kube'],
  'harness/load': ['model', 'util', 'toolchain'],
  'harness/guarantees': ['model'],
  'harness/history': ['model', 'util'],
  'harness/run': ['model', 'util', 'toolchain', 'kube', 'cluster', 'load', 'guarantees'],
  'harness/cli': [
    'model',
    'util',
    'toolchain',
    'kube',
    'cluster',
    'load',
    'guarantees',
    'history',
    'run',
    'faults',
    'reports',
    'suites',
    'workloads',
  ],
  faults: ['model', 'util', 'kube'],
  reports: ['model'],
  workloads: ['model', 'util', 'toolchain', 'kube'],
  suites: [
    'model',
    'util',
    'toolchain',
    'kube',
    'cluster',
    'load',
    'guarantees',
    'history',
    'run',
    'cli',
    'faults',
    'reports',
    'workloads',
  ],
};
const all = [
  'model',
  'util',
  'toolchain',
  'kube',
  'cluster',
  'load',
  'guarantees',
  'history',
  'run',
  'cli',
  'faults',
  'reports',
  'workloads',
  'suites',
];
const nameOf = (folder) => folder.replace('harness/', '');

const importRules = Object.entries(parts).map(([folder, allowed]) => ({
  files: [`${folder}/**/*.ts`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          ...all
            .filter((part) => part !== nameOf(folder) && !allowed.includes(part))
            .map((part) => ({
              regex: `^\\.\\.?/(.*/)?${part}/`,
              message: `${folder} must not import ${part} (docs/architecture.md)`,
            })),
          ...(folder === 'harness/util' ? [] : [{ regex: '^execa$', message: 'only harness/util imports execa' }]),
          ...(folder === 'harness/kube'
            ? []
            : [{ regex: '^@kubernetes/client-node$', message: 'only harness/kube imports the client' }]),
        ],
      },
    ],
  },
}));

export default tseslint.config(
  { ignores: ['node_modules', 'runs', 'harness/load/scripts/**', '**/testdata/**', '**/*.js', '**/*.mjs'] },
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 70, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ['**/*.test.ts', 'suites/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unused-expressions': 'off',
      'max-lines-per-function': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  ...importRules,
);
