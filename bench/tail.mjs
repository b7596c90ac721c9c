// Where slow answers come from: requests at half of our highest rate, at this simulator and at bare `node:http` by turns, and
// for each that took long, what went on meanwhile in the server and in the client.
//
//   npm run build && node bench/tail.mjs --rounds 20
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PerformanceObserver } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { arrive, hammer } from './client.mjs';
import { timesOf } from './fuzz/scheduler.mjs';
import { startServer } from './start.mjs';
import { bodyOf, getOne } from './world.mjs';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '20' },
    // Milliseconds from which an answer is slow.
    slow: { type: 'string', default: '3' },
  },
});
const SLOW = Number(values.slow);
/** Part of a slow answer's time that a cause has to fill to be the cause. */
const MOST_OF_IT = 0.3;
const CAUSES = [
  'collector of the server',
  'no processor for the server',
  'collector of the client',
  'no processor for the client',
  'others before it',
];
const TRACE = new URL('servers/collections.mjs', import.meta.url).href;

/** Milliseconds since the epoch, as all processes have them. */
const now = () => performance.timeOrigin + performance.now();
const files = ['ours', 'bare'].map((name) => join(tmpdir(), `bench-collections-${process.pid}-${name}`));
const traced = (index) => ['--import', TRACE, `--title=${files[index]}`];
const ours = await startServer('ours', { BENCH_CUSTOMERS: '10000' }, traced(0));
const bare = await startServer('bare', { BENCH_BODY: await bodyOf(ours.port, getOne, 200) }, traced(1));
const servers = { ours, bare };
const ownCollections = [];
new PerformanceObserver((list) => {
  for (const { startTime, duration } of list.getEntries())
    ownCollections.push({ at: performance.timeOrigin + startTime, duration });
}).observe({ entryTypes: ['gc'] });

for (const { port } of [bare, ours]) await hammer(port, getOne, { duration: 2_000 });
const { rate: highest } = await hammer(ours.port, getOne, { duration: 1_500 });
const rate = highest / 2;
const found = { ours: [], bare: [] };
for (let round = 0; round < Number(values.rounds); round += 1) {
  for (const name of ['bare', 'ours']) found[name].push(await play(servers[name]));
}
await Promise.all([ours.stop(), bare.stop()]);

console.log(`${Math.round(rate)} requests a second, ${values.rounds} rounds of a second each, by turns`);
for (const [index, name] of ['ours', 'bare'].entries()) {
  const collections = readFileSync(files[index], 'utf8').trim().split('\n').filter(Boolean).map(JSON.parse);
  rmSync(files[index]);
  const slow = found[name].flatMap(({ slow }) => slow).map((each) => ({ ...each, cause: causeOf(each, collections) }));
  const p99s = found[name].map(({ p99 }) => p99).sort((a, b) => a - b);
  console.log(
    JSON.stringify({
      server: name,
      p99: { least: round(p99s[0]), middle: round(p99s[Math.floor(p99s.length / 2)]), most: round(p99s.at(-1)) },
      collections: collections.length,
      slow: slow.length,
      by: Object.fromEntries(
        CAUSES.map((cause) => {
          const some = slow.filter((each) => each.cause === cause);
          return [cause, { answers: some.length, longest: round(Math.max(0, ...some.map(({ took }) => took))) }];
        }),
      ),
    }),
  );
}

/** One round: its p99, and what is known of its slow answers. */
async function play({ port, pid }) {
  const samples = [];
  const look = () =>
    samples.push({ at: now(), server: timesOf(pid).unscheduled, client: timesOf(process.pid).unscheduled });
  look();
  const looking = setInterval(look, 1);
  const slow = [];
  const { p99 } = await arrive(port, getOne, {
    rate,
    duration: 1_000,
    told: (due, answered) => {
      if (answered - due >= SLOW) slow.push({ from: performance.timeOrigin + due, took: answered - due });
    },
  });
  clearInterval(looking);
  look();
  return {
    p99,
    slow: slow.map(({ from, took }) => {
      const before = samples.findLast(({ at }) => at <= from) ?? samples[0];
      const after = samples.find(({ at }) => at >= from + took) ?? samples.at(-1);
      return { from, took, server: after.server - before.server, client: after.client - before.client };
    }),
  };
}

function causeOf({ from, took, server, client }, collections) {
  const enough = took * MOST_OF_IT;
  if (within(collections, from, took) >= enough) return CAUSES[0];
  if (server >= enough) return CAUSES[1];
  if (within(ownCollections, from, took) >= enough) return CAUSES[2];
  return client >= enough ? CAUSES[3] : CAUSES[4];
}

/** Milliseconds of these that lie in a span. */
function within(collections, from, took) {
  return collections.reduce((sum, { at, duration }) => {
    const shared = Math.min(at + duration, from + took) - Math.max(at, from);
    return sum + Math.max(0, shared);
  }, 0);
}

function round(milliseconds) {
  return Math.round(milliseconds * 100) / 100;
}
