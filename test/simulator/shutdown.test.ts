import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { startProcess } from '../support/process.ts';
import { askAt } from '../support/simulator.ts';
import { startReceiver } from '../surfaces/webhooks/receiver.ts';

const NEW_CUSTOMER = { customerType: 'Individual', email: 'ada@example.com' };

test('SIGTERM during deliveries: tries under way end, no other begins, what stays pending is told, exit code 0', async () => {
  let release = (): void => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const answering = (status: number) =>
    startReceiver(async () => {
      await held;
      return { status };
    });
  const receivers = { taking: await answering(204), failing: await answering(500) };
  const simulator = await startProcess(['--fixture', 'empty', '--log-level', 'warn']);
  afterAll(() => simulator.stop());
  const ask = askAt(simulator.url);
  for (const [tenant, { url, received }] of Object.entries(receivers)) {
    await ask('POST', `/@${tenant}/_simulator/webhooks`, { url, channels: ['customer/created'] });
    for (let i = 0; i < 3; i += 1) await ask('POST', `/@${tenant}/v1/customers`, NEW_CUSTOMER);
    await expect.poll(() => received.length, { timeout: 3_000 }).toBe(1);
  }

  const stopped = simulator.stop();
  // Nothing can be told before they have ended.
  await wait(200);
  expect(simulator.log()).toBe('');
  release();

  expect(await stopped).toBe(0);
  expect(receivers.taking.received).toHaveLength(1);
  expect(receivers.failing.received).toHaveLength(1);
  const lines = simulator.log().trim().split('\n');
  // The first of one has been delivered; the first of the other has failed, and would be tried again.
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { tenant: 'taking', pending: 2, deliveries: ['DLV-000002', 'DLV-000003'] },
    { tenant: 'failing', pending: 3, deliveries: ['DLV-000001', 'DLV-000002', 'DLV-000003'] },
  ]);
});
