// Kills the program under load, again and again, and asks what is left: every change that was answered, once, in order,
// and the transcript of a run without crashes. Then it cuts the logs at random bytes, and asks for all that stands before.
//
//   npm run crash -- --seconds 60 --seed 1 --store file
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
  },
});
const MAIN = resolve(import.meta.dirname, '../dist/cli/main.js');
const random = createRandom(Number(values.seed));
const folder = await mkdtemp(join(tmpdir(), 'crash-'));
const store = values.store === 'file' ? `file:${folder}` : values.store;
const figures = { crashes: 0, answered: 0, unknown: 0, repeated: 0, lost: 0, doubled: 0, cuts: 0, starts: [] };
const mistakes = [];

/** Takes every delivery. */
const receiver = createServer((request, response) => {
  request.resume().on('end', () => response.writeHead(204).end());
});
receiver.listen(0, '127.0.0.1');
await once(receiver, 'listening');
const target = `http://127.0.0.1:${receiver.address().port}/`;

/** One client a tenant, which does one thing after another and repeats nothing that it has been answered. */
const clients = Array.from({ length: Number(values.tenants) }, (_, index) => ({
  tenant: `t${index}`,
  next: 0,
  ids: [],
}));

let program = await start();
const end = Date.now() + Number(values.seconds) * 1_000;
while (Date.now() < end) {
  const pause = 200 + random() * 3_000;
  const working = clients.map((client) => work(client, () => program.isAlive));
  await new Promise((done) => setTimeout(done, pause));
  await program.kill();
  figures.crashes += 1;
  await Promise.all(working);
  program = await start();
  await Promise.all(clients.map(settle));
}
await compare();
await program.stop();
if (values.store === 'file') await cut();
receiver.close();
await rm(folder, { recursive: true, force: true });
figures.starts.sort((a, b) => a - b);
const { starts, ...told } = figures;
const middle = Math.round(starts[Math.floor(starts.length / 2)] ?? 0);
console.log(JSON.stringify({ ...told, startMs: middle }));
for (const mistake of mistakes) console.error(mistake);
process.exitCode = mistakes.length > 0 || figures.lost > 0 || figures.doubled > 0 ? 1 : 0;

/** Changes the world until nobody answers any more. */
async function work(client, isWanted) {
  while (isWanted()) {
    const answer = await ask(client, client.next).catch(() => undefined);
    if (answer === undefined) {
      figures.unknown += 1;
      return;
    }
    if (answer.status !== 200 && answer.status !== 201) {
      // Nothing is changed while it stops, and that is said.
      if (answer.status !== 503) mistakes.push(`${client.tenant} ${client.next}: ${answer.status} ${answer.text}`);
      return;
    }
    figures.answered += 1;
    client.ids.push(JSON.parse(answer.text).customerId ?? '');
    client.next += 1;
  }
}

/** The first thing that a client does is to listen; then it makes customers. */
function ask({ tenant }, index, url = program.url) {
  return index === 0
    ? send(url, tenant, '/_simulator/webhooks', { url: target, channels: ['customer/created'] })
    : send(url, tenant, '/v1/customers', { customerType: 'Individual', email: `c${index}@example.com` });
}

/** What was on its way when the program was killed has happened, or has not: it is looked up, and leaves no trace. */
async function settle(client) {
  const made = await customers(program.url, client.tenant);
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
    const { items } = await read(program.url, client.tenant, '/_simulator/webhooks');
    if (items?.length > 0) {
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
  for (const client of clients) {
    for (let index = 0; index < client.next; index += 1) await ask(client, index, steady.url);
    let texts = [];
    // Deliveries end at their own pace.
    for (let tries = 0; tries < 50; tries += 1) {
      texts = await Promise.all([program.url, steady.url].map((url) => transcript(url, client.tenant)));
      if (texts[0] === texts[1]) break;
      await new Promise((done) => setTimeout(done, 200));
    }
    const [shaken, calm] = texts.map((text) => createHash('sha256').update(text).digest('hex'));
    if (shaken !== calm) {
      mistakes.push(
        `${client.tenant}: the transcript differs from that of a run without crashes: ${firstDifference(texts)}`,
      );
    }
    const { items } = await read(program.url, client.tenant, '/_simulator/events?limit=10000&channel=customer/created');
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
    program = await start();
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

async function start(where = store) {
  const began = Date.now();
  const child = spawn(
    process.execPath,
    [MAIN, '--port', '0', '--fixture', 'empty', '--log-level', 'warn', '--store', where],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const errors = [];
  child.stderr.on('data', (text) => errors.push(String(text)));
  const exited = once(child, 'exit');
  const first = await Promise.race([once(child.stdout, 'data'), exited]);
  if (typeof first[0] === 'number') throw new Error(`The program did not start: ${errors.join('')}`);
  if (where !== 'memory') figures.starts.push(Date.now() - began);
  const state = { isAlive: true };
  return {
    url: String(first[0]).trim(),
    log: () => errors.join(''),
    get isAlive() {
      return state.isAlive;
    },
    async kill() {
      state.isAlive = false;
      child.kill('SIGKILL');
      await exited;
    },
    async stop() {
      state.isAlive = false;
      child.kill('SIGTERM');
      await exited;
    },
  };
}

async function send(url, tenant, path, body) {
  const response = await fetch(`${url}/@${tenant}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer any' },
    body: JSON.stringify(body),
  });
  return { status: response.status, text: await response.text() };
}

async function read(url, tenant, path) {
  const response = await fetch(`${url}/@${tenant}${path}`);
  return response.status === 404 ? {} : response.json();
}

async function customers(url, tenant) {
  const all = [];
  let page = await read(url, tenant, '/_simulator/collections/connectx/Customer?limit=1000');
  for (;;) {
    all.push(...(page.items ?? []));
    if (page.next === undefined) return all;
    page = await read(url, tenant, `/_simulator/collections/connectx/Customer?limit=1000&after=${page.next}`);
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
