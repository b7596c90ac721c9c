import { once } from 'node:events';
import { constants, setPriority } from 'node:os';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { HARMFUL } from './corpus.mjs';
import { createInputs } from './inputs.mjs';
import { readOperations } from './operations.mjs';
import { startProgram } from './program.mjs';
import { createRandom } from './random.mjs';
import { createSender } from './send.mjs';
import { SHARED_BOUNDS } from './shared-bounds.mjs';
import { shrink } from './shrink.mjs';

const HELP = `Sends hostile inputs to the built program, over every surface, with a bystander beside it.

npm run fuzz -- [options]
  --seconds <number>  how long (30)
  --inputs <number>   at most so many inputs (no limit)
  --seed <number>     the inputs are made from (drawn, and printed)
  --jobs <number>     inputs under way at a time (4)
  --documents <number>  at most so many documents (500)
  --entities <number>  things that all tenants may hold together (30,000, as by default beyond loopback)
  --record-bytes <number>  bytes of what clients have sent that their records may hold together (32 MiB, likewise)
  --stalls            print where the time goes when others have to wait
  --json              print JSON`;

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '30' },
    inputs: { type: 'string' },
    seed: { type: 'string' },
    jobs: { type: 'string', default: '4' },
    documents: { type: 'string', default: '500' },
    entities: { type: 'string', default: String(SHARED_BOUNDS.maxEntitiesTotal) },
    'record-bytes': { type: 'string', default: String(SHARED_BOUNDS.maxRecordBytesTotal) },
    stalls: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (options.help) {
  console.log(HELP);
  process.exit(0);
}

/** Faults that are shown, each of another kind. */
const MOST_SHOWN = 8;

/** Waits of the bystander beyond those at the bare server that are chance, such as a collection of all garbage: one in a thousand. */
const CHANCE = 0.001;
/** Inputs for each operation before the bystander begins. */
const FIRST_USES = 3;
/** What may be held afterwards that was not before: code that has been compiled, and what tenants keep. */
const MORE_HEAP = 200 * 2 ** 20;
const MORE_DESCRIPTORS = 5;
/** Milliseconds that what is under way at the end is given; an advance to the end of time is then ended with its tenant. */
const GRACE = 2_000;

const seed = Number(options.seed ?? Math.floor(Math.random() * 2 ** 31));
console.error(`The seed is ${seed}.`);
const bounds = ['--max-record-bytes-total', options['record-bytes'], '--max-entities-total', options.entities];
const program = await startProgram(bounds, { showsStalls: options.stalls });
const operations = await readOperations(program.url);
const sender = createSender(program);
const faults = [];
const sent = {};
let count = 0;

const next = createInputs(createRandom(seed), operations);

// What is compiled and loaded at its first use takes its time once, and is no leak.
for (const input of HARMFUL) await tell(input);
for (const operation of operations) {
  const ofOperation = createInputs(createRandom(seed), [operation]);
  for (let tries = 0; tries < FIRST_USES; tries += 1) await tell(ofOperation());
}
await fetch(`${program.url}/@bystander/v1/products`, { headers: { authorization: 'Bearer x' } });
await settle();
const before = { heap: await program.heap(), descriptors: program.descriptors() };

const probe = new Worker(new URL('./probe.mjs', import.meta.url), {
  workerData: { port: program.port, pid: program.pid },
});
// Who asks gives way, but for the bystander: clients elsewhere take no processor from the threads that mark what lives while the
// program's main one works, which it has to do itself where they are given none.
setPriority(constants.priority.PRIORITY_LOW);
const documents = new Worker(new URL('./documents.mjs', import.meta.url), {
  workerData: { seed, most: Number(options.documents) },
});
const documentsOver = new Promise((resolve) => {
  documents.on('message', (message) => {
    if ('fault' in message) faults.push(message);
    else resolve(message.count);
  });
  documents.on('error', (error) => {
    faults.push({ fault: `the loader ended: ${error}`, input: { surface: 'document' } });
    resolve(0);
  });
});
const until = performance.now() + Number(options.seconds) * 1_000;
const most = Number(options.inputs ?? Number.POSITIVE_INFINITY);
const isOver = () => performance.now() >= until || count >= most || program.exit() !== undefined;
const jobs = Promise.all(
  Array.from({ length: Number(options.jobs) }, async () => {
    while (!isOver()) await tell(next());
  }),
);
while (!isOver()) await Promise.race([jobs, pause(100)]);
documents.postMessage('stop');
probe.postMessage('stop');
const [[waits], documentCount] = await Promise.all([once(probe, 'message'), documentsOver]);
sent.document = documentCount;

await Promise.race([jobs, pause(GRACE)]);
const exit = program.exit();
let after;
let collections;
if (exit === undefined) {
  collections = await program.collections();
  sender.close();
  await forgetAll(program.url);
  await jobs;
  await forgetAll(program.url);
  await settle();
  after = { heap: await program.heap(), descriptors: program.descriptors() };
}
await program.stop();

const stalls = Math.max(0, waits.program.long - waits.bare.long);
const report = {
  seed,
  inputs: Object.values(sent).reduce((sum, each) => sum + each, 0),
  sent,
  crashes: exit === undefined ? 0 : 1,
  faults: faults.length,
  stalls,
  waits,
  collections,
  heap: { before: before.heap, after: after?.heap },
  descriptors: { before: before.descriptors, after: after?.descriptors },
};
const complaints = [
  ...(exit === undefined
    ? []
    : [`The program has ended with ${exit.code ?? exit.signal}: ${program.log().slice(-2_000)}`]),
  ...(stalls > Math.ceil(waits.program.asked * CHANCE)
    ? [`The bystander waited over 50 ms ${stalls} times more than at the bare server.`]
    : []),
  ...(after !== undefined && after.heap > before.heap + MORE_HEAP ? ['More memory is held than before.'] : []),
  ...(after !== undefined && after.descriptors > before.descriptors + MORE_DESCRIPTORS
    ? ['More descriptors are open than before.']
    : []),
];
console.log(options.json ? JSON.stringify(report, null, 2) : toText(report));
for (const { fault, input } of await smallestOf(kindsOf(faults).slice(0, MOST_SHOWN))) {
  console.error(`\n${fault}\n${JSON.stringify(input, null, 2).slice(0, 4_000)}`);
}
for (const complaint of complaints) console.error(complaint);
process.exit(faults.length + complaints.length > 0 ? 1 : 0);

async function tell(input) {
  count += 1;
  sent[input.surface] = (sent[input.surface] ?? 0) + 1;
  const fault = await sender.send(input);
  if (fault !== undefined) faults.push({ fault, input });
}

/** One fault of each kind: many inputs run into the same. */
function kindsOf(found) {
  const kinds = new Map();
  for (const each of found) {
    const { surface, method = '', path = '' } = each.input;
    const operation = path
      .replace(/^\/@[^/]*/, '')
      .split(/[?]/)[0]
      .split('/')
      .slice(0, 4)
      .join('/');
    const kind = `${each.fault.replaceAll(/[0-9]+/g, '#').slice(0, 160)} ${surface} ${method} ${operation}`;
    if (!kinds.has(kind)) kinds.set(kind, each);
  }
  return [...kinds.values()];
}

/** Tried again on a fresh program each, until nothing can be left out. */
async function smallestOf(found) {
  const smallest = [];
  for (const { fault, input } of found) {
    if (input.surface === 'document') {
      smallest.push({ fault, input });
      continue;
    }
    const fresh = await startProgram();
    const { send, close } = createSender(fresh);
    smallest.push({ fault, input: await shrink(input, async (candidate) => (await send(candidate)) !== undefined) });
    close();
    await fresh.stop();
  }
  return smallest;
}

async function forgetAll(url) {
  const { items } = await (await fetch(`${url}/_simulator/tenants`)).json();
  for (const { name } of items)
    await fetch(`${url}/_simulator/tenants/${encodeURIComponent(name)}`, { method: 'DELETE' });
}

/** Connections that are closed are forgotten soon. */
function settle() {
  return pause(1_500);
}

function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function toText(report) {
  const { inputs, crashes, faults: wrong, stalls: long, heap, descriptors } = report;
  const { program: own, bare } = report.waits;
  const { young, whole } = report.collections ?? {};
  const collected = (of) => (of === undefined ? '-' : `${of.count}, over 25 ms ${of.long}, worst ${of.worst} ms`);
  const mega = (bytes) => (bytes === undefined ? '-' : `${Math.round(bytes / 2 ** 20)} MiB`);
  return `${inputs} inputs (${Object.entries(sent)
    .map(([surface, each]) => `${surface} ${each}`)
    .join(', ')})
crashes ${crashes}, faults ${wrong}
bystander: ${own.asked} requests, median ${own.median} ms, p99 ${own.p99} ms, worst ${own.worst} ms, over 50 ms ${own.long}
bare server: median ${bare.median} ms, p99 ${bare.p99} ms, worst ${bare.worst} ms, over 50 ms ${bare.long}; more at the program: ${long}
collections of what is young ${collected(young)}; of the whole ${collected(whole)}
heap ${mega(heap.before)} before, ${mega(heap.after)} after; descriptors ${descriptors.before} before, ${descriptors.after ?? '-'} after`;
}
