import { defineConfig } from 'vitest/config';

// The console in a real browser, apart from the other suites: it takes a minute, and wants Chromium.
export default defineConfig({
  test: {
    include: ['console/test/**/*.test.ts'],
    // A busy machine takes several times as long as one that does nothing else.
    testTimeout: 120_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 20_000 } },
    // Each file has a browser of its own; more than two at once would slow one another down.
    maxWorkers: 2,
  },
});
