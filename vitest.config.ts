import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Of two cores Vitest would use one, and keep the other for itself: it hardly needs it.
    maxWorkers: 2,
  },
});
