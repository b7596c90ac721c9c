import type { RunIo } from '../../src/cli/run.ts';
import type { SimulatorOptions } from '../../src/config.ts';
import { createSimulator } from '../../src/simulator.ts';
import { afterListening, sleep, wallNow } from '../../src/surfaces/wall-time.ts';
import { openWebSocket } from '../../src/surfaces/ws/web-socket-client.ts';
import { TEST_CACHE } from './simulator.ts';

/** What the command `run` needs, in a folder: real requests, a simulator in this process, and what it has printed. */
export function runIo(
  directory: string,
  options: SimulatorOptions = {},
): { io: RunIo; texts: { out: string; err: string } } {
  const texts = { out: '', err: '' };
  const io: RunIo = {
    stdout: { write: (text) => (texts.out += text) },
    stderr: { write: (text) => (texts.err += text) },
    directory,
    version: '1.0.0',
    cacheDir: TEST_CACHE,
    fetch: (url, init) => fetch(url, init),
    patience: afterListening,
    now: wallNow,
    sleep,
    connect: openWebSocket,
    startSimulator: async ({ seed }) => {
      const simulator = createSimulator({ port: 0, cache: TEST_CACHE, ...options, seed });
      await simulator.start();
      return simulator;
    },
  };
  return { io, texts };
}
