// Kills the program under load, again and again, or stops it for longer than its lease, or cuts its database off; and asks
// what is left: every change that was answered, once, in order, and the transcript of a run without crashes. Then it cuts
// the logs of a folder at random bytes, and asks for all that stands before.
//
//   npm run crash -- --seconds 60 --seed 1 --store file
//   npm run crash -- --store postgres://postgres@127.0.0.1:5432/crashes --programs 3 --tenants 200 --every 10
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
    tenants: { type: 'string', default: '6' },
    cuts: { type: 'string', default: '12' },
    store: { type: 'string', default: 'file' },
    // How many of them share the store.
    programs: { type: 'string', default: '1' },
    // Seconds from one mishap to the next; at random without it.
    every: { type: 'string' },
    // Which mishaps: kill, stop (and go on), pause (for longer than a lease), cut (all connections to the database).
    how: { type: 'string' },
    lease: { type: 'string', default: 'PT2S' },
    // Milliseconds that a client waits between two changes.
    think: { type: 'string', default: '0' },
  },
});
/** Milliseconds in which everything has to be answered, and every program has to end. */
const PATIENCE = 60_000;
const MAIN = resolve(import.meta.dirname, '../dist/cli/main.js');
const random = createRandom(Number(values.seed));
const folder = await mkdtemp(join(tmpdir(), 'crash-'));
const isShared = values.store !== 'file';
const store = isShared
  ? await newSchema()
  : { url: `file:${folder}`, cutOff: async () => {}, ownedBy: async () => new Set(), close: async () => {} };
const count = Number(values.programs);
const mishaps = (values.how ?? (count > 1 ? 'kill,stop,pause,cut' : isShared ? 'kill,cut' : 'kill')).split(',');
const figures = {
  kill: 0,
  stop: 0,
  pause: 0,
  cut: 0,
  answered: 0,
  failed: 0,
  repeated: 0,
  lost: 0,
  doubled: 0,
  cuts: 0,
};
const waits = [];
/** Milliseconds from the death of a tenant's owner to the first answer of whoever has it then. */
const takeOvers = [];
const starts = [];
const mistakes = [];

/** Takes every delivery. */
const receiver = createServer((request, response) => {
  request.resume().on('end', () => response.writeHead(204).end());
});
receiver.listen(0, '127.0.0.1');
await once(receiver, 'listening');
const target = `http://127.0.0.1:${receiver.address().port}/`;

let isOver = false;

/** One client a tenant, which does one thing after another and repeats nothing that it has been answered. */
const clients = Array.from({ length: Number(values.tenants) }, (_, index) => ({
  tenant: `t${index}`,
  next: 0,
  ids: [],
  random: createRandom(Number(values.seed) * 1_000 + index),
}));

const programs = await Promise.all(Array.from({ length: count }, () => start()));
const end = Date.now() + Number(values.seconds) * 1_000;
const working = clients.map(live);
while (Date.now() < end) {
  await sleep(values.every === undefined ? 200 + random() * 3_000 : Number(values.every) * 1_000);
  await mishap(mishaps[Math.floor(random() * mishaps.length)], Math.floor(random() * programs.length));
}
isOver = true;
await Promise.all(working);
await compare();
await Promise.all(programs.map((program) => program.stop()));
if (!isShared) await cut();
await store.close();
receiver.close();
await rm(folder, { recursive: true, force: true });
console.log(
  JSON.stringify({
    ...figures,
    startMs: middleOf(starts),
    waitMs: middleOf(waits),
    longestWaitMs: Math.max(0, ...waits),
    takeOvers: takeOvers.length,
    takeOverMs: middleOf(takeOvers),
    longestTakeOverMs: Math.max(0, ...takeOvers),
  }),
);
for (const mistake of mistakes.slice(0, 20)) console.error(mistake);
process.exitCode = mistakes.length > 0 || figures.lost > 0 || figures.doubled > 0 ? 1 : 0;

/** What may befall a program; there is one in its place afterwards. */
async function mishap(what, index) {
  figures[what] += 1;
  const program = programs[index];
  if (what === 'kill') {
    const orphans = await store.ownedBy(program.url);
    const since = Date.now();
    for (const client of clients) if (orphans.has(client.tenant)) client.orphanedAt ??= since;
  }
  if (what === 'cut') return store.cutOff();
  if (what === 'pause') {
    program.signal('SIGSTOP');
    await sleep(3_000);
    return program.signal('SIGCONT');
  }
  await (what === 'kill' ? program.kill() : program.stop());
  programs[index] = await start();
}

/** Changes the world again and again, and looks it up when it is not known whether something was changed. */
async function live(client) {
  while (!isOver) {
    if (values.think !== '0') await sleep(Number(values.think) * client.random());
    const asked = Date.now();
    const answer = await ask(client, client.next).catch(() => undefined);
    if (answer?.status === 200 || answer?.status === 201) {
      figures.answered += 1;
      client.ids.push(JSON.parse(answer.text).customerId ?? '');
      client.next += 1;
      noteTakeOver(client, asked);
      continue;
    }
    // Nothing is changed while it stops or its store is away, and that is said.
    if (answer !== undefined && answer.status !== 503)
      mistakes.push(`${client.tenant} ${client.next}: ${answer.status} ${answer.text}`);
    figures.failed += 1;
    const began = Date.now();
    await settle(client);
    waits.push(Date.now() - began);
    noteTakeOver(client, began);
  }
}

/** What was asked before its owner died may have been answered by that one. */
function noteTakeOver(client, asked) {
  if (client.orphanedAt === undefined || asked < client.orphanedAt) return;
  takeOvers.push(Date.now() - client.orphanedAt);
  client.orphanedAt = undefined;
}

/** Any of those that run: it does not matter which. */
function anyUrl(client) {
  const alive = programs.filter(({ isAlive }) => isAlive);
  return alive[Math.floor(client.random() * alive.length)]?.url ?? programs[0].url;
}

/** The first thing that a client does is to listen; then it makes customers. */
function ask(client, index, url = anyUrl(client)) {
  const { tenant } = client;
  return index === 0
    ? send(url, tenant, '/_simulator/webhooks', { url: target, channels: ['customer/created'] })
    : send(url, tenant, '/v1/customers', { customerType: 'Individual', email: `c${index}@example.com` });
}

/** What was on its way has happened, or has not: it is looked up, which leaves no trace. */
async function settle(client) {
  let made;
  let hooks;
  for (let patience = Date.now() + 30_000; made === undefined || hooks === undefined; ) {
    try {
      made = await customers(anyUrl(client), client.tenant);
      hooks = await read(anyUrl(client), client.tenant, '/_simulator/webhooks');
    } catch (error) {
      if (Date.now() > patience) throw error;
      await sleep(50);
    }
  }
  const known = made.map(({ customerId }) => customerId);
  const answered = client.ids.slice(1);
  for (const [index, id] of answered.entries()) {
    if (known[index] !== id) {
      figures.lost += 1;
      mistakes.push(`${client.tenant}: customer ${index + 1} was answered as ${id}, and is ${known[index]}`);
    }
  }
  const more = known.length - answered.length;
  if (more > 1) {
    figures.doubled += more - 1;
    mistakes.push(`${client.tenant}: ${more} customers that nobody was told of`);
  }
  if (client.next === 0) {
    if (hooks.items?.length > 0) {
      client.ids.push('');
      client.next = 1;
      figures.repeated += 1;
    }
  } else if (more === 1) {
    client.ids.push(known.at(-1));
    client.next += 1;
    figures.repeated += 1;
  }
}

/** The same, without a crash, in memory. */
async function compare() {
  const steady = await start('memory');
  const { url } = programs.find(({ isAlive }) => isAlive);
  for (const client of clients) {
    for (let index = 0; index < client.next; index += 1) await ask(client, index, steady.url);
    let texts = [];
    // Deliveries end at their own pace.
    for (let tries = 0; tries < 50; tries += 1) {
      texts = await Promise.all([url, steady.url].map((each) => transcript(each, client.tenant)));
      if (texts[0] === texts[1]) break;
      await sleep(200);
    }
    const [shaken, calm] = texts.map((text) => createHash('sha256').update(text).digest('hex'));
    if (shaken !== calm) {
      mistakes.push(
        `${client.tenant}: the transcript differs from that of a run without crashes: ${firstDifference(texts)}`,
      );
    }
    const { items } = await read(url, client.tenant, '/_simulator/events?limit=10000&channel=customer/created');
    const order = (items ?? []).map(({ payload }) => payload.customer?.customerId ?? payload.customerId);
    if (JSON.stringify(order) !== JSON.stringify(client.ids.slice(1))) {
      mistakes.push(`${client.tenant}: events are not those of its customers, in their order`);
    }
  }
  await steady.stop();
}

/** Whatever the medium has lost at the end: all before it is there. */
async function cut() {
  const tenants = join(folder, 'tenants');
  for (let round = 0; round < Number(values.cuts); round += 1) {
    const client = clients[Math.floor(random() * clients.length)];
    const file = await newest(join(tenants, client.tenant));
    const whole = await readFile(file);
    const lines = whole.toString('latin1').split('\n').length;
    const from = Math.max(0, whole.length - 4_000);
    const at = Math.floor(from + random() * (whole.length - from));
    if (round % 2 === 0) await truncate(file, at);
    else await writeFile(file, Buffer.concat([whole.subarray(0, at), Buffer.from('?'), whole.subarray(at + 1)]));
    figures.cuts += 1;
    const program = await start();
    const left = (await customers(program.url, client.tenant)).map(({ customerId }) => customerId);
    const { code } = await read(program.url, client.tenant, '/_simulator/clock');
    const before = client.ids.slice(1);
    if (JSON.stringify(left) !== JSON.stringify(before.slice(0, left.length))) {
      mistakes.push(`${client.tenant}: what is left after a cut of ${lines} lines is no beginning of what was there`);
    }
    // Where the checkpoint itself is hit there is nothing to go on from, and that is said.
    const isTold = code === 'STORE_UNREADABLE' || program.log().includes('was damaged');
    if (whole[at - 1] !== 0x0a && whole[at] !== 0x3f && !isTold) {
      mistakes.push(`${client.tenant}: damage at byte ${at} of ${whole.length} was not told`);
    }
    await program.stop();
    await writeFile(file, whole);
  }
}

async function newest(tenant) {
  const logs = (await readdir(tenant)).filter((name) => name.endsWith('.log'));
  return join(tenant, logs.sort((a, b) => Number.parseInt(b, 10) - Number.parseInt(a, 10))[0]);
}

async function start(where = store.url) {
  const began = Date.now();
  const shared = count > 1 && where !== 'memory' ? ['--replicas', '--lease', values.lease] : [];
  const child = spawn(
    process.execPath,
    [
      MAIN,
      '--port',
      '0',
      '--fixture',
      'empty',
      '--log-level',
      'warn',
      '--lease',
      values.lease,
      '--store',
      where,
      ...shared,
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const errors = [];
  child.stderr.on('data', (text) => errors.push(String(text)));
  const exited = once(child, 'exit');
  const first = await Promise.race([once(child.stdout, 'data'), exited]);
  if (typeof first[0] === 'number') throw new Error(`The program did not start: ${errors.join('')}`);
  if (where !== 'memory') starts.push(Date.now() - began);
  const state = { isAlive: true };
  const end = async (signal) => {
    state.isAlive = false;
    child.kill(signal);
    const patience = setTimeout(() => {
      mistakes.push(`a program did not end within ${PATIENCE / 1_000} s of ${signal}`);
      child.kill('SIGKILL');
    }, PATIENCE);
    await exited;
    clearTimeout(patience);
  };
  return {
    url: String(first[0]).trim(),
    log: () => errors.join(''),
    get isAlive() {
      return state.isAlive;
    },
    signal: (signal) => child.kill(signal),
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  };
}

/** A schema of its own in the database, and what ends all connections of others to it. */
async function newSchema() {
  const { default: pg } = await import('pg');
  const schema = `crash_${process.pid}`;
  const client = new pg.Client({ connectionString: values.store });
  await client.connect();
  await client.query(`create schema ${schema}`);
  const own = `application_name = '${schema}' and pid <> pg_backend_pid()`;
  const url = new URL(values.store);
  url.searchParams.set('application_name', schema);
  return {
    url: `${url}&options=-c%20search_path%3D${schema}`,
    /** Names of the tenants of which a program says that it has them. */
    async ownedBy(address) {
      const { rows } = await client.query(`select name from ${schema}.bss_tenants where url = $1`, [address]);
      return new Set(rows.map(({ name }) => name));
    },
    cutOff: () => client.query(`select pg_terminate_backend(pid) from pg_stat_activity where ${own}`),
    async close() {
      await client.query(`drop schema ${schema} cascade`);
      await client.end();
    },
  };
}

function sleep(milliseconds) {
  return new Promise((done) => setTimeout(done, milliseconds));
}

function middleOf(list) {
  return [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)] ?? 0;
}

async function send(url, tenant, path, body) {
  const response = await fetch(`${url}/@${tenant}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer any' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(PATIENCE),
  });
  return { status: response.status, text: await response.text() };
}

async function read(url, tenant, path) {
  const response = await fetch(`${url}/@${tenant}${path}`, { signal: AbortSignal.timeout(PATIENCE) });
  if (response.status === 404) return {};
  const isRefused = response.status >= 400 && response.status !== 503;
  if (isRefused || (response.status === 503 && path !== '/_simulator/clock')) throw new Error(await response.text());
  return response.json();
}

async function customers(url, tenant) {
  const all = [];
  let page = await read(url, tenant, '/_simulator/collections/connectx/Customer?limit=1000');
  for (;;) {
    all.push(...(page.items ?? []));
    if (page.next === undefined) return all;
    page = await read(url, tenant, `/_simulator/collections/connectx/Customer?limit=1000&page=${page.next}`);
  }
}

/** Where a delivery stands depends on how fast its receiver was: deliveries are compared among themselves. */
async function transcript(url, tenant) {
  const text = await (await fetch(`${url}/@${tenant}/_simulator/transcript`)).text();
  const isDelivery = (line) => line.endsWith('"kind":"delivery"}');
  const lines = text.split('\n');
  return [...lines.filter((line) => !isDelivery(line)), ...lines.filter(isDelivery).sort()].join('\n');
}

function firstDifference([left, right]) {
  const [a, b] = [left.split('\n'), right.split('\n')];
  const at = a.findIndex((line, index) => line !== b[index]);
  return `line ${at + 1} of ${a.length} and ${b.length}\n  ${a[at]}\n  ${b[at]}`;
}

/** Mulberry32: the same seed, the same crashes as far as the machine lets them be. */
function createRandom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
