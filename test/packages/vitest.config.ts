import { defineConfig } from 'vitest/config';

/** Packages built and installed for real: minutes, root, and tools that few machines have. */
export default defineConfig({
  test: {
    root: new URL('../..', import.meta.url).pathname,
    include: ['test/packages/**/*.packages.ts'],
    testTimeout: 900_000,
    hookTimeout: 1_800_000,
    // One machine is booted at a time.
    maxWorkers: 1,
    fileParallelism: false,
  },
});
