import { expect, test } from 'vitest';
import { type EventsCommand, followLog } from '../../src/cli/events.ts';
import { createLiveView } from '../../src/cli/live-view.ts';
import { toLine } from '../../src/cli/style.ts';
import type { Activity } from '../../src/model/activity.ts';
import { createSimulator } from '../../src/simulator.ts';
import { afterWallTime } from '../../src/surfaces/wall-time.ts';
import { askAt, startSimulator, TEST_CACHE } from '../support/simulator.ts';
import { createFakeWallTime } from '../surfaces/test-world.ts';

const { simulator, ask } = await startSimulator();

function publish(tenant: string, eventId: string, channel = 'customer/created') {
  return ask('POST', '/_simulator/events', { channel, payload: { eventId } }, { 'x-simulator-tenant': tenant });
}

/** Somebody who follows, on a terminal or in a pipe. */
function follow(
  command: Partial<EventsCommand>,
  terminal: { isTTY?: boolean; columns?: number; NO_COLOR?: string } = {},
) {
  const written = { stdout: '', stderr: '' };
  let changed = () => {};
  let stop = () => {};
  let isListening = () => {};
  const listening = new Promise<void>((resolve) => {
    isListening = resolve;
  });
  const write = (name: 'stdout' | 'stderr') => (text: string) => {
    written[name] += text;
    changed();
  };
  const code = followLog(
    { url: simulator.url, ...command },
    {
      stdout: { write: write('stdout'), ...terminal },
      stderr: { write: write('stderr') },
      environment: { NO_COLOR: terminal.NO_COLOR },
      fetch: async (url, init) => {
        const response = await fetch(url, init);
        isListening();
        return response;
      },
      afterWallTime,
      onSignal: (callback) => {
        stop = callback;
        return () => {};
      },
    },
  );
  return Object.assign(written, {
    code,
    listening,
    stop: () => stop(),
    async until(condition: () => boolean): Promise<void> {
      while (!condition()) {
        await new Promise<void>((resolve) => {
          changed = resolve;
        });
      }
    },
  });
}

test('in a pipe every event is one line of JSON, of the channels and the tenant that are asked for', async () => {
  const follower = follow({ channel: 'customer/*', tenant: 'pipe' });
  await follower.listening;
  await publish('other', 'E-0');
  await publish('pipe', 'E-1');
  await publish('pipe', 'E-2', 'subscription/activated');
  await publish('pipe', 'E-3');
  await follower.until(() => follower.stdout.includes('E-3'));
  follower.stop();

  expect(await follower.code).toBe(0);
  const lines = follower.stdout.trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toEqual(
    (await ask('GET', '/@pipe/_simulator/events?channel=customer/*')).body.items,
  );
  expect(follower.stderr).toBe('');
});

test('on a terminal events stand in columns, coloured unless nobody wants that, and never wider than it', async () => {
  await publish('tty', 'E-1');
  await publish('tty', 'E-2', 'subscription/cancelled');
  await publish('tty', 'E-3');
  const plain = follow({ tenant: 'tty', after: 'E-1' }, { isTTY: true, columns: 80, NO_COLOR: '1' });
  const coloured = follow({ tenant: 'tty', after: 'E-1' }, { isTTY: true });
  for (const follower of [plain, coloured]) {
    await follower.until(() => follower.stdout.split('\n').length > 2);
    follower.stop();
    expect(await follower.code).toBe(0);
  }

  const [first = '', second = ''] = plain.stdout.split('\n');
  expect(first).toMatch(/^2026-01-01 00:00:00\.000 {2}subscription\/cancelled {2}\w+=/);
  expect(second).toMatch(/^2026-01-01 00:00:00\.000 {2}customer\/created {8}\w+=/);
  expect(first.length).toBeLessThanOrEqual(80);
  expect(coloured.stdout).toContain('\u001b[31msubscription/cancelled\u001b[0m');
});

test('a terminal that does not say how wide it is gets whole lines', async () => {
  const follower = follow({ tenant: 'narrow', activity: true }, { isTTY: true, columns: 0, NO_COLOR: '1' });
  await follower.listening;
  await ask('GET', '/@narrow/v1/customers/CUST-000001/subscriptons/of-a-long-name');
  await follower.until(() => follower.stdout !== '');
  follower.stop();
  expect(follower.stdout).toContain('404 GET /v1/customers/CUST-000001/subscriptons/of-a-long-name\n');
});

test('a broken connection is taken up again where it was, without loss', async () => {
  const follower = follow({ tenant: 'broken' });
  await follower.listening;
  await publish('broken', 'E-1');
  await follower.until(() => follower.stdout.includes('E-1'));
  const fault = { match: { channel: '*' }, fault: { disconnect: true }, times: 1 };
  await ask('POST', '/@broken/_simulator/faults', fault);
  await publish('broken', 'E-2');
  await publish('broken', 'E-3');
  await follower.until(() => follower.stdout.includes('E-3'));
  follower.stop();

  expect(await follower.code).toBe(0);
  expect(
    follower.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).id),
  ).toEqual(['E-1', 'E-2', 'E-3']);
  expect(follower.stderr).toBe('The connection is lost; trying again.\nConnected again.\n');
});

test.each<[number, string, Partial<EventsCommand>]>([
  [2, 'is no address', { url: 'here' }],
  [
    1,
    'cannot be reached (connect ECONNREFUSED 127.0.0.1:59321). Start the simulator',
    { url: 'http://127.0.0.1:59321' },
  ],
  [2, 'the log does not hold it', { after: 'E-99' }],
  [2, 'Failed to choose the tenant', { tenant: '..' }],
  [2, 'no contract has this path', { url: `${simulator.url}/elsewhere` }],
])('it ends with %i where %s', async (code, message, command) => {
  const follower = follow(command);

  expect(await follower.code).toBe(code);
  expect(follower.stderr).toContain(message);
  expect(follower.stdout).toBe('');
});

test('what comes from elsewhere cannot steer the terminal', () => {
  expect(toLine('a\u001b[2J\u009b1m\nb', undefined)).toBe('a[2J1mb');
  expect(toLine('abcdef', 4)).toBe('abc…');
});

test('the live view shows what happens on a line each with time and id, failures first, and counts the rest', () => {
  const wallTime = createFakeWallTime();
  let text = '';
  const show = createLiveView({
    write: (part) => {
      text += part;
    },
    hasColours: false,
    columns: () => 80,
    afterWallTime: wallTime.afterWallTime,
  });
  const common = { id: '1', number: 1, at: '2026-01-01T00:00:00.000Z', trace: '0'.repeat(32), title: '' };
  show({ ...common, kind: 'request', method: 'POST', path: '/v1/customers', status: 201 }, 'default');
  show({ ...common, kind: 'event', channel: 'customer/created' }, 'team-a');
  show(
    { ...common, kind: 'attempt', target: 'http://localhost/a', state: 'pending', error: 'ECONNREFUSED' },
    'default',
  );
  show({ ...common, kind: 'timer' }, 'default');

  expect(text.split('\n').map((line) => line.trimEnd())).toEqual([
    '2026-01-01 00:00:00 > 201 POST   /v1/customers 1',
    '2026-01-01 00:00:00 *     customer/created 1 @team-a',
    '2026-01-01 00:00:00 <     http://localhost/a ECONNREFUSED 1',
    '',
  ]);

  for (let n = 0; n < 100; n += 1) show({ ...common, kind: 'event', channel: 'a' }, 'default');
  show({ ...common, id: 'REQ-000009', kind: 'request', method: 'GET', path: '/v1/prodcts', status: 404 }, 'default');
  wallTime.pass(1_000);
  expect(text).toContain('> 404 GET    /v1/prodcts REQ-000009\n');
  expect(text.split('\n')).toHaveLength(54);
  expect(text).toContain('… and 52 more');
});

test('the activity is followed with time and id, requests that nothing answers too', async () => {
  await ask('GET', '/@missed/v1/products');
  const follower = follow({ tenant: 'missed', activity: true }, { isTTY: true, columns: 80, NO_COLOR: '1' });
  await follower.listening;
  await ask('GET', '/@missed/v1/prodcts');
  await ask('GET', '/@missed/v1/customers/CUST-000001/subscriptons/of-a-long-name');
  await follower.until(() => follower.stdout.split('\n').length > 2);
  follower.stop();
  expect(follower.stdout.split('\n')).toEqual([
    '2026-01-01 00:00:00  REQ-000002  request  404 GET /v1/prodcts',
    // What came of it is told however long the path is.
    '2026-01-01 00:00:00  REQ-000003  request  404 GET /v1/customers/CUST-000001/sub…',
    '',
  ]);
  expect(await follow({ activity: true, channel: 'a' }).code).toBe(2);
});

test('whoever watches a simulator hears of all that happens, and not of who looks at its records', async () => {
  const seen: Activity[] = [];
  const watched = createSimulator({ port: 0, cache: TEST_CACHE }, { observe: (activity) => void seen.push(activity) });
  await watched.start();
  const ask = askAt(watched.url);
  const url = 'http://simulator/_simulator/inbox/a';
  await ask('POST', '/_simulator/webhooks', { url, channels: ['customer/*'] });
  await ask('POST', '/v1/customers', { customerType: 'Individual', email: 'ann@example.com' });
  await ask('POST', '/_simulator/clock/advance', { by: 'PT1S' });
  await ask('GET', '/_simulator/events');
  await watched.stop();

  expect(seen.map(({ kind }) => kind).sort()).toEqual([
    'answer',
    'answer',
    'attempt',
    'clock',
    'control',
    'control',
    'control',
    'delivery',
    'event',
    'request',
  ]);
  expect(seen).toContainEqual(
    expect.objectContaining({ kind: 'request', method: 'POST', path: '/v1/customers', status: 201 }),
  );
  expect(seen).toContainEqual(
    expect.objectContaining({ kind: 'attempt', target: url, state: 'delivered', status: 200 }),
  );
});
