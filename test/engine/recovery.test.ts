import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Dispatch } from '../../src/engine/delivery/delivery.ts';
import { wholeLine } from '../../src/engine/keeping/commit-lines.ts';
import { TenantElsewhere, type TenantLog } from '../../src/engine/keeping/commit-log.ts';
import { compactLog } from '../../src/engine/keeping/compact-log.ts';
import { Restorer } from '../../src/engine/keeping/short-lines.ts';
import type { Work } from '../../src/engine/state/work.ts';
import type { Tenant } from '../../src/engine/tenant.ts';
import { createTenants } from '../../src/engine/tenants.ts';
import { openFileLog } from '../../src/stores/file/file-log.ts';
import { linesOf } from '../conformance/commit-log.ts';
import { answered } from '../support/attempts.ts';
import { operationInput } from '../support/inputs.ts';
import { createMemoryLog, KEEPING } from '../support/memory-log.ts';
import { shopContract, shopParts } from '../support/shop.ts';
import { busyShop, type Step, step, take } from '../support/shop-steps.ts';
import { tenantOf } from '../support/tenant-of.ts';

/** Receivers answer by what is sent, not by when: it must not matter in which process an attempt is made. */
const transport = {
  send: async ({ id, attempts }: Dispatch) =>
    answered([200, 500, 204, 404, 410][(Number(id.slice(-3)) + attempts.length) % 5] ?? 200),
};

/** A tenant that is gone at times, and goes on from what is kept of it, time and again. */
async function crashing() {
  const commits = createMemoryLog();
  let tenant: Tenant | undefined;
  return {
    async now(): Promise<Tenant> {
      if (tenant !== undefined) return tenant;
      const log = await commits.open('default');
      tenant = busyShop({ transport, kept: { ...KEEPING, log } });
      if (!log.isEmpty) await tenant.recover();
      return tenant;
    },
    /** A stop that is clean keeps what was only read, too. */
    async end(how: 'clean' | 'crash'): Promise<void> {
      await (how === 'clean' ? tenant?.close() : tenant?.kept());
      tenant = undefined;
    },
  };
}

test('a tenant that crashes again and again is what it would be without', async () => {
  let crashes = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(step, fc.integer({ min: 0, max: 9 })), { minLength: 50, maxLength: 50 }),
      async (steps) => {
        const steady = busyShop({ transport });
        const shaken = await crashing();
        // Of a tenant that nobody has changed nothing is kept.
        const first = { do: 'operation', id: 'createOrder', order: 1, body: {} } as const;
        for (const [each, chance] of [[first, 0] as const, ...steps]) {
          await take(steady, each);
          await steady.settled();
          const now = await shaken.now();
          await take(now, each);
          await now.settled();
          if (chance > 1) continue;
          crashes += 1;
          await shaken.end(isRead(each) ? 'clean' : 'crash');
        }
        const tenant = await shaken.now();
        for (const each of [steady, tenant]) {
          if (each.snapshots.length > 0) each.apply({ kind: 'restore', snapshot: each.snapshots[0]?.id ?? '' });
          await each.advance(each.now() + 3_600_000);
        }

        expect(tenant.transcript.toText()).toBe(steady.transcript.toText());
        expect(tenant.journal.entries()).toEqual(steady.journal.entries());
        expect(tenant.activity.read()).toEqual(steady.activity.read());
        expect(tenant.feed.read()).toEqual(steady.feed.read());
        expect(tenant.log.read()).toEqual(steady.log.read());
        expect(tenant.clock()).toEqual(steady.clock());
        expect(tenant.snapshots.map(({ id, at }) => [id, at])).toEqual(steady.snapshots.map(({ id, at }) => [id, at]));
        for (const collection of ['shop/Order', '$timers', '$deliveries', '$faults', '$webhooks', '$counters']) {
          expect(tenant.store.query(collection)).toEqual(steady.store.query(collection));
        }
      },
    ),
    { numRuns: 15, endOnFailure: true },
  );
  expect(crashes).toBeGreaterThan(60);
}, 60_000);

/** A crash may lose those, until something is changed. */
function isRead(step: Step): boolean {
  return (
    step.do === 'operation' && shopContract.operations.some(({ id, method }) => id === step.id && method === 'GET')
  );
}

const createOrder = shopContract.operations.find(({ id }) => id === 'createOrder');
const order = () => {
  if (createOrder === undefined) throw new Error('The shop takes no orders.');
  return operationInput(createOrder, { body: {}, recordedIn: 'both' });
};

/** The tenants of a store that has room at times. */
async function shortOfRoom() {
  const commits = createMemoryLog();
  const log = await commits.open('default');
  const append = log.append.bind(log);
  const medium = { hasRoom: true, told: [] as string[], retry: (): void => {} };
  const needRoom = () => {
    if (!medium.hasRoom) throw new Error('no space left on device');
  };
  log.append = async (lines) => {
    needRoom();
    await append(lines);
  };
  log.takeBack = async () => needRoom();
  const tenants = createTenants({
    limit: 10,
    parts: (name) => shopParts({}, { name, transport }),
    reportEviction: () => {},
    kept: {
      ...KEEPING,
      report: (message) => void medium.told.push(message),
      retryLater: (retry) => {
        medium.retry = retry;
      },
      log: commits,
      names: [],
    },
  });
  const open = async () => {
    await tenants.opening?.('default');
    return tenants.get('default');
  };
  const tenant = await open();
  tenant.apply(order());
  await tenant.lasting();
  return { tenant, tenants, open, medium };
}

test('while nothing can be kept, changes are refused and what lasts is read; what was refused has not happened', async () => {
  const { tenant, open, medium } = await shortOfRoom();
  medium.hasRoom = false;
  tenant.apply(order());
  await expect(tenant.lasting()).rejects.toMatchObject({ status: 503, code: 'STORE_UNAVAILABLE' });
  expect(tenant.refusal?.message).toContain('no space left on device');
  expect(() => tenant.apply({ kind: 'snapshot' })).toThrow('could not be kept');

  expect(await open()).toBe(tenant);
  expect(tenant.store.query('shop/Order').total).toBe(1);
  expect(tenant.read((work) => work.query('shop/Order').total)).toBe(1);
  expect(tenant.readRefusal).toBeUndefined();
  expect(tenant.recordsRefusal).toMatchObject({ code: 'STORE_UNAVAILABLE' });
  expect(tenant.lag).toMatchObject({ waiting: 1, isFailing: true });
  medium.retry();
  expect(await open()).toBe(tenant);

  medium.hasRoom = true;
  medium.retry();
  await expect.poll(open).not.toBe(tenant);
  const anew = await open();
  expect([anew.refusal, anew.recordsRefusal]).toEqual([undefined, undefined]);
  expect(anew.store.query('shop/Order').total).toBe(1);
  anew.apply(order());
  await anew.lasting();
  expect(anew.journal.count).toBe(2);
  expect(medium.told).toHaveLength(1);
});

test('a tenant whose clock runs is opened anew although nobody asks, once there is room', async () => {
  const { tenant, tenants, open, medium } = await shortOfRoom();
  tenant.apply({ kind: 'clock', mode: 'real', rate: 1 });
  await tenant.lasting();
  medium.hasRoom = false;
  tenant.apply(order());
  await expect(tenant.lasting()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  expect(await open()).toBe(tenant);
  medium.hasRoom = true;
  medium.retry();
  await expect.poll(() => tenants.find('default')?.clock().mode).toBe('real');
  expect(tenants.find('default')).not.toBe(tenant);
  expect(tenants.find('default')?.store.query('shop/Order').total).toBe(1);
  await tenants.close();
});

test('who deletes a tenant in a request to it waits for nothing of it', async () => {
  const log = await createMemoryLog().open('default');
  const tenant = busyShop({ transport, kept: { ...KEEPING, log } });
  tenant.apply(order());
  await tenant.delete();
  expect(tenant.lasting()).toBeUndefined();
});

test('a reset that cannot be kept leaves nothing to look at, and has not happened once there is room', async () => {
  const { tenant, open, medium } = await shortOfRoom();
  medium.hasRoom = false;
  await tenant.apply({ kind: 'reset' });
  await expect(tenant.lasting()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  expect(await open()).toBe(tenant);
  expect(tenant.readRefusal).toMatchObject({ status: 503, code: 'STORE_UNAVAILABLE' });
  medium.hasRoom = true;
  medium.retry();
  await expect.poll(open).not.toBe(tenant);
  expect((await open()).store.query('shop/Order').total).toBe(1);
});

test('a delivery that was under way is made again with the same id, and stands in the transcript where it would', async () => {
  const commits = createMemoryLog();
  const sent: string[] = [];
  const stuck = busyShop({
    transport: { send: ({ id }) => new Promise(() => sent.push(id)) },
    kept: { ...KEEPING, log: await commits.open('default') },
  });
  take(stuck, { do: 'hook', channel: '*' });
  stuck.apply(order());
  await stuck.kept();
  await expect.poll(() => sent).toEqual(['DLV-000001']);

  const next = busyShop({
    transport: { send: async ({ id }) => answered(sent.push(id) && 200) },
    kept: { ...KEEPING, log: await commits.open('default') },
  });
  await next.recover();
  await next.settled();
  expect(sent).toEqual(['DLV-000001', 'DLV-000001']);
  expect(next.store.get('$deliveries', 'DLV-000001')).toMatchObject({ state: 'delivered' });
  expect(next.transcript.toText()).toContain('"kind":"delivery"');
});

test('a store that is out of reach while a tenant is opened is said to be so, and it is opened as soon as it can be', async () => {
  const commits = createMemoryLog();
  const first = busyShop({ transport, kept: { ...KEEPING, log: await commits.open('a') } });
  first.apply(order());
  await first.kept();
  const away = async (): Promise<never> => {
    throw new Error('terminating connection due to administrator command');
  };
  let fails: 'open' | 'lines' | undefined = 'open';
  const open = async (name: string): Promise<TenantLog> => {
    if (fails === 'open') return away();
    const log = await commits.open(name);
    if (fails !== 'lines') return log;
    const lines = () => ({ [Symbol.asyncIterator]: () => ({ next: away }) });
    const nothing = { append: away, replace: away, release: away, delete: away };
    return { isEmpty: false, size: 0, damage: undefined, lines, ...nothing };
  };
  const tenants = createTenants({
    limit: 10,
    parts: (name) => shopParts({}, { name, transport }),
    reportEviction: () => {},
    kept: { ...KEEPING, log: { ...commits, open }, names: ['a'] },
  });
  const unavailable = { status: 503, code: 'STORE_UNAVAILABLE', message: expect.stringContaining('terminating') };
  await expect(tenants.opening?.('a')).rejects.toMatchObject(unavailable);
  fails = 'lines';
  await expect(tenants.opening?.('a')).rejects.toMatchObject(unavailable);
  fails = undefined;
  await tenants.opening?.('a');
  expect(tenants.get('a').store.query('shop/Order').total).toBe(1);
});

test('what is older than its kind may become is let go of, and has gone from the next checkpoint, too', async () => {
  const day = 86_400_000;
  const ages = { requests: 2 * day, events: 5 * day, transcript: 2 * day, activity: 3 * day };
  const capacity = { events: 1_000, requests: 1_000, transcript: 1_000, ages };
  const log = await createMemoryLog().open('default');
  const tenant = busyShop({ transport, capacity, kept: { ...KEEPING, log } });
  for (let index = 0; index < 80; index += 1) {
    tenant.apply(order());
    await tenant.advance(tenant.now() + day / 4);
  }
  await tenant.kept();
  const oldest = tenant.now() - 20 * day;
  const daysKept = (at: string | undefined) => Math.ceil((tenant.now() - Date.parse(at ?? '')) / day);
  // It is looked for every so many commits: some are older by that much.
  const told = () => [
    daysKept(tenant.journal.entries()[0]?.at),
    daysKept(tenant.log.read()[0]?.at),
    daysKept(tenant.activity.read()[0]?.at),
  ];
  const [requests = 0, events = 0, activity = 0] = told();
  expect(requests).toBeLessThan(10);
  expect([events - requests, activity - requests]).toEqual([3, 1]);
  expect(tenant.journal.count).toBe(80);
  expect(oldest).toBe(Date.UTC(2026, 0, 1));

  await compactLog(log, shopParts({}, { transport, capacity }), { engine: '0.0.0' });
  const again = busyShop({ transport, capacity, kept: { ...KEEPING, log } });
  await again.recover();
  expect(again.journal.count).toBe(80);
  expect(daysKept(again.journal.entries()[0]?.at)).toBe(2);
  expect(daysKept(again.log.read()[0]?.at)).toBe(5);
  expect(again.store.query('shop/Order').total).toBe(tenant.store.query('shop/Order').total);
});

test('who asks for a tenant while all are let go of is refused, and holds up nobody', async () => {
  const commits = createMemoryLog();
  const isReleased = { yes: false };
  const open = async (name: string): Promise<TenantLog> =>
    Object.assign(await commits.open(name), {
      holding: () => (isReleased.yes ? Promise.reject(new TenantElsewhere(name)) : undefined),
    });
  const tenants = createTenants({
    limit: 10,
    parts: (name) => shopParts({}, { name, transport }),
    reportEviction: () => {},
    kept: { ...KEEPING, log: { ...commits, open }, names: [] },
  });
  await tenants.opening?.('a');
  tenants.get('a').apply(order());
  expect(tenants.opening?.('a')).toBeUndefined();
  isReleased.yes = true;
  await expect(tenants.opening?.('a')).rejects.toMatchObject({ code: 'TENANT_ELSEWHERE' });
  await tenants.close();
  await expect(tenants.opening?.('a')).rejects.toMatchObject({ status: 503, code: 'TENANT_NOT_OPEN' });
});

test.each(['abandon', 'delete'] as const)(
  'a tenant that is let go of before its last change is kept (%s) keeps nothing of it afterwards',
  async (how) => {
    const log = await createMemoryLog().open('default');
    const tenant = busyShop({ transport, kept: { ...KEEPING, log } });
    tenant.apply(order());
    await tenant.lasting();
    await new Promise(setImmediate);
    const appended: (readonly string[])[] = [];
    log.append = async (lines) => {
      appended.push(lines);
      // Were it tried for ever, nobody else would have a turn.
      if (appended.length > 9) throw new Error('tried again and again');
    };
    tenant.apply(order());
    await tenant[how]();
    await new Promise(setImmediate);
    expect(appended).toEqual([]);
    expect(log.isEmpty).toBe(how === 'delete');
  },
);

test('a log in another form is refused with what to do, and stays as it is', async () => {
  const log = await createMemoryLog().open('default');
  await log.append([JSON.stringify(['header', { format: 99, engine: '9.0.0', contracts: '', tenant: 'default' }])]);
  await expect(busyShop({ transport, kept: { ...KEEPING, log } }).recover()).rejects.toThrow(
    'its format is 99, written by version 9.0.0; this one reads 1 to 2. Serve it with the version that has written it',
  );
});

test('a log of the form before is read, and is in the form of today with the next change', async () => {
  const commits = createMemoryLog();
  const log = await commits.open('default');
  const tenant = busyShop({ transport, kept: { ...KEEPING, log } });
  for (const number of [1, 2, 3]) {
    await take(tenant, { do: 'operation', id: 'createOrder', order: 1, body: { note: `${number}` } });
    await tenant.kept();
  }
  // As it was written then: nothing that stands elsewhere was left out.
  const restorers = [new Restorer(), new Restorer()] as const;
  const entities: unknown[] = [];
  const before = (await linesOf(log)).map((text) => {
    const line = JSON.parse(text);
    if (line[0] === 'header') line[1].format = 1;
    if (line[0] === 'commit') line[1] = restorers[0].whole(line[1], ([, at]) => entities[at]);
    if (line[0] === 'entity') entities.push(line[1]);
    return JSON.stringify(line[0] === 'kept' ? wholeLine(line, restorers[1]) : line);
  });
  expect(before.filter((line) => line.includes('"user-agent":"another"'))).toHaveLength(3);
  const old = await createMemoryLog().open('default');
  await old.append(before);

  const again = busyShop({ transport, kept: { ...KEEPING, log: old } });
  await again.recover();
  expect(await linesOf(old)).toEqual(before);
  expect(again.transcript.toText()).toBe(tenant.transcript.toText());
  for (const each of [tenant, again]) {
    await take(each, { do: 'operation', id: 'createOrder', order: 1, body: { note: 'last' } });
    await each.kept();
  }
  expect((await linesOf(old))[0]).toContain('"format":2');
  const last = busyShop({ transport, kept: { ...KEEPING, log: old } });
  await last.recover();
  expect(last.transcript.toText()).toBe(tenant.transcript.toText());
  expect(last.store.query('shop/Order')).toEqual(tenant.store.query('shop/Order'));
});

test('a checkpoint that is damaged is refused with what is, and stays as it is', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'recovery-'));
  const commits = await openFileLog(folder);
  const tenant = busyShop({ transport, kept: { ...KEEPING, log: await commits.open('default') } });
  await take(tenant, { do: 'operation', id: 'createOrder', order: 1, body: {} });
  await tenant.close();
  const file = join(folder, 'tenants/default/1.log');
  const damaged = await readFile(file);
  damaged[300] = (damaged[300] ?? 0) ^ 1;
  await writeFile(file, damaged);
  const again = busyShop({ transport, kept: { ...KEEPING, log: await commits.open('default') } });
  await expect(again.recover()).rejects.toThrow(/bytes are not what was written.*\. Put back a copy of what was kept/);
  await again.close();
  await commits.close();
  expect(await readFile(file)).toEqual(damaged);
  await rm(folder, { recursive: true });
});

test('a timer of another version that nobody handles any more is set aside and told when its tenant is opened, and fires with that version', async () => {
  const commits = createMemoryLog();
  const told: string[] = [];
  const kept = async () => ({
    ...KEEPING,
    report: (message: string) => void told.push(message),
    log: await commits.open('default'),
  });
  const set = (work: Work) => {
    work.schedule({ key: 'macd/former/1', due: work.now + 1_000, kind: 'macd/former' });
    work.schedule({ key: 'macd/present/1', due: work.now + 2_000, kind: 'macd/present' });
    return {};
  };
  const timers = { present: (work: Work) => work.note('The time has come.') };
  const first = await tenantOf({
    systems: [{ name: 'macd', actions: { set }, timers: { ...timers, former: () => {} } }],
    parts: { kept: await kept() },
  });
  await first.act('macd/set');
  await first.tenant.close();

  const second = await tenantOf({
    systems: [{ name: 'macd', actions: { set }, timers }],
    parts: { kept: await kept() },
  });
  await second.tenant.recover();
  expect(second.tenant.dropped()).toEqual([
    { kind: 'timer', name: 'macd/former', count: 1, why: 'nothing does this any more' },
  ]);
  expect(told).toEqual([expect.stringContaining('1 of macd/former (nothing does this any more)')]);
  const { count } = await second.tenant.advance(second.tenant.now() + 10_000);
  expect(count).toBe(1);
  await second.tenant.close();

  const former = (work: Work) => work.note('It had to wait.');
  const third = await tenantOf({
    systems: [{ name: 'macd', actions: { set }, timers: { ...timers, former } }],
    parts: { kept: await kept() },
  });
  await third.tenant.recover();
  await third.tenant.advance(third.tenant.now() + 1);
  const notes = third.tenant.activity.read({ kind: 'note' });
  expect(notes.map(({ title }) => title)).toEqual(['The time has come.', 'It had to wait.']);
});
