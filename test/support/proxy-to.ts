import { onTestFinished } from 'vitest';
import { type ProxyFlags, runProxy } from '../../src/cli/proxy.ts';
import type { SimulatorOptions } from '../../src/config.ts';
import { createSimulator } from '../../src/simulator.ts';
import { afterWallTime } from '../../src/surfaces/wall-time.ts';
import { temporaryFolder, writeFiles } from '../contracts/temp-files.ts';
import { SHOP_DOCUMENT } from './faulty-shop.ts';
import { askAt, TEST_CACHE } from './simulator.ts';

/** A proxy by the contract of the shop, in front of a server, until it is stopped or the test is over. */
export async function proxyTo(url: string, flags: ProxyFlags = {}, options: SimulatorOptions = {}) {
  const cwd = temporaryFolder();
  const specs = options.specs ?? [writeFiles({ 'shop/api.yaml': SHOP_DOCUMENT })];
  const printed = { out: '', err: '' };
  let stop = () => {};
  let listening = (_: string) => {};
  const listened = new Promise<string>((resolve) => {
    listening = resolve;
  });
  const ended = runProxy(
    url,
    flags,
    { port: 0, cache: TEST_CACHE, specs: [...specs], ...options },
    {
      output: {
        stdout: {
          write(text: string) {
            printed.out += text;
            listening(text.trim());
          },
        },
        stderr: { write: (text: string) => (printed.err += text) },
      },
      cwd,
      specs,
      createSimulator,
      onSignal(callback) {
        stop = callback;
        return () => {};
      },
      exit: () => {},
      afterWallTime,
    },
  );
  const own = await Promise.race([listened, ended.then((code) => Promise.reject(new Error(`ended with ${code}`)))]);
  const end = async () => {
    stop();
    return { code: await ended, cwd, ...printed };
  };
  onTestFinished(async () => {
    await end();
  });
  return { url: own, ask: askAt(own), end };
}
