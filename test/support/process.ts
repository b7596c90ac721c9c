import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir, readlink } from 'node:fs/promises';
import { resolve } from 'node:path';

/** A simulator in a process of its own, as a user starts it. */
export interface SimulatorProcess {
  readonly url: string;
  /** What it has written to its log, one JSON object a line. */
  log(): string;
  /** How many sockets it has open, as Linux counts them. */
  sockets(): Promise<number>;
  /** Sends it a signal that does not end it. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void;
  /** Sends it a signal, SIGTERM by default; answers its exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

const MAIN = resolve('dist/cli/main.js');

/** Starts the built program with a Node of choice, on a free port. */
export async function startProcess(
  args: readonly string[] = [],
  node = process.execPath,
  nodeArgs: readonly string[] = [],
): Promise<SimulatorProcess> {
  if (!existsSync(MAIN)) throw new Error('Failed to start the program: it is not built. Run npm run build first.');
  const child = spawn(node, [...nodeArgs, MAIN, '--port', '0', '--log-level', 'error', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const errors: string[] = [];
  child.stderr.on('data', (text) => errors.push(String(text)));
  const exited = once(child, 'exit');
  const url = await Promise.race([
    once(child.stdout, 'data').then(([text]) => String(text).trim()),
    exited.then(([code]) => {
      throw new Error(`Failed to start the program: it exited with ${code}: ${errors.join('')}`);
    }),
  ]);
  return {
    url,
    log: () => errors.join(''),
    async sockets() {
      const folder = `/proc/${child.pid}/fd`;
      const names = await readdir(folder);
      const links = await Promise.all(names.map((name) => readlink(`${folder}/${name}`).catch(() => '')));
      return links.filter((link) => link.startsWith('socket:')).length;
    },
    signal: (signal) => void child.kill(signal),
    async stop(signal = 'SIGTERM') {
      child.kill(signal);
      const [code] = await exited;
      return code as number | null;
    },
  };
}
