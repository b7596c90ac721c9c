// What keeping worlds costs: bytes a commit, changes with a folder as against memory, the way back from a long log, and a
// start with many tenants.
//
//   npm run build && node bench/kept.mjs --commits 1000000 --tenants 1000
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, createWriteStream, readdirSync, readFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { crc32 } from 'node:zlib';
import { toBytes } from './client.mjs';
import { startPatientClient } from './patient-client.mjs';
import { startServer } from './start.mjs';

const { values } = parseArgs({
  options: {
    commits: { type: 'string', default: '100000' },
    tenants: { type: 'string', default: '1000' },
    rounds: { type: 'string', default: '5' },
    // A database, to ask 1, 2 and 3 replicas.
    database: { type: 'string' },
    'database-only': { type: 'boolean', default: false },
  },
});
const MAIN = resolve(import.meta.dirname, '../dist/cli/main.js');
const HEADERS = { Authorization: 'Bearer any' };
const body = { customerType: 'Individual', email: 'ada@example.com', firstName: 'Ada', lastName: 'Example' };
/** What a commit that makes a customer takes; see `bytesOfACommit`. */
const BYTES_OF_A_COMMIT = 1_320;
const folder = await mkdtemp(join(tmpdir(), 'kept-'));
const client = await startPatientClient();

if (!values['database-only']) {
  await compareStores();
  await bytesOfACommit();
  await recoverLong(Number(values.commits));
  await startWithMany(Number(values.tenants));
}
if (values.database !== undefined) {
  await compareParts(values.database);
  await compareReplicas(values.database);
}
client.stop();
await rm(folder, { recursive: true, force: true });

/**
 * Memory and folder by turns, in answers a second and in processor time of the server; beside them a bare server that keeps a
 * line of the same length, or none: what the syncs cost that no server can do without.
 */
async function compareStores() {
  const servers = {
    memory: await start('memory'),
    file: await start(`file:${join(folder, 'turns')}`),
    bareMemory: await startBare(),
    bareFile: await startBare(join(folder, 'bare.log')),
  };
  const found = Object.fromEntries(Object.keys(servers).map((name) => [name, []]));
  for (let round = 0; round <= Number(values.rounds); round += 1) {
    for (const [name, server] of Object.entries(servers)) {
      const measured = await ask([server], () => '/@turns/v1/customers');
      // The first warms up.
      if (round > 0) found[name].push(measured);
    }
  }
  await Promise.all(Object.values(servers).map((server) => server.stop()));
  for (const [what, memory, file] of [
    ['POST, 32 connections', found.memory, found.file],
    ['the same of a bare server', found.bareMemory, found.bareFile],
  ]) {
    const ratios = (of) => middleOf(memory.map((each, round) => of(each, file[round])));
    tell(what, {
      memory: middleRound(memory),
      file: middleRound(file),
      ofRate: ratios((one, other) => other.rate / one.rate),
      ofProcessorTime: ratios((one, other) => one.microseconds / other.microseconds),
    });
  }
}

function middleRound(rounds) {
  return {
    rate: Math.round(middleOf(rounds.map(({ rate }) => rate))),
    microseconds: middleOf(rounds.map(({ microseconds }) => microseconds)),
  };
}

async function startBare(file) {
  const env = { BENCH_CREATED: JSON.stringify(body), BENCH_LINE: `${'.'.repeat(BYTES_OF_A_COMMIT)}\n` };
  const server = await startServer('kept', { ...env, ...(file && { BENCH_FILE: file }) });
  return { ...server, processorTime: async () => (await server.cpu()) * 1_000 };
}

async function bytesOfACommit() {
  const log = join(folder, 'turns/tenants/turns');
  const newest = execFileSync('ls', ['-t', log], { encoding: 'utf8' }).split('\n')[0];
  const bytes = [];
  for await (const line of createInterface({ input: createReadStream(join(log, newest)) })) {
    if (line.includes('["kept",')) bytes.push(line.length);
    if (bytes.length === 1_000) break;
  }
  tell('bytes of a commit that makes a customer', { middle: middleOf(bytes) });
}

/** A log of as many changes of one thing as wanted, behind the checkpoint of a real one. */
async function recoverLong(count) {
  const store = join(folder, 'long');
  const server = await start(`file:${store}`);
  await send(server, 'POST', '/@long/v1/customers', body);
  await send(server, 'PATCH', '/@long/v1/customers/CUS-000001', { lastName: 'Other' });
  await server.stop();
  const path = join(store, 'tenants/long/1.log');
  const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
  const last = lines.at(-1).replace(/^\w+ \d+ /, '');
  const { number } = JSON.parse(last)[1];
  const file = createWriteStream(path, { flags: 'a' });
  for (let index = 1; index < count; index += 1) {
    const text = last.replace(`{"number":${number},`, `{"number":${number + index},`);
    const framed = `${lines.length + index} ${text}`;
    const isRoomy = file.write(`${crc32(framed).toString(16).padStart(8, '0')} ${framed}\n`);
    if (!isRoomy) await once(file, 'drain');
  }
  file.end();
  await once(file, 'close');
  const { size } = await stat(path);
  const began = Date.now();
  const again = await start(`file:${store}`);
  const answer = await send(again, 'GET', '/@long/v1/customers/CUS-000001');
  const seconds = (Date.now() - began) / 1_000;
  tell(`back from a log of ${count} commits`, {
    status: answer.status,
    megabytes: Math.round(size / 1e6),
    seconds: round2(seconds),
    processorSeconds: round2(again.processorTime() / 1_000),
    residentMegabytes: Math.round(again.resident() / 1e6),
  });
  await again.kill();
  await rm(store, { recursive: true });
}

async function startWithMany(count) {
  const store = join(folder, 'many');
  const server = await start(`file:${store}`);
  await send(server, 'POST', '/@t0/v1/customers', body);
  await server.stop();
  for (let index = 1; index < count; index += 1)
    await cp(join(store, 'tenants/t0'), join(store, `tenants/t${index}`), { recursive: true });
  const starts = [];
  const lasts = [];
  for (let round = 0; round < 3; round += 1) {
    const began = Date.now();
    const again = await start(`file:${store}`);
    starts.push(Date.now() - began);
    const answer = await send(again, 'GET', `/@t${count - 1}/v1/customers/CUS-000001`);
    if (answer.status !== 200) throw new Error(`the last tenant answered ${answer.status}`);
    lasts.push(Date.now() - began);
    await again.kill();
  }
  tell(`start with ${count} tenants`, { listensMs: middleOf(starts), lastTenantMs: middleOf(lasts) });
}

/** The same tenants, behind 1, 2 and 3 replicas: two cores are here, so processor time says what more would bring. */
async function compareReplicas(database) {
  for (const count of [1, 2, 3]) {
    const servers = [];
    for (let index = 0; index < count; index += 1) servers.push(await start(database, ['--replicas']));
    // Each is asked for tenants of its own, as after a while behind a balancer that knows nothing: then a third is passed on.
    for (const [own, path] of [
      [true, (server) => `/@own${count}${server}/v1/customers`],
      [false, () => `/@one${count}/v1/customers`],
    ]) {
      await ask(servers, path);
      const measured = await ask(servers, path);
      tell(`${count} replicas, ${own ? 'each for its own tenants' : 'all for the tenant of one'}`, {
        rate: Math.round(measured.rate),
        microseconds: round2(measured.microseconds),
      });
    }
    await Promise.all(servers.map((server) => server.stop()));
  }
}

/** What a change costs each part: at the owner, passed on to it by another, and in the database. */
async function compareParts(database) {
  const [owner, other] = [await start(database, ['--replicas']), await start(database, ['--replicas'])];
  const path = '/@parts/v1/customers';
  const postgres = await databaseTime(database);
  const parts = [() => owner.processorTime(), () => other.processorTime(), postgres];
  const found = { atOwner: [], passedOn: [] };
  for (let round = 0; round <= Number(values.rounds); round += 1) {
    for (const [how, server] of [
      ['atOwner', owner],
      ['passedOn', other],
    ]) {
      const before = parts.map((part) => part());
      const { count } = await ask([server], () => path);
      // The first warms up.
      if (round > 0) found[how].push(parts.map((part, index) => ((part() - before[index]) * 1_000) / count));
    }
  }
  await Promise.all([owner, other].map((server) => server.stop()));
  for (const [how, all] of Object.entries(found)) {
    const [ownerMicroseconds, otherMicroseconds, postgresMicroseconds] = [0, 1, 2].map((part) =>
      middleOf(all.map((each) => each[part])),
    );
    tell(`a change, ${how}`, { ownerMicroseconds, otherMicroseconds, postgresMicroseconds });
  }
}

/** Tells the processor time of all processes of a database that runs here, in milliseconds. */
async function databaseTime(database) {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: database });
  await client.connect();
  const { rows } = await client.query('select pg_backend_pid() as pid');
  const fieldsOf = (pid) => {
    try {
      return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
    } catch {
      // It has ended meanwhile.
      return [];
    }
  };
  // Its processes are children of one.
  const parent = fieldsOf(rows[0].pid)[1];
  await client.end();
  return () =>
    readdirSync('/proc')
      .map(fieldsOf)
      .filter((fields) => fields[1] === parent)
      .reduce((sum, fields) => sum + (Number(fields[11]) + Number(fields[12])) * 10, 0);
}

/** Asks servers for a second and a half; what it cost them, a request. */
async function ask(servers, pathOf) {
  const before = await Promise.all(servers.map((server) => server.processorTime()));
  const each = await Promise.all(
    servers.map((server, index) =>
      client.hammer(server.port, toBytes({ method: 'POST', path: pathOf(index), headers: HEADERS, body }), {
        connections: Math.ceil(32 / servers.length),
        duration: 1_500,
        status: 201,
      }),
    ),
  );
  const after = await Promise.all(servers.map((server) => server.processorTime()));
  const spent = after.reduce((sum, time, index) => sum + time - before[index], 0);
  const count = each.reduce((sum, found) => sum + found.count, 0);
  return { count, rate: each.reduce((sum, { rate }) => sum + rate, 0), microseconds: (spent * 1_000) / count };
}

async function start(store, more = []) {
  await mkdir(folder, { recursive: true });
  const args = [MAIN, '--port', '0', '--fixture', 'empty', '--log-level', 'error', '--store', store, ...more];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const [text] = await once(child.stdout, 'data');
  const url = new URL(String(text).trim());
  const status = (pattern) => execFileSync('sed', ['-n', pattern, `/proc/${child.pid}/status`], { encoding: 'utf8' });
  return {
    url: url.origin,
    port: Number(url.port),
    /** Milliseconds, of a clock that ticks a hundred times a second. */
    processorTime() {
      const fields = execFileSync('cat', [`/proc/${child.pid}/stat`], { encoding: 'utf8' })
        .split(') ')[1]
        .split(' ');
      return (Number(fields[11]) + Number(fields[12])) * 10;
    },
    resident: () => Number(/\d+/.exec(status('/VmRSS/p'))?.[0] ?? 0) * 1_024,
    async stop() {
      child.kill('SIGTERM');
      await exited;
    },
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

function send({ url }, method, path, sent) {
  const headers = { authorization: 'Bearer any', ...(sent && { 'content-type': 'application/json' }) };
  return fetch(url + path, { method, headers, ...(sent && { body: JSON.stringify(sent) }) });
}

function tell(what, found) {
  const load = loadavg().map((each) => each.toFixed(1))[0];
  console.log(JSON.stringify({ what, ...found, load }));
}

function middleOf(list) {
  return round2([...list].sort((a, b) => a - b)[Math.floor(list.length / 2)] ?? 0);
}

function round2(value) {
  return Math.round(value * 100) / 100;
}
