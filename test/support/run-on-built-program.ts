import { dirname, join, relative, resolve } from 'node:path';
import type { Plugin } from 'vitest/config';

const SRC = resolve('src');

/** What the shipped program has under a name of its own; all else of it is in files that these share. */
const SHIPPED = ['index.ts', 'simulator.ts'];

/**
 * Lets tests that import from `src/` run on what the build makes of it: a whole simulator is the shipped one, in `dist/`;
 * a module by itself is the same module in `dist-modules/`, which the same build writes module by module.
 */
export function runOnBuiltProgram(): Plugin {
  return {
    name: 'run-on-built-program',
    enforce: 'pre',
    resolveId(specifier, importer) {
      if (importer === undefined || !specifier.startsWith('.')) return undefined;
      const module = relative(SRC, resolve(dirname(importer), specifier));
      if (module.startsWith('..') || !module.endsWith('.ts')) return undefined;
      return join(resolve(SHIPPED.includes(module) ? 'dist' : 'dist-modules'), module.replace(/\.ts$/, '.js'));
    },
  };
}
