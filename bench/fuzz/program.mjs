import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const STALLS = new URL('./stalls.mjs', import.meta.url).href;
const HEAP = new URL('./heap.mjs', import.meta.url).href;

/**
 * Starts the built program.
 *
 * @example const program = await startProgram(['--fixture', 'empty']); await program.heap(); await program.stop();
 */
export async function startProgram(args = [], { showsStalls = false, megabytes } = {}) {
  const child = spawn(
    process.execPath,
    [
      ...['--expose-gc', '--import', HEAP],
      ...(megabytes === undefined ? [] : [`--max-old-space-size=${megabytes}`]),
      ...(showsStalls ? ['--import', STALLS] : []),
      ...[MAIN, '--port', '0', '--log-level', 'error', ...args],
    ],
    {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    },
  );
  let log = '';
  let exit;
  child.stderr.on('data', (text) => {
    if (showsStalls) process.stderr.write(text);
    log = (log + text).slice(-20_000);
  });
  child.once('exit', (code, signal) => {
    exit = { code, signal };
  });
  const [text] = await Promise.race([once(child.stdout, 'data'), once(child, 'exit').then(() => [''])]);
  const url = String(text).trim();
  const told = async () => {
    child.send('heap');
    const [message] = await once(child, 'message');
    return message;
  };
  if (url === '') throw new Error(`the program did not start: ${log}`);
  return {
    url,
    port: Number(new URL(url).port),
    log: () => log,
    pid: child.pid,
    /** How it has ended, if it has. */
    exit: () => exit,
    /** Bytes that it holds. */
    heap: async () => (await told()).heap,
    /** How many collections there were of what is young and of the whole, how many of them took long, and the worst. */
    collections: async () => (await told()).collections,
    descriptors: () => readdirSync(`/proc/${child.pid}/fd`).length,
    async stop() {
      if (exit !== undefined) return;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}
