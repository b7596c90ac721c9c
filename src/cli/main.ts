#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runProgram } from './program.ts';

const home = fileURLToPath(new URL('../..', import.meta.url));
const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

// Whoever reads what is written may have read enough, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

const exitCode = await runProgram(process.argv.slice(2), {
  output: { stdout: process.stdout, stderr: process.stderr },
  environment: process.env,
  cwd: process.cwd(),
  version,
  home,
  loadSimulator: () => import('../simulator.ts'),
  onSignal: (callback) => {
    process.on('SIGTERM', callback);
    process.on('SIGINT', callback);
    return () => {
      process.off('SIGTERM', callback);
      process.off('SIGINT', callback);
    };
  },
  exit: (code) => process.exit(code),
});

// Left to itself, Node would wait for idle connections; what has been written is let out first.
process.stdout.write('', () => process.exit(exitCode));
