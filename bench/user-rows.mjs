import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, createServer, request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ask, hammer, toBytes } from './client.mjs';
import { largeDocument } from './large-document.mjs';
import { startProgram, startServer } from './start.mjs';
import { bodyOf, create, customer, getOne } from './world.mjs';

const ROUNDS = 5;
const ROUND = { duration: 800 };
const WARM_UP_REQUESTS = 10_000;
const MAIN = process.env.BENCH_DIST ?? fileURLToPath(new URL('../dist', import.meta.url));
const HEADERS = { Authorization: 'Bearer benchmark' };
/** Requests made before a row begins, so that making them costs nothing while it runs. */
const PREPARED = 8_192;

/**
 * What users do, beside what they would have otherwise: a server with a `Map` that checks and records nothing, written
 * by hand, or a plain loop. Each answers the ratios or figures of its rounds.
 */
export const userRows = {
  mix: {
    title:
      'Half reads, 20 % subscriptions, 10 % pages, 10 % PATCH, 10 % POST, of 20,000 customers, of a hand-written Map',
    run: () => againstMap(mix(20_000), '2', 20_000),
  },
  'random-reads': {
    title: 'GET of random ones among 100,000 customers, of a hand-written Map',
    run: () => againstMap(reads(100_000), 200, 100_000),
  },
  patch: {
    title: 'PATCH of random ones among 20,000, of a hand-written Map',
    run: () => againstMap(patches(20_000), 200, 20_000),
  },
  'tenant-life': {
    title: "A test's life: a tenant made, read, written, dropped (ms), of a bare server started and stopped for each",
    run: tenantLife,
  },
  'many-tenants': { title: '500 tenants at once, GET one, of one tenant', run: manyTenants },
  'month-of-webhooks': {
    title: 'Webhooks of a month delivered to a receiver, of a plain loop that signs and posts as many',
    run: monthOfWebhooks,
  },
  stories: { title: 'All shipped stories (s), of as many bare requests one after another', run: stories },
  'large-contract': { title: 'First answer of a contract of 1,200 operations, no cache, of Prism', run: largeContract },
  'memory-ten-years': {
    title: 'Memory after ten years of the shipped world (MB), of that at rest',
    run: () => memoryAfter(tenYears),
  },
  'memory-day-of-traffic': {
    title: 'Memory after a day of traffic at one act a second (MB), of that at rest',
    run: () => memoryAfter(dayOfTraffic),
  },
};

const idOf = (number) => `CUS-${String(number).padStart(6, '0')}`;

/** The same sequence in every run, spread over so many. */
function spread(count) {
  let state = 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return (state % count) + 1;
  };
}

function prepared(make) {
  const all = Array.from({ length: PREPARED }, (_, index) => toBytes({ headers: HEADERS, ...make(index) }));
  return (index) => all[index % PREPARED];
}

function reads(count) {
  const next = spread(count);
  return prepared(() => ({ path: `/v1/customers/${idOf(next())}` }));
}

function patchOf(index, id) {
  const phone = `+44 1632 960${String(index % 1_000).padStart(3, '0')}`;
  return { method: 'PATCH', path: `/v1/customers/${id}`, body: { phone } };
}

function patches(count) {
  const next = spread(count);
  return prepared((index) => patchOf(index, idOf(next())));
}

function mix(count) {
  const next = spread(count);
  return prepared((index) => {
    const id = idOf(next());
    switch (index % 10) {
      case 1:
      case 6:
        return { path: `/v1/customers/${id}/subscriptions` };
      case 3:
        return { path: `/v1/customers?page=${(index % 40) + 1}&pageSize=25&status=Active` };
      case 5:
        return patchOf(index, id);
      case 8:
        return { method: 'POST', path: '/v1/customers', body: customer };
      default:
        return { path: `/v1/customers/${id}` };
    }
  });
}

/** Ratios of our rate to that of the Map with the same customers; the two take turns. */
async function againstMap(request, status, customers) {
  const ours = await startServer('ours', { BENCH_CUSTOMERS: String(customers), BENCH_LIFE: 'subscribed' });
  const own = await bodyOf(ours.port, toBytes({ path: `/v1/customers/${idOf(7)}`, headers: HEADERS }));
  const subscriptions = await bodyOf(
    ours.port,
    toBytes({ path: `/v1/customers/${idOf(7)}/subscriptions`, headers: HEADERS }),
  );
  const map = await startServer('map', {
    BENCH_CUSTOMERS: String(customers),
    BENCH_BODY: own,
    BENCH_SUBSCRIPTIONS: subscriptions,
  });
  for (const server of [map, ours]) {
    for (let count = 0; count < WARM_UP_REQUESTS; )
      count += (await hammer(server.port, request, { ...ROUND, status })).count;
  }
  const ratios = [];
  const rates = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const theirs = await hammer(map.port, request, { ...ROUND, status });
    const mine = await hammer(ours.port, request, { ...ROUND, status });
    ratios.push(mine.rate / theirs.rate);
    rates.push(mine.rate);
  }
  await Promise.all([ours.stop(), map.stop()]);
  return { figures: ratios, rate: Math.round(middle(rates)) };
}

async function tenantLife() {
  const ours = await startServer('ours');
  const ratios = [];
  const times = [];
  const lives = 40;
  for (let round = 0; round < ROUNDS + 1; round += 1) {
    const began = performance.now();
    for (let index = 0; index < lives; index += 1) {
      const prefix = `/@life-${round}-${index}`;
      await ask(
        ours.port,
        toBytes({ method: 'POST', path: `${prefix}/v1/customers`, headers: HEADERS, body: customer }),
        201,
      );
      await ask(ours.port, toBytes({ path: `${prefix}/v1/customers?pageSize=5`, headers: HEADERS }));
      await ask(ours.port, toBytes({ method: 'DELETE', path: `/_simulator/tenants/life-${round}-${index}` }), '2');
    }
    const mine = (performance.now() - began) / lives;
    const then = performance.now();
    for (let index = 0; index < lives; index += 1) await bareLife();
    const theirs = (performance.now() - then) / lives;
    // The first round compiles what the others use.
    if (round > 0) ratios.push(mine / theirs);
    if (round > 0) times.push(mine);
  }
  await ours.stop();
  return { figures: ratios, milliseconds: middle(times) };
}

/** A server of its own for one test, as it is written where nothing better is at hand. */
async function bareLife() {
  const kept = new Map();
  const server = createServer((request, response) => {
    const text = JSON.stringify([...kept.values()]);
    if (request.method === 'GET') return response.writeHead(200, { 'content-length': text.length }).end(text);
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      kept.set(kept.size, JSON.parse(body));
      response.writeHead(201, { 'content-length': body.length }).end(body);
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await ask(port, create, 201);
  await ask(port, getOne);
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

/** Five hundred tenants, each with something of its own, read in turn; beside the same reads of one of them. */
async function manyTenants() {
  const count = 500;
  const ours = await startServer('ours');
  for (let index = 0; index < count; index += 1) {
    const path = `/@many-${index}/v1/customers`;
    await ask(ours.port, toBytes({ method: 'POST', path, headers: HEADERS, body: customer }), 201);
  }
  const asked = (tenant) => toBytes({ path: `/@many-${tenant}/v1/customers/CUS-000007`, headers: HEADERS });
  const all = Array.from({ length: count }, (_, tenant) => asked(tenant));
  const everyone = (index) => all[index % count];
  for (let done = 0; done < WARM_UP_REQUESTS; ) done += (await hammer(ours.port, everyone, ROUND)).count;
  const ratios = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const one = await hammer(ours.port, all[0], ROUND);
    const many = await hammer(ours.port, everyone, ROUND);
    ratios.push(many.rate / one.rate);
  }
  await ours.stop();
  return { figures: ratios };
}

async function monthOfWebhooks() {
  let received = 0;
  const receiver = createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      received += 1;
      response.writeHead(200, { 'content-length': 0 }).end();
    });
  });
  await new Promise((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  const { port } = receiver.address();
  const ours = await startServer('ours', { BENCH_CUSTOMERS: '1000', BENCH_LIFE: 'lively' });
  const url = `http://127.0.0.1:${port}/hook`;
  await ask(ours.port, toBytes({ method: 'POST', path: '/_simulator/webhooks', body: { url, channels: ['*'] } }), 201);
  const ratios = [];
  const rates = [];
  for (let round = 0; round < 3; round += 1) {
    const before = received;
    const began = performance.now();
    await bodyOf(ours.port, toBytes({ method: 'POST', path: '/_simulator/clock/advance', body: { by: 'P1M' } }));
    const rate = (received - before) / ((performance.now() - began) / 1_000);
    const sample = await bodyOf(ours.port, toBytes({ path: '/_simulator/events?limit=1' }));
    const plain = await postPlainly(port, sample, received - before);
    rates.push(rate);
    ratios.push(rate / plain);
  }
  await ours.stop();
  receiver.closeAllConnections();
  receiver.close();
  return { figures: ratios, rate: Math.round(middle(rates)) };
}

/** What a sender comes to that keeps order and signs, written with Node's own client and nothing else. */
async function postPlainly(port, text, count) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const message = JSON.parse(text);
  const began = performance.now();
  for (let index = 0; index < count; index += 1) {
    const body = JSON.stringify({ ...message, id: index });
    const signature = createHmac('sha256', 'secret').update(`${index}.${body}`).digest('base64');
    await new Promise((resolve, reject) => {
      const headers = {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        'webhook-signature': `v1,${signature}`,
      };
      const sent = httpRequest(
        { agent, host: '127.0.0.1', port, path: '/hook', method: 'POST', headers },
        (response) => {
          response.resume();
          response.once('end', resolve);
        },
      );
      sent.once('error', reject);
      sent.end(body);
    });
  }
  agent.destroy();
  return count / ((performance.now() - began) / 1_000);
}

async function stories() {
  const home = fileURLToPath(new URL('..', import.meta.url));
  const figures = [];
  const seconds = [];
  let requests = 0;
  for (let round = 0; round < 3; round += 1) {
    const folder = mkdtempSync(join(tmpdir(), 'bench-stories-'));
    const began = performance.now();
    await run(process.execPath, [join(MAIN, 'cli/main.js'), 'run', join(home, 'scenarios'), '--transcripts', folder]);
    const mine = (performance.now() - began) / 1_000;
    requests = countRequests(folder);
    rmSync(folder, { recursive: true });
    const bare = await startServer('bare', { BENCH_BODY: '{}' });
    const then = performance.now();
    for (let index = 0; index < requests; index += 1) await ask(bare.port, getOne);
    figures.push(mine / ((performance.now() - then) / 1_000));
    seconds.push(mine);
    await bare.stop();
  }
  return { figures, seconds: middle(seconds), requests };
}

/** Requests that stand in the transcripts of a run. */
function countRequests(folder) {
  let count = 0;
  for (const file of readdirSync(folder)) {
    for (const line of readFileSync(join(folder, file), 'utf8').split('\n'))
      if (line.includes('"kind":"request"')) count += 1;
  }
  return count;
}

function run(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'ignore' });
    child.once('error', reject);
    child.once('exit', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`${args.slice(0, 2).join(' ')} ended with ${code}`));
    });
  });
}

/** Seconds to the first answer, ours of Prism's; the document is written anew, so that nobody has seen it. */
async function largeContract() {
  const folder = mkdtempSync(join(tmpdir(), 'bench-large-'));
  const file = join(folder, 'large.openapi.json');
  const document = largeDocument();
  writeFileSync(file, JSON.stringify(document));
  const [first] = Object.keys(document.paths);
  const prism = fileURLToPath(new URL('node_modules/.bin/prism', import.meta.url));
  const figures = [];
  const seconds = [];
  for (let round = 0; round < 3; round += 1) {
    const cache = join(folder, `cache-${round}`);
    const args = [join(MAIN, 'cli/main.js'), '--specs', file, '--port', '{port}', '--cache', cache];
    const ours = await startProgram(process.execPath, args, { path: `/v1${first}` });
    await ours.stop();
    const theirs = await startProgram(prism, ['mock', file, '-h', '127.0.0.1', '-p', '{port}'], { path: first });
    await theirs.stop();
    figures.push(ours.seconds / theirs.seconds);
    seconds.push(ours.seconds);
  }
  rmSync(folder, { recursive: true });
  return { figures, seconds: middle(seconds) };
}

/** Megabytes of a long life, of those at rest; after a collection each. */
async function memoryAfter(live) {
  const ours = await startServer('ours', {}, ['--expose-gc', '--max-old-space-size=6000']);
  await ask(ours.port, getOne);
  const rest = await used(ours);
  await live(ours.port);
  const after = await used(ours);
  await ours.stop();
  return { figures: [after / rest], megabytes: after, atRest: rest };
}

async function used(server) {
  const { heapUsed, external } = await server.memory();
  return (heapUsed + external) / 1e6;
}

const advance = (by) => toBytes({ method: 'POST', path: '/_simulator/clock/advance', body: { by } });

async function tenYears(port) {
  for (let year = 0; year < 10; year += 1) await bodyOf(port, advance('P1Y'));
}

async function dayOfTraffic(port) {
  await ask(port, toBytes({ method: 'POST', path: '/_simulator/traffic', body: { rate: 60 } }), '2');
  await bodyOf(port, advance('P1D'));
}

function middle(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
