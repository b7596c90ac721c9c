import { expect, test } from 'vitest';
import type { StreamingOutcome } from '../../../src/surfaces/surface.ts';
import { createWorld, eventOf } from '../test-world.ts';

/** A client that takes everything, unless it is told to be slow. */
function connect(outcome: StreamingOutcome) {
  const client = { text: '', waiting: 0, isSlow: false, hasEnded: false, leave: () => {} };
  client.leave = outcome.start({
    write(text) {
      client.text += text;
      if (client.isSlow) client.waiting += text.length;
      return !client.isSlow;
    },
    buffered: () => client.waiting,
    end: () => {
      client.hasEnded = true;
    },
  });
  return client;
}

const idsIn = (text: string) => [...text.matchAll(/^data: (.*)$/gm)].map(([, data]) => JSON.parse(data ?? '').id);

test('an event is sent as it happens, with its id and on one line', async () => {
  const { tenant, stream } = await createWorld();
  const outcome = await stream();
  expect(outcome).toMatchObject({ status: 200, headers: { 'content-type': 'text/event-stream' } });
  const client = connect(outcome);

  tenant.log.append([eventOf(1)]);

  expect(client.text).toBe(`: ready\n\nid: E-1\ndata: ${JSON.stringify(eventOf(1))}\n\n`);
});

test('only the channels asked for are sent', async () => {
  const { tenant, stream } = await createWorld();
  const client = connect(await stream({ query: { channel: 'billing/*' } }));

  tenant.log.append([eventOf(1), eventOf(2, 'billing/invoice/created')]);

  expect(idsIn(client.text)).toEqual(['E-2']);
});

test('a client that comes back misses nothing and gets nothing twice', async () => {
  const { tenant, stream } = await createWorld();
  const first = connect(await stream());
  tenant.log.append([eventOf(1), eventOf(2)]);
  first.leave();
  tenant.log.append([eventOf(3)]);

  // Must go by the header: the browser repeats the address as it was first opened.
  const second = connect(await stream({ headers: { 'last-event-id': 'E-2' }, query: { after: 'E-1' } }));
  tenant.log.append([eventOf(4)]);

  expect(idsIn(first.text)).toEqual(['E-1', 'E-2']);
  expect(idsIn(second.text)).toEqual(['E-3', 'E-4']);
});

test('a client that has received nothing yet knows where to come back to', async () => {
  const { tenant, stream } = await createWorld();
  tenant.log.append([eventOf(1)]);

  const client = connect(await stream());

  expect(client.text).toBe('id: E-1\n: ready\n\n');
});

test('coming back to an event that has left the log is refused', async () => {
  const { tenant, stream } = await createWorld({ events: 4 });
  tenant.log.append([1, 2, 3, 4, 5, 6].map((number) => eventOf(number)));

  await expect(stream({ headers: { 'last-event-id': 'E-1' } })).rejects.toMatchObject({
    status: 410,
    details: { oldest: 'E-3' },
  });
});

test('an idle stream is kept alive until its client leaves', async () => {
  const { stream, wallTime } = await createWorld();
  const client = connect(await stream());

  wallTime.pass(31_000);
  expect(client.text).toBe(': ready\n\n: still here\n\n: still here\n\n');

  client.leave();
  expect(wallTime.waiting()).toBe(0);
});

test('a reader that stops reading is ended, and comes back without a loss', async () => {
  const { tenant, stream, wallTime } = await createWorld();
  const client = connect(await stream());
  client.isSlow = true;
  const events = Array.from({ length: 3_000 }, (_, index) => eventOf(index, 'customer/created', 1_000));
  tenant.log.append(events);

  wallTime.pass(500);
  expect(client.hasEnded).toBe(false);
  wallTime.pass(1_000);
  expect(client.hasEnded).toBe(true);
  // Must hold little more than 1 MiB for it.
  expect(client.waiting).toBeLessThan(1.2 * 2 ** 20);
  expect(wallTime.waiting()).toBe(0);

  const seen = idsIn(client.text);
  const again = connect(await stream({ headers: { 'last-event-id': seen.at(-1) } }));
  expect([...seen, ...idsIn(again.text)]).toEqual(events.map(({ id }) => id));
});

test('a reader that only lags gets everything, in order', async () => {
  const { tenant, stream, wallTime } = await createWorld();
  const client = connect(await stream());
  client.isSlow = true;
  const events = Array.from({ length: 5_000 }, (_, index) => eventOf(index, 'customer/created', 1_000));
  tenant.log.append(events);

  for (let i = 0; i < 60; i += 1) {
    client.waiting = Math.max(0, client.waiting - 200_000);
    wallTime.pass(20);
  }
  tenant.log.append([eventOf(9_999)]);

  expect(client.hasEnded).toBe(false);
  expect(idsIn(client.text)).toEqual([...events.map(({ id }) => id), 'E-9999']);
});

test('an id with a line break does not break the stream', async () => {
  const { tenant, stream } = await createWorld();
  const client = connect(await stream());

  tenant.log.append([{ ...eventOf(1), id: 'a\ndata: forged' }]);

  expect(idsIn(client.text)).toEqual(['a\ndata: forged']);
});
