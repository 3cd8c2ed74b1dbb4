import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/**
 * The floors of the house, lowest first. A file may import from its own folder's floor
 * and from every floor below; an import that looks up is an error (see CONTRIBUTING.md).
 */
export const FLOORS = [
  ['harness/base'],
  ['harness/data', 'harness/cache', 'harness/sync', 'harness/agent', 'harness/debian'],
  ['harness/machine', 'harness/kernels', 'harness/hardware'],
  ['harness/record'],
  ['harness/judge'],
  ['harness/probe'],
  ['harness/cell'],
  ['fixtures', 'reports'],
  ['matrix/specs', 'harness/cli', 'harness/bench'],
];

/** @param {number} floor the index in FLOORS */
function importsOnlyDown(floor) {
  const above = FLOORS.slice(floor + 1).flat();
  return {
    files: FLOORS[floor].map((folder) => `${folder}/**/*.{ts,tsx}`),
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: above.map((folder) => `**/${folder.split('/').at(-1)}/**`),
              message: `Imports only go down the floors; this file stands on floor ${floor}.`,
            },
          ],
        },
      ],
    },
  };
}

export default tseslint.config(
  { ignores: ['dist/', 'build/', 'out/', 'test-results/', 'reports/out/', '**/*.generated.ts'] },
  js.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: false },
      ],
      'no-empty': 'error',
    },
  },
  ...FLOORS.slice(0, -1).map((_, floor) => importsOnlyDown(floor)),
  {
    files: ['**/*.cjs'],
    languageOptions: { globals: { require: 'readonly', __dirname: 'readonly' } },
  },
  {
    files: ['**/*.{js,cjs}'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        performance: 'readonly',
        setInterval: 'readonly',
        clearInterval: 'readonly',
      },
    },
  },
);
