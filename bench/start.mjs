import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/**
 * Starts a server of `servers/` as a process of its own and waits until it listens.
 *
 * @returns {Promise<{ port: number, pid: number, memory(): Promise<NodeJS.MemoryUsage>, cpu(): Promise<number>, stop(): Promise<void> }>}
 */
export async function startServer(name, env = {}, execArgv = []) {
  const file = fileURLToPath(new URL(`servers/${name}.mjs`, import.meta.url));
  const child = fork(file, { env: { ...process.env, NODE_ENV: 'production', ...env }, execArgv, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const told = (key) =>
    new Promise((resolve, reject) => {
      const onMessage = (message) => {
        if (message[key] === undefined) return;
        child.off('message', onMessage);
        resolve(message[key]);
      };
      child.on('message', onMessage);
      child.once('exit', (code) => reject(new Error(`The server ${name} ended with ${code}.`)));
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
