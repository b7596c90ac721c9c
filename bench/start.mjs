import { fork, spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { timesOf } from './fuzz/scheduler.mjs';

const HOME = fileURLToPath(new URL('..', import.meta.url));

/**
 * Starts a server of `servers/` as a process of its own and waits until it listens; `home` is the checkout whose
 * simulator is meant, this one by default.
 *
 * @returns {Promise<{ port: number, pid: number, memory(): Promise<NodeJS.MemoryUsage>, cpu(): Promise<number>, stop(): Promise<void> }>}
 */
export async function startServer(name, env = {}, execArgv = [], home = HOME) {
  const file = join(home, `bench/servers/${name}.mjs`);
  const child = fork(file, {
    env: { ...process.env, NODE_ENV: 'production', ...env },
    execArgv,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const told = (key) =>
    new Promise((resolve, reject) => {
      const onExit = (code) => reject(new Error(`The server ${name} ended with ${code}.`));
      const onMessage = (message) => {
        if (message[key] === undefined) return;
        child.off('message', onMessage);
        child.off('exit', onExit);
        resolve(message[key]);
      };
      child.on('message', onMessage);
      child.once('exit', onExit);
    });
  const question = (name) => {
    const answer = told(name);
    child.send(name);
    return answer;
  };
  const port = await told('port');
  return {
    port,
    pid: child.pid,
    memory: () => question('memory'),
    result: () => question('result'),
    /** Seconds of processor time used so far. */
    async cpu() {
      const { user, system } = await question('cpu');
      return (user + system) / 1e6;
    },
    stop() {
      return new Promise((resolve) => {
        child.removeAllListeners('exit');
        child.once('exit', resolve);
        if (child.connected) child.disconnect();
        setTimeout(() => child.kill('SIGKILL'), 3_000).unref();
      });
    },
  };
}

/**
 * Starts a program that is told its port, and waits until it answers; `seconds` is how long that took, `processor` how many
 * of a processor it has used, where the system tells.
 */
export async function startProgram(command, args, { path = '/', headers = {}, patience = 60_000, env = {} } = {}) {
  const port = await freePort();
  const began = performance.now();
  const at = args.map((each) => String(each).replace('{port}', String(port)));
  const child = spawn(command, at, { stdio: 'ignore', env: { ...process.env, NODE_ENV: 'production', ...env } });
  let isOver = false;
  child.once('exit', () => {
    isOver = true;
  });
  child.once('error', () => {
    isOver = true;
  });
  const stop = () =>
    new Promise((resolve) => {
      if (isOver) return resolve();
      child.once('exit', resolve);
      child.kill('SIGKILL');
    });
  while (performance.now() - began < patience && !isOver) {
    try {
      const { status } = await fetch(`http://127.0.0.1:${port}${path}`, { headers });
      if (status < 500)
        return { port, seconds: (performance.now() - began) / 1_000, processor: processorOf(child.pid), stop };
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
  await stop();
  throw new Error(`${command} ${at.join(' ')} did not answer.`);
}

/** Seconds of processor time that the threads of a process have used, to the nanosecond; only Linux tells. */
function processorOf(pid) {
  let threads;
  try {
    threads = readdirSync(`/proc/${pid}/task`);
  } catch {
    return undefined;
  }
  const work = threads.reduce((sum, thread) => sum + timesOf(`${pid}/task/${thread}`).work, 0);
  return Number.isNaN(work) ? undefined : work / 1_000;
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
