import eslint from '@eslint/js';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

export default defineConfig(
  { ignores: ['node_modules/**', 'coverage/**', 'dist/**'] },
  eslint.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['*.js'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/require-await': 'off',
      'no-console': 'error',
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'Time comes from Clock (shared/runtime/clock.ts).' },
        {
          object: 'Math',
          property: 'random',
          message: 'Chance comes from Random (shared/runtime/random.ts).',
        },
      ],
      'max-lines': ['error', { max: 350, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    // The two modules that stand between the product and the machine.
    files: ['shared/runtime/clock.ts', 'shared/runtime/random.ts'],
    rules: { 'no-restricted-properties': 'off' },
  },
  {
    // What browsers run.
    files: ['receiver/pages/assets/*.js'],
    ...tseslint.configs.disableTypeChecked,
    languageOptions: {
      parserOptions: { projectService: false },
      globals: Object.fromEntries(
        [
          'document',
          'window',
          'location',
          'localStorage',
          'navigator',
          'fetch',
          'DOMParser',
          'EventSource',
          'CSS',
        ]
          .concat(['setInterval', 'setTimeout', 'Intl', 'URLSearchParams'])
          .map((name) => [name, 'readonly']),
      ),
    },
    rules: { ...tseslint.configs.disableTypeChecked.rules, 'no-restricted-properties': 'off' },
  },
  {
    files: ['test/**', 'installers/**'],
    rules: { 'no-restricted-properties': 'off', 'max-lines': 'off' },
  },
);
