import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, expect, test } from 'vitest';
import { startProcess } from '../support/process.ts';
import { sendRaw, upgrade } from './raw-client.ts';

const simulator = await startProcess(['--fixture', 'empty']);
afterAll(() => simulator.stop());
const port = Number(new URL(simulator.url).port);

test('an upgrade that is refused and reset at once ends nothing but its own connection', async () => {
  for (let count = 0; count < 100; count += 1) {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write(upgrade('/nope'));
    // Now and then, so that some resets come before the refusal is written, and some while it is.
    if (count % 2 === 0) await new Promise(setImmediate);
    socket.resetAndDestroy();
  }

  expect((await fetch(`${simulator.url}/_simulator/health`)).status).toBe(200);
});

test('an upgrade with two Host headers is refused', async () => {
  expect((await sendRaw(port, upgrade('/_simulator/events', ['Host: other']))).status).toBe(400);
});
