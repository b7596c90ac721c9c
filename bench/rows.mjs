import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { arrive, ask, hammer, openClient, toBytes } from './client.mjs';
import { paths, peers, SPEC } from './peers.mjs';
import { startProgram, startServer } from './start.mjs';
import { userRows } from './user-rows.mjs';
import { bodyOf, create, customer, getOne, getPage } from './world.mjs';

const ROUNDS = 5;
const ROUND = { duration: 800 };
const WARM_UP = { duration: 1_500 };
const MAIN = process.env.BENCH_DIST ?? fileURLToPath(new URL('../dist', import.meta.url));

/**
 * The rows of the table. Each starts what it needs, alternates, and answers the ratios (or figures) of its rounds;
 * `goal` is what the project set itself.
 */
export const rows = {
  'get-one': {
    title: 'GET one, of bare node:http',
    goal: { atLeast: 0.85 },
    inTheWay:
      'authentication, checks and records on top of what both pay; Fastify, without them, is the measure of the machine',
    run: () => againstBare({ request: getOne, status: 200, customers: 10_000 }),
  },
  'get-page': {
    title: 'GET a page of 25, filtered, of 100,000, of bare node:http',
    goal: { atLeast: 1 },
    inTheWay: 'the query is read, validated and answered from an index in what bare saves by not doing so',
    run: () => againstBare({ request: getPage, status: 200, customers: 100_000 }),
  },
  'page-of-a-million': {
    title: 'The same of 1,000,000, of that of 2,000',
    goal: { atLeast: 0.9 },
    inTheWay: 'Node: each collection of the young generation walks all pages of the heap',
    async run() {
      const small = await startServer('ours', { BENCH_CUSTOMERS: '2000' });
      const large = await startServer('ours', { BENCH_CUSTOMERS: '1000000' }, ['--max-old-space-size=6000']);
      return compare(large, small, getPage, 200);
    },
  },
  create: {
    title: 'POST create, of a bare handler that reads, parses, answers',
    goal: { atLeast: 0.6 },
    inTheWay:
      'validation, state, event and records on top of what both pay; what is kept of them has to be collected around',
    run: () => againstBare({ request: create, status: 201, customers: 1_000 }),
  },
  'fan-out': {
    title: 'WebSocket fan-out to 1,000, of a bare ws broadcast',
    goal: { atLeast: 0.9 },
    inTheWay: 'the command that publishes: validation, state and event come before the first byte',
    run: fanOut,
  },
  latency: { title: 'p99 at half our highest rate, of bare node:http', goal: { atMost: 3 }, run: latency },
  'first-answer': {
    title: 'First answer, warm start (s)',
    goal: { atMost: 0.4 },
    inTheWay: 'Node itself takes a third; then reading modules, Ajv and its first checks',
    run: () => firstAnswer('warm'),
  },
  'first-answer-cold': {
    title: 'First answer without cache, of Prism',
    goal: { atMost: 1 / 3 },
    inTheWay: 'all contracts are parsed and linted, where Prism loads one',
    run: () => firstAnswer('cold'),
  },
  memory: { title: 'Memory at rest (MB)', goal: { atMost: 150 }, run: memoryAtRest },
  'memory-per-100000': {
    title: 'Memory of 100,000 more customers with subscriptions (MB)',
    goal: { atMost: 120 },
    run: memoryOfCustomers,
  },
  'year-of-1000': { title: 'A year of 1,000 customers, of a plain loop', run: () => year(1_000) },
  year: {
    title: 'A year of 10,000 customers, of a plain loop',
    goal: { atLeast: 0.3 },
    inTheWay: 'what causes an event: bills, payments, balances, timers and their indexes, five to ten writes each',
    run: () => year(10_000),
  },
  'tenant-memory': { title: '1,000 tenants, each used (MB each)', goal: { atMost: 1 }, run: () => tenants('memory') },
  'tenant-first': {
    title: "A tenant's first request, p99 of 1,000 (ms)",
    goal: { atMost: 5 },
    inTheWay: 'others on the machine: the median is far below',
    run: () => tenants('first'),
  },
  ...userRows,
  ...Object.fromEntries(
    Object.keys(peers).map((name) => [
      `peer-${name.toLowerCase().replaceAll(' ', '-')}`,
      { title: `${name}: GET one, of bare node:http`, isPeer: true, run: () => peerAgainstBare(name) },
    ]),
  ),
};

/** Ratios of ours to bare `node:http` that answers the same bytes; the two take turns. */
async function againstBare({ request, status, customers }) {
  const ours = await startServer('ours', { BENCH_CUSTOMERS: String(customers) });
  const body = await bodyOf(ours.port, request, status);
  const bare = await startServer('bare', { BENCH_BODY: body, BENCH_CREATED: body });
  return compare(ours, bare, request, status);
}

async function compare(one, other, request, status) {
  const ratios = [];
  const processor = [];
  const rates = [];
  for (const server of [other, one]) await hammer(server.port, request, { ...WARM_UP, status });
  for (let round = 0; round < ROUNDS; round += 1) {
    const theirs = await measured(other, request, status);
    const mine = await measured(one, request, status);
    ratios.push(mine.rate / theirs.rate);
    processor.push(theirs.cost / mine.cost);
    rates.push(mine.rate);
  }
  await Promise.all([one.stop(), other.stop()]);
  return { figures: ratios, rate: Math.round(median(rates)), processorRatio: median(processor) };
}

/** Requests a second, and the processor time of each in microseconds: the latter holds also where others use the machine. */
async function measured(server, request, status) {
  const before = await server.cpu?.();
  const { rate, count } = await hammer(server.port, request, { ...ROUND, status });
  return { rate, cost: before === undefined ? Number.NaN : (((await server.cpu()) - before) / count) * 1e6 };
}

async function peerAgainstBare(name) {
  const ours = await startServer('ours', { BENCH_CUSTOMERS: '100' });
  const body = await bodyOf(ours.port, getOne, 200);
  await ours.stop();
  const bare = await startServer('bare', { BENCH_BODY: body });
  const peer = await peers[name](body);
  const request = toBytes({
    path: paths[name] ?? '/v1/customers/CUS-000007',
    headers: { Authorization: 'Bearer benchmark' },
  });
  const ratios = [];
  await hammer(peer.port, request, WARM_UP);
  await hammer(bare.port, getOne, WARM_UP);
  for (let round = 0; round < 3; round += 1) {
    const theirs = await hammer(bare.port, getOne, ROUND);
    const its = await hammer(peer.port, request, ROUND);
    ratios.push(its.rate / theirs.rate);
  }
  await Promise.all([peer.stop(), bare.stop()]);
  return { figures: ratios };
}

/** Messages a second that reach 1,000 listeners, ours of bare. */
async function fanOut() {
  const ours = await startServer('ours', { BENCH_CUSTOMERS: '10' });
  const body = await bodyOf(ours.port, create, 201);
  const { items } = JSON.parse(
    await bodyOf(ours.port, toBytes({ path: '/_simulator/events?channel=customer/created' })),
  );
  const message = JSON.stringify(items[0].payload);
  const bare = await startServer('bare', { BENCH_CREATED: body, BENCH_MESSAGE: message });
  const listeners = new Map();
  for (const server of [ours, bare]) listeners.set(server, await listen(server.port, 1_000));
  const round = async (server) => {
    const count = 30;
    const began = performance.now();
    const heard = listeners.get(server)(count, message.length);
    for (let index = 0; index < count; index += 1) await ask(server.port, create, 201);
    await heard;
    return (count * 1_000) / ((performance.now() - began) / 1_000);
  };
  const ratios = [];
  for (const server of [ours, bare]) await round(server);
  for (let index = 0; index < ROUNDS; index += 1) {
    const theirs = await round(bare);
    ratios.push((await round(ours)) / theirs);
  }
  await Promise.all([ours.stop(), bare.stop()]);
  return { figures: ratios };
}

/** Opens so many WebSockets that only count bytes; what it answers waits for so many messages on all of them. */
async function listen(port, count) {
  const { createConnection } = await import('node:net');
  let bytes = 0;
  let wanted = Number.POSITIVE_INFINITY;
  let done = () => {};
  const open = () =>
    new Promise((resolve, reject) => {
      const socket = createConnection({ host: '127.0.0.1', port });
      let isOpen = false;
      socket.on('error', reject);
      socket.on('data', (chunk) => {
        if (!isOpen) {
          isOpen = true;
          resolve();
          return;
        }
        bytes += chunk.length;
        if (bytes >= wanted) done();
      });
      socket.write(
        'GET /customer/created HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
      );
    });
  for (let index = 0; index < count; index += 50) await Promise.all(Array.from({ length: 50 }, open));
  return (messages, length) => {
    bytes = 0;
    // Two bytes of head before a short frame and four before a longer one; ids may differ in length by a digit.
    wanted = Math.floor(messages * count * (length + (length < 126 ? 2 : 4)) * 0.999);
    return new Promise((resolve) => {
      done = resolve;
    });
  };
}

async function latency() {
  const ours = await startServer('ours', { BENCH_CUSTOMERS: '10000' });
  const bare = await startServer('bare', { BENCH_BODY: await bodyOf(ours.port, getOne, 200) });
  for (const server of [bare, ours]) await hammer(server.port, getOne, WARM_UP);
  const { rate: highest } = await hammer(ours.port, getOne, ROUND);
  const rate = highest / 2;
  const ratios = [];
  const p99 = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const theirs = await arrive(bare.port, getOne, { rate, duration: 1_500 });
    const mine = await arrive(ours.port, getOne, { rate, duration: 1_500 });
    ratios.push(mine.p99 / theirs.p99);
    p99.push(mine.p99);
  }
  await Promise.all([ours.stop(), bare.stop()]);
  return { figures: ratios, rate: Math.round(rate), p99: median(p99) };
}

async function firstAnswer(kind) {
  const cli = join(MAIN, 'cli/main.js');
  const one = { path: '/v1/customers/CUS-000007', headers: { authorization: 'Bearer benchmark' } };
  const figures = [];
  const seconds = [];
  for (let round = 0; round < 3; round += 1) {
    const env = kind === 'cold' ? { BSS_SIMULATOR_CACHE: mkdtempSync(join(tmpdir(), 'bench-cache-')) } : {};
    const ours = await startProgram(process.execPath, [cli, '--port', '{port}'], { ...one, env });
    await ours.stop();
    seconds.push(ours.seconds);
    if (kind === 'warm') {
      figures.push(ours.seconds);
      continue;
    }
    const prism = await peers.Prism();
    await prism.stop();
    figures.push(ours.seconds / prism.seconds);
  }
  return { figures, seconds: median(seconds), contract: SPEC.split('/').at(-1) };
}

async function memoryAtRest() {
  const ours = await startServer('ours');
  await ask(ours.port, toBytes({ path: '/_simulator/health' }));
  const { rss } = await ours.memory();
  await ours.stop();
  return { figures: [rss / 1e6] };
}

/** What the second 100,000 add to the first, after a collection. */
async function memoryOfCustomers() {
  const used = [];
  for (const customers of ['100000', '200000']) {
    const ours = await startServer('ours', { BENCH_CUSTOMERS: customers, BENCH_LIFE: 'subscribed' }, [
      '--expose-gc',
      '--max-old-space-size=6000',
    ]);
    const { heapUsed, external } = await ours.memory();
    used.push((heapUsed + external) / 1e6);
    await ours.stop();
  }
  return { figures: [used[1] - used[0]] };
}

async function year(customers) {
  const ours = await startServer('ours', { BENCH_CUSTOMERS: String(customers), BENCH_LIFE: 'lively' }, [
    '--max-old-space-size=6000',
  ]);
  const began = performance.now();
  const advance = toBytes({ method: 'POST', path: '/_simulator/clock/advance', body: { by: 'P1Y' } });
  const answer = await bodyOf(ours.port, advance, 200);
  const seconds = (performance.now() - began) / 1_000;
  const { count } = JSON.parse(answer);
  const { items } = JSON.parse(await bodyOf(ours.port, toBytes({ path: '/_simulator/events?limit=50' })));
  await ours.stop();
  const events = Number(/"count":(\d+)/.exec(answer)?.[1] ?? count);
  const loop = await startServer('loop', { BENCH_COUNT: String(events), BENCH_EVENTS: JSON.stringify(items) });
  const { rate } = await loop.result();
  await loop.stop();
  return { figures: [events / seconds / rate], rate: Math.round(events / seconds), events, seconds };
}

async function tenants(kind) {
  const ours = await startServer('ours', {}, ['--expose-gc']);
  await ask(ours.port, getOne);
  const before = await ours.memory();
  const times = [];
  const client = await openClient(ours.port, getOne, 200);
  for (let index = 0; index < 1_000; index += 1) {
    const request = toBytes({
      path: `/@team-${index}/v1/customers/CUS-000007`,
      headers: { Authorization: 'Bearer benchmark' },
    });
    const began = performance.now();
    await new Promise((resolve, reject) => {
      client.onAnswer = resolve;
      client.onError = reject;
      client.send(request);
    });
    times.push(performance.now() - began);
    // Used: something of its own is stored.
    await new Promise((resolve) => {
      client.onAnswer = resolve;
      client.onError = resolve;
      client.send(
        toBytes({ path: `/@team-${index}/v1/customers?pageSize=5`, headers: { Authorization: 'Bearer benchmark' } }),
      );
    });
  }
  client.close();
  for (let index = 0; index < 1_000; index += 1) {
    const path = `/@team-${index}/v1/customers`;
    await ask(
      ours.port,
      toBytes({ method: 'POST', path, headers: { Authorization: 'Bearer benchmark' }, body: customer }),
      201,
    );
  }
  const after = await ours.memory();
  await ours.stop();
  times.sort((a, b) => a - b);
  if (kind === 'first') return { figures: [times[989]], slowest: times.at(-1) };
  return { figures: [(after.heapUsed + after.external - before.heapUsed - before.external) / 1e6 / 1_000] };
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
