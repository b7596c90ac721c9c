#!/usr/bin/env node
// An old Node cannot even read the program. So this file, which says so, holds nothing that one cannot read.
const [major, minor] = process.versions.node.split('.').map(Number) as [number, number];
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(
    `Failed to start bss-simulator: it needs Node.js 20.19 or newer, and this is ${process.versions.node}. Install a newer Node.js.\n`,
  );
  process.exitCode = 2;
} else {
  // A newer Node (22.8) keeps what it has compiled for the next start, where the user has not forbidden it.
  const modules: object & { enableCompileCache?: () => unknown } = process.getBuiltinModule('node:module');
  modules.enableCompileCache?.();
  import('./start-program.ts');
}
