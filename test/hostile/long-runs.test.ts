import { afterAll, expect, test } from 'vitest';
import { startProcess } from '../support/process.ts';
import { askAt } from '../support/simulator.ts';

const simulator = await startProcess();
afterAll(() => simulator.stop());
const ask = askAt(simulator.url);

const END = '9999-12-31T23:59:59.999Z';

/** Begins an advance whose client leaves soon. */
async function leave(tenant: string, body: object): Promise<void> {
  const gone = fetch(`${simulator.url}/@${tenant}/_simulator/clock/advance`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(300),
  });
  await expect(gone).rejects.toThrow();
}

const now = async (tenant: string) => (await ask('GET', `/@${tenant}/_simulator/clock`)).body.now as string;

test('an advance ends with its client, unless it is asked to go on', async () => {
  await leave('left', { to: END });
  // Its turns are over once other tenants have had theirs.
  await ask('POST', '/@other/_simulator/clock/advance', { by: 'P60D' });
  const stands = await now('left');
  expect(stands < END).toBe(true);
  await ask('POST', '/@other/_simulator/clock/advance', { by: 'P60D' });
  expect(await now('left')).toBe(stands);

  await leave('going', { to: '2200-01-01T00:00:00Z', goOn: true });
  const before = await now('going');
  await expect.poll(() => now('going'), { timeout: 10_000 }).not.toBe(before);
  await ask('DELETE', '/_simulator/tenants/going');
});

test('while six tenants advance to the end of time, others are answered', async () => {
  const advances = Array.from({ length: 6 }, (_, index) => leave(`long${index}`, { to: END, goOn: true }));
  await Promise.all(advances);
  const waits: number[] = [];
  for (let each = 0; each < 40; each += 1) {
    const began = performance.now();
    expect((await ask('GET', '/@bystander/v1/products')).status).toBe(200);
    waits.push(performance.now() - began);
  }
  // Three slices of 5 ms on a machine that has nothing else to do; they once waited for a hundred of them.
  expect(waits.toSorted((a, b) => a - b)[20]).toBeLessThan(250);
  for (let index = 0; index < 6; index += 1) await ask('DELETE', `/_simulator/tenants/long${index}`);
});

test('how an advance is sliced makes no difference', async () => {
  const digestOf = async (tenant: string) => (await ask('GET', `/@${tenant}/_simulator/transcript/digest`)).body.digest;
  const run = async (tenant: string) => {
    await ask('POST', `/@${tenant}/_simulator/traffic`, { rate: 60 });
    await ask('POST', `/@${tenant}/_simulator/clock/advance`, { by: 'PT10M' });
    return digestOf(tenant);
  };
  const alone = await run('same');
  await ask('DELETE', '/_simulator/tenants/same');
  const [together] = await Promise.all(['same', 'b', 'c'].map(run));
  expect(together).toBe(alone);
});

test('traffic that no clock could keep up with is refused, whichever comes first', async () => {
  await ask('PUT', '/@fast/_simulator/clock', { mode: 'real', rate: 1_000_000 });
  const traffic = await ask('POST', '/@fast/_simulator/traffic', { rate: 60_000 });
  expect([traffic.status, traffic.body.code]).toEqual([400, 'TOO_FAST']);
  expect(traffic.body.detail).toContain('at most 500 can be kept up');

  await ask('POST', '/@slow/_simulator/traffic', { rate: 60_000 });
  const clock = await ask('PUT', '/@slow/_simulator/clock', { mode: 'real', rate: 10 });
  expect([clock.status, clock.body.code]).toEqual([400, 'TOO_FAST']);
  expect((await ask('GET', '/@slow/_simulator/clock')).body.mode).toBe('manual');
});

test('a clock that runs stands still at the end of time', async () => {
  await ask('POST', '/@end/_simulator/reset', { fixture: 'empty' });
  await ask('POST', '/@end/_simulator/clock/advance', { to: '9999-12-31T23:59:59.900Z' });
  await ask('PUT', '/@end/_simulator/clock', { mode: 'real' });
  await expect.poll(() => now('end')).toBe(END);
  expect((await ask('GET', '/@end/v1/products')).status).toBe(200);
  const customer = { customerType: 'Individual', email: 'ada@example.com' };
  expect((await ask('POST', '/@end/v1/customers', customer)).status).toBe(201);
});

test('no world begins in the last year', async () => {
  for (const clock of ['9999-06-01T00:00:00Z', 'real@9999-12-31T00:00:00Z', 'real@9999']) {
    const { status, body } = await ask('POST', '/@late/_simulator/reset', { clock });
    expect([clock, status]).toEqual([clock, 400]);
    expect(JSON.stringify(body)).toContain('before the year 9999');
  }
});

test('SIGTERM ends an advance at once', async () => {
  const own = await startProcess();
  const under = fetch(`${own.url}/_simulator/clock/advance`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ to: END }),
  }).catch(() => undefined);
  await new Promise((resolve) => setTimeout(resolve, 200));
  const began = performance.now();
  expect(await own.stop()).toBe(0);
  expect(performance.now() - began).toBeLessThan(2_000);
  await under;
});
