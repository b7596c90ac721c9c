import { defineConfig } from 'vitest/config';
import { runOnBuiltProgram } from './test/support/run-on-built-program.ts';

/** Suites for what clients and users meet: they run on what is shipped. All others run on the sources. */
const ON_BUILT_PROGRAM = [
  'test/surfaces/**/*.test.ts',
  'test/hostile/**/*.test.ts',
  'test/simulator/**/*.test.ts',
  'test/cli/main.test.ts',
  'test/cli/init.test.ts',
  'test/startup.test.ts',
];

/** Suites that ask what the process has loaded, or how long something takes in it: each is alone in one. */
const ALONE = ['test/contracts/prism.test.ts', 'test/hot-path.test.ts'];

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Of two cores Vitest would use one, and keep the other for itself: it hardly needs it.
    maxWorkers: 2,
    // Modules hold no state that changes, so suites share them: to load them anew for each took two fifths of the time.
    isolate: false,
    projects: [
      {
        extends: true,
        plugins: [runOnBuiltProgram()],
        test: {
          name: 'built',
          include: ON_BUILT_PROGRAM,
          globalSetup: 'test/support/build-first.ts',
          server: { deps: { external: [/\/dist(-modules)?\//] } },
        },
      },
      {
        extends: true,
        test: { name: 'sources', include: ['test/**/*.test.ts'], exclude: [...ON_BUILT_PROGRAM, ...ALONE] },
      },
      { extends: true, test: { name: 'alone', include: ALONE, isolate: true } },
    ],
  },
});
