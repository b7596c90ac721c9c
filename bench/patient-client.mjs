import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { hammer } from './client.mjs';

/**
 * `hammer` in a process of its own that never sleeps, but gives way: where client and server share two processors, one that
 * looks for answers without a pause holds one of them, so that a thread of the server beside its main one, as the one that
 * syncs, waits for the other until the main thread has nothing to do. A client elsewhere would hold none.
 *
 * @returns {Promise<{ hammer: typeof hammer, stop(): void }>}
 */
export async function startPatientClient() {
  const file = fileURLToPath(import.meta.url);
  // Linux runs such a process only where nobody else wants to run, and counts its processor as free.
  const givesWay = spawnSync('chrt', ['--idle', '0', 'true']).status === 0;
  const [command, ...args] = [...(givesWay ? ['chrt', '--idle', '0'] : []), process.execPath, file];
  const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], serialization: 'advanced' });
  child.on('exit', (code) => {
    if (code !== 0) throw new Error(`The client ended with ${code}.`);
  });
  await once(child, 'message');
  let asked = 0;
  return {
    async hammer(port, request, options) {
      asked += 1;
      const id = asked;
      child.send({ id, args: [port, request, options] });
      for (;;) {
        const [answer] = await once(child, 'message');
        if (answer.id !== id) continue;
        if (answer.failure !== undefined) throw new Error(answer.failure);
        return answer.found;
      }
    },
    stop: () => child.disconnect(),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.on('message', async ({ id, args: [port, request, options] }) => {
    try {
      process.send({ id, found: await hammer(port, Buffer.from(request), options) });
    } catch (error) {
      process.send({ id, failure: String(error.stack) });
    }
  });
  process.send('ready');
}
