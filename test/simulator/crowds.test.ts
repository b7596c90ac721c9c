import type { Socket } from 'node:net';
import { afterAll, expect, test } from 'vitest';
import { openIdle } from '../hostile/raw-client.ts';
import { startSimulator } from '../support/simulator.ts';

const { simulator, ask } = await startSimulator({ systems: ['connectx', 'billing-account'] });
const { port } = new URL(simulator.url);
const sockets = await Promise.all(Array.from({ length: 31 }, () => openIdle(Number(port))));
afterAll(() => sockets.forEach((socket) => void socket.destroy()));

const BODY = JSON.stringify({ accountRelationship: Array.from({ length: 40_000 }, () => ({})) });
const HEAD = 'HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer any\r\n';
const LONG = `POST /billingaccounttmfwebservices/v2/billingAccount ${HEAD}Content-Type: application/json\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`;
const SHORT = `GET /@beside/v1/products ${HEAD}\r\n`;

/** Sends all of these in one turn, each on a connection of its own; returns the order in which answers begin. */
async function sendAtOnce(requests: readonly string[]): Promise<readonly number[]> {
  const order: number[] = [];
  const answered = (socket: Socket, index: number): Promise<void> =>
    new Promise((resolve) => {
      socket.once('data', () => {
        order.push(index);
        resolve();
      });
    });
  await Promise.all(
    requests.map((request, index) => {
      const socket = sockets[index] as Socket;
      socket.write(request);
      return answered(socket, index);
    }),
  );
  // What else there is of the answers.
  await ask('GET', '/_simulator/health');
  return order;
}

test('what is done soon does not stand behind all that has come at the same moment', async () => {
  const crowd = [...Array.from({ length: 30 }, () => LONG), SHORT];
  // A connection takes a turn to come about; how long something takes is known once it has been done in a crowd.
  await expect.poll(async () => (await sendAtOnce(crowd)).indexOf(30), { timeout: 20_000 }).toBeLessThan(10);
});
