import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import type { Dispatch } from '../../src/engine/delivery/delivery.ts';
import type { Tenant } from '../../src/engine/tenant.ts';
import { openFileLog } from '../../src/stores/file/file-log.ts';
import { answered } from '../support/attempts.ts';
import { createMedium, type DiskMood, seededChance } from '../support/faulty-disk.ts';
import { KEEPING } from '../support/memory-log.ts';
import { shopContract } from '../support/shop.ts';
import { busyShop, type Step, step, take } from '../support/shop-steps.ts';

/** How many worlds are lived through; `npm run crash:disk` takes more, and another seed by `CRASH_SEED`. */
const RUNS = Number(process.env.CRASH_RUNS ?? 3);
const SEED = Number(process.env.CRASH_SEED ?? 1);
/** Steps of each. */
const STEPS = 60;

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

/** Receivers answer by what is sent, not by when: it must not matter in which process an attempt is made. */
const transport = {
  send: async ({ id, attempts }: Dispatch) =>
    answered([200, 500, 204, 404, 410][(Number(id.slice(-3)) + attempts.length) % 5] ?? 200),
};

/** Everything that can be seen of a tenant. */
function digestOf(tenant: Tenant): string {
  const seen = [
    tenant.snapshot().number,
    tenant.transcript.toText(),
    tenant.log.read().map(({ id }) => id),
    tenant.snapshots.map(({ id, at }) => [id, at]),
    tenant.clock(),
    ...['shop/Order', '$timers', '$deliveries', '$faults', '$webhooks', '$counters'].map(
      (collection) => tenant.store.query(collection).items,
    ),
  ];
  return createHash('sha256').update(JSON.stringify(seen)).digest('hex');
}

const figures = { worlds: 0, steps: 0, crashes: 0, failed: 0, takenBack: 0, liedAbout: 0, damageTold: 0 };

/** Lives through these steps on a medium that fails, and without a crash beside it; compares both after each crash. */
async function liveThrough(seed: string, steps: readonly Step[]): Promise<void> {
  figures.worlds += 1;
  const chance = seededChance(seed);
  const medium = createMedium(chance);
  const folder = await mkdtemp(join(tmpdir(), 'crashes-'));
  folders.push(folder);
  const retries: (() => void)[] = [];
  const keeping = {
    ...KEEPING,
    checkpointBytes: 2_000 + chance(20_000),
    retryLater: (retry: () => void) => void retries.push(retry),
    report: (message: string) => {
      figures.damageTold += message.includes('was damaged') ? 1 : 0;
    },
  };
  const begin = async (crashAt?: number) => {
    const boot = medium.boot(crashAt);
    // Who is gone holds no lock any more, but has not said so.
    await rm(join(folder, 'owner.json'), { force: true });
    const commits = await openFileLog(folder, boot.disk);
    let lose = (): void => {};
    const lost = new Promise<void>((resolve) => {
      lose = resolve;
    });
    const opened = commits.open('default').then(async (log) => {
      const tenant = busyShop({ transport, kept: { ...keeping, lost: lose, log } });
      if (!log.isEmpty) await tenant.recover();
      await tenant.settled();
      await tenant.kept();
      return tenant;
    });
    return Object.assign(boot, { opened, lost });
  };
  /** Does a step, and waits until it is kept, or taken back; answers which, for as long as nobody is gone. */
  const live = async (each: Step, crashAt?: number): Promise<'kept' | 'taken back' | 'gone'> => {
    const tenant = await now.opened;
    now.crashAt(crashAt);
    // What went on by itself may have come to where the last step was to end it.
    if (now.isGone) return 'gone';
    await take(tenant, each);
    // What a delivery comes to is kept after it.
    const waiting = tenant.settled().then(() => tenant.kept());
    for (let tries = 0; ; tries += 1) {
      const came = await Promise.race([
        waiting.then(() => 'kept' as const),
        now.lost.then(() => 'taken back' as const),
        now.crashed.then(() => 'gone' as const),
        turns(20),
      ]);
      if (came !== undefined) return came;
      if (tries > 3 && medium.mood === 'failing') medium.mood = 'honest';
      figures.failed += retries.length;
      for (const retry of retries.splice(0)) retry();
    }
  };
  /** What the world is after each step, where nothing ever fails. */
  const steady = busyShop({ transport });
  const states = [digestOf(steady)];
  /** So many steps last for certain: they were answered while the medium was true. */
  let certain = 0;
  let hasLied = false;
  let now = await begin();
  /** Ends it, and begins again with what there is: after a crash, less than was written. */
  const cutOff = async (isPowerCut = true): Promise<void> => {
    figures[isPowerCut ? 'crashes' : 'takenBack'] += 1;
    for (let isOn = true; isOn; ) {
      now.crash();
      if (isPowerCut) medium.cutPower();
      medium.mood = 'honest';
      retries.length = 0;
      // It may be cut off again while it recovers.
      now = await begin(chance(3) === 0 ? medium.steps + 1 + chance(12) : undefined);
      isOn = (await Promise.race([now.opened.then(() => 'there'), now.crashed.then(() => 'gone')])) === 'gone';
    }
    const found = states.lastIndexOf(digestOf(await now.opened));
    expect(
      found,
      `seed ${seed}: step ${states.length - 1}: what was answered is gone, or in another order`,
    ).toBeGreaterThanOrEqual(certain);
    if (found < states.length - 1 && hasLied) figures.liedAbout += 1;
    if (isPowerCut) hasLied = false;
    // Whoever has looked does again what is not there.
    for (const each of steps.slice(found, states.length - 1)) await live(each);
    if (!hasLied) certain = states.length - 1;
    expect(digestOf(await now.opened), `seed ${seed}: step ${certain}: what was done again is something else`).toBe(
      states.at(-1),
    );
  };
  for (const each of steps) {
    figures.steps += 1;
    // What a lie takes away may end within an advance, which nobody could do the rest of.
    if (each.do === 'advance' && hasLied) await cutOff();
    await take(steady, each);
    await steady.settled();
    states.push(digestOf(steady));
    // Behind the first checkpoint there is none to go back to.
    const mood = each.do === 'advance' || states.length === 2 ? 'honest' : MOODS[chance(MOODS.length)];
    medium.mood = mood ?? 'honest';
    hasLied ||= medium.mood === 'lying';
    const came = await live(each, each.do !== 'advance' && chance(4) === 0 ? medium.steps + 1 + chance(10) : undefined);
    // Two checkpoints that it has lied about would leave nothing to go back to.
    if (now.isGone || medium.renamed > 0 || chance(hasLied ? 2 : 6) === 0) await cutOff();
    else if (came === 'taken back') await cutOff(hasLied);
    else if (!hasLied) certain = states.length - 1;
  }
  await cutOff();
}

const MOODS: readonly DiskMood[] = ['honest', 'honest', 'honest', 'failing', 'lying'];

/** Lets everybody else have so many turns; answers nothing. */
async function turns(count: number): Promise<undefined> {
  for (let left = count; left > 0; left -= 1) await new Promise(setImmediate);
  return undefined;
}

/** Who only looks is forgotten by a crash, and nothing is compared of it. */
const changes = step.filter(
  (each) =>
    !(each.do === 'operation' && shopContract.operations.some(({ id, method }) => id === each.id && method === 'GET')),
);

test('whatever fails, lies or is cut off, what was answered is there once and in order, and else exactly the end is gone', async () => {
  const worlds = fc.sample(fc.array(changes, { minLength: STEPS, maxLength: STEPS }), { numRuns: RUNS, seed: SEED });
  for (const [index, steps] of worlds.entries()) await liveThrough(`${SEED}/${index}`, steps);
  if (process.env.CRASH_RUNS !== undefined) console.log(JSON.stringify({ seed: SEED, ...figures }));
  expect(figures.crashes).toBeGreaterThan(RUNS);
  expect(figures.failed).toBeGreaterThan(0);
  expect(figures.takenBack).toBeGreaterThan(0);
  expect(figures.liedAbout).toBeGreaterThan(0);
  expect(figures.damageTold).toBeGreaterThan(0);
}, 600_000);
