import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { isOpen } from './services.ts';

/** A server of the test's own, on a port and in a folder of its own, that can be stopped and started again. */
export interface OwnServer {
  readonly port: number;
  start(): Promise<void>;
  /** Ends the process and waits until it has. */
  stop(): Promise<void>;
  /** Stops it and removes its folder. */
  dispose(): Promise<void>;
}

/**
 * Makes a server that runs a program on this machine; `commandOf` says how, and may write into the folder.
 *
 * @example const server = await ownServer((port, folder) => ({ program: 'nats-server', args: ['-p', `${port}`, '-js', '-sd', folder] }));
 */
export async function ownServer(
  commandOf: (
    port: number,
    folder: string,
  ) => { program: string; args: readonly string[]; env?: Readonly<Record<string, string>> },
): Promise<OwnServer> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'bss-simulator-test-'));
  const { program, args, env } = commandOf(port, folder);
  let child: ChildProcess | undefined;
  const stop = async (): Promise<void> => {
    const running = child;
    child = undefined;
    if (running?.pid === undefined || running.exitCode !== null) return;
    const exited = once(running, 'exit');
    // Its own group: some of these programs are scripts that start the server as a child.
    process.kill(-running.pid, 'SIGTERM');
    await exited;
    while (await isOpen('127.0.0.1', port)) await wait(20);
  };
  return {
    port,
    async start() {
      child = spawn(program, args, { cwd: folder, stdio: 'ignore', detached: true, env: { ...process.env, ...env } });
      while (!(await isOpen('127.0.0.1', port))) {
        if (child.exitCode !== null) throw new Error(`${program} ended with ${child.exitCode}`);
        await wait(20);
      }
    },
    stop,
    async dispose() {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The first of these programs that is installed here. */
export function findProgram(...paths: readonly string[]): string | undefined {
  return paths.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** A loopback port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
