import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Real processes and real files: two workers suit a two-core machine.
    maxWorkers: 2,
    coverage: {
      provider: 'v8',
      include: ['agent/**', 'receiver/**', 'shared/**'],
      reporter: ['text-summary', 'json-summary'],
    },
  },
});
