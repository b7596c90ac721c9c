// A hundred tests in eight workers, shuffled, twenty times: each tenant's digest has to be the one that it has alone, and
// nothing may be left when a simulator has stopped. `npm run stress -- --rounds 20 --tests 100 --workers 8 --seed 1`
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { parseArgs } from 'node:util';
import { createSimulator } from '../dist/index.js';
import { createRandom } from './fuzz/random.mjs';

/** What a test does in its tenant; each kind leans on something that tenants might share by mistake. */
const STORIES = [
  async (tenant, ask) => {
    await ask('POST', '/v1/customers', { customerType: 'Individual', email: `${tenant.name}@example.com` });
    await tenant.received({ operationId: 'createCustomer' }).once();
  },
  async (tenant) => {
    await tenant.events.next('billing/invoice/created', { within: 'P2M' });
  },
  async (tenant, ask) => {
    await tenant.faults.rateLimited({ operationId: 'listProducts', times: 1 });
    const [first, second] = [await ask('GET', '/v1/products'), await ask('GET', '/v1/products')];
    if (first !== 429 || second !== 200) throw new Error(`A fault of another tenant: ${first}, ${second}.`);
  },
  async (tenant, ask) => {
    await tenant.webhooks.create({ url: 'http://simulator/_simulator/inbox/hook', channels: ['customer/*'] });
    await ask('POST', '/v1/customers', { customerType: 'Business', email: 'ada@example.com' });
    await tenant.settle();
    const { length } = await tenant.inbox('hook').messages();
    if (length !== 1) throw new Error(`${length} messages came in place of 1.`);
  },
  async (tenant, ask) => {
    await tenant.snapshot();
    await ask('POST', '/v1/customers', { customerType: 'Individual', email: 'gone@example.com' });
    await tenant.restore();
    await tenant.reset({ seed: Number(tenant.name.split('-')[1]) + 2 });
    await tenant.clock.advance('P1D');
  },
];

/** Not by `fetch`, which keeps what it knows of every address that it has asked, and each round has addresses of its own. */
async function statusOf(url, method, body) {
  const headers = { authorization: 'Bearer any', 'content-type': 'application/json' };
  const request = httpRequest(url, { method, headers, agent: false });
  request.end(body !== undefined ? JSON.stringify(body) : undefined);
  const [response] = await once(request, 'response');
  response.resume();
  await once(response, 'end');
  return response.statusCode;
}

async function play(simulator, number) {
  const tenant = simulator.tenant(`test-${number}`);
  const ask = (method, path, body) => statusOf(`${tenant.url}${path}`, method, body);
  await STORIES[number % STORIES.length](tenant, ask);
  const digest = await tenant.digest();
  await tenant[Symbol.asyncDispose]();
  return JSON.stringify(digest);
}

async function playAll(numbers, atOnce) {
  const simulator = createSimulator({ port: 0, seed: 7 });
  await simulator.start();
  const digests = {};
  const waiting = [...numbers];
  const work = async () => {
    for (let number = waiting.shift(); number !== undefined; number = waiting.shift()) {
      digests[number] = await play(simulator, number);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  await simulator.stop();
  return digests;
}

/** What would keep a process alive; the pipe to who has forked it is its own. */
const handles = () =>
  process.getActiveResourcesInfo().filter((kind) => /Server|Timeout|Immediate|FSReq|Worker|TCPSocket/.test(kind));

if (process.send !== undefined) {
  process.on('message', async ({ numbers }) => {
    const digests = await playAll(numbers, 4);
    // Sockets of clients close a turn after their server has.
    for (let turn = 0; turn < 50 && handles().length > 0; turn += 1)
      await new Promise((done) => setTimeout(done, 20).unref());
    globalThis.gc?.();
    globalThis.gc?.();
    process.send({ digests, left: handles(), heap: process.memoryUsage().heapUsed });
  });
  process.on('disconnect', () => process.exit(0));
} else {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '20' },
      tests: { type: 'string', default: '100' },
      workers: { type: 'string', default: '8' },
      seed: { type: 'string', default: '1' },
    },
  });
  const [rounds, tests, workers, seed] = ['rounds', 'tests', 'workers', 'seed'].map((name) => Number(values[name]));
  const random = createRandom(seed);
  const alone = {};
  for (let number = 0; number < tests; number += 1) Object.assign(alone, await playAll([number], 1));
  const children = Array.from({ length: workers }, () => fork(import.meta.filename, { execArgv: ['--expose-gc'] }));
  let isOver = false;
  for (const child of children) {
    child.once('exit', (code) => {
      if (isOver) return;
      console.error(`A worker ended with ${code}.`);
      process.exit(1);
    });
  }
  const heaps = [];
  let [wrong, left] = [0, 0];
  for (let round = 1; round <= rounds; round += 1) {
    const numbers = Array.from({ length: tests }, (_, number) => number);
    for (let at = numbers.length - 1; at > 0; at -= 1) {
      const other = random.below(at + 1);
      [numbers[at], numbers[other]] = [numbers[other], numbers[at]];
    }
    const answers = await Promise.all(
      children.map(async (child, place) => {
        child.send({ numbers: numbers.filter((_, index) => index % workers === place) });
        const [answer] = await once(child, 'message');
        return answer;
      }),
    );
    for (const { digests, left: kinds, heap } of answers) {
      for (const [number, digest] of Object.entries(digests)) {
        if (digest === alone[number]) continue;
        wrong += 1;
        console.error(`Round ${round}: test ${number} has the digest ${digest}, and alone ${alone[number]}.`);
      }
      left += kinds.length;
      if (kinds.length > 0) console.error(`Round ${round}: left are ${kinds.join(', ')}.`);
      heaps.push({ round, heap });
    }
  }
  isOver = true;
  for (const child of children) child.disconnect();
  const median = (round) => {
    const all = heaps
      .filter((each) => each.round === round)
      .map(({ heap }) => heap)
      .sort((a, b) => a - b);
    return (all[all.length >> 1] / 1e6).toFixed(1);
  };
  console.log(`${rounds} rounds of ${tests} tests in ${workers} workers, shuffled with seed ${seed}.`);
  console.log(`Digests other than alone: ${wrong} of ${rounds * tests}. Handles left: ${left}.`);
  console.log(
    `Heap of a worker after its simulator: ${median(1)} MB in round 1, ${median(Math.ceil(rounds / 2))} MB, ${median(rounds)} MB in round ${rounds}.`,
  );
  if (wrong + left > 0) process.exitCode = 1;
}
