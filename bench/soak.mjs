import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { parseArgs } from 'node:util';
import { WebSocket } from 'ws';
import { startProgram } from './fuzz/program.mjs';

const HELP = `Lets a virtual year go by in the built program, again and again, with listeners that come and go and receivers of twelve sorts, and looks at
what it holds after each.

npm run soak -- [options]
  --years <number>   how many (6)
  --grow             one world that grows, until its memory is full, and not the same year anew
  --megabytes <number>  what Node may have for it (160 with --grow)
  --json             print JSON`;

const { values: options } = parseArgs({
  options: {
    years: { type: 'string', default: '6' },
    grow: { type: 'boolean', default: false },
    megabytes: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (options.help) {
  console.log(HELP);
  process.exit(0);
}

/** The first years fill the records, which are bounded. */
const FILLING = 2;
/** By how much memory may still rise from the year after those to the last. */
const MORE_HEAP = 1.25;
const MORE_DESCRIPTORS = 6;
const LISTENERS = 20;
/** What is refused once there is no room: by what tenants hold (`STATE_FULL`), or by what the process does. */
const FULL = '_FULL"';

const receivers = await startReceivers();
const program = await startProgram(['--max-record-bytes', String(4 * 2 ** 20), '--retry-schedule', 'PT1M,PT5M'], {
  megabytes: options.megabytes ?? (options.grow ? '160' : undefined),
});
const { url } = program;
const rows = [];
/** What an advance was answered once memory was full. */
let full;
if (options.grow) await begin();
for (let year = 1; year <= Number(options.years) && full === undefined; year += 1) {
  const began = performance.now();
  // The same year again: a world that grows takes more memory by right.
  if (!options.grow) await begin();
  const listeners = await Promise.all(
    Array.from({ length: LISTENERS }, (_, index) => (index % 2 === 0 ? openSocket() : openStream())),
  );
  for (let month = 0; month < 12 && full === undefined; month += 1) {
    full = await ask('POST', '/_simulator/clock/advance', { by: 'P30D' }, options.grow ? FULL : undefined);
    listeners.splice(0, 2).forEach((close) => {
      close();
    });
  }
  for (const close of listeners) close();
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  const row = {
    year,
    heap: Math.round((await program.heap()) / 2 ** 20),
    descriptors: program.descriptors(),
    things: await countThings(),
    seconds: Math.round((performance.now() - began) / 1_000),
  };
  rows.push(row);
  if (!options.json)
    console.log(
      `year ${year}: ${row.heap} MiB, ${row.things} things, ${row.descriptors} descriptors, ${row.seconds} s, ${receivers.taken()} deliveries so far`,
    );
}
const wrongs = full === undefined ? [] : await tryFull();
await program.stop();
receivers.close();
const first = rows[FILLING];
const last = rows.at(-1);
const complaints = [
  ...(receivers.taken() > 0 ? [] : ['No receiver has been asked.']),
  ...(program.exit()?.code === 0 ? [] : [`The program ended with ${program.exit()?.code ?? program.exit()?.signal}.`]),
  ...wrongs,
  ...(first !== undefined && weightOf(last) > weightOf(first) * MORE_HEAP
    ? [`Memory rises: ${first.heap} MiB after year ${first.year}, ${last.heap} MiB after the last.`]
    : []),
  ...(first !== undefined && last.descriptors > first.descriptors + MORE_DESCRIPTORS ? ['Descriptors rise.'] : []),
];
if (options.json) console.log(JSON.stringify({ rows, full, complaints }, null, 2));
else if (full !== undefined) console.log(full);
for (const complaint of complaints) console.error(complaint);
process.exit(complaints.length > 0 ? 1 : 0);

async function begin() {
  await ask('POST', '/_simulator/reset', {});
  for (const path of Object.keys(answersOf())) {
    await ask('POST', '/_simulator/webhooks', {
      url: `http://127.0.0.1:${receivers.port}/${path}`,
      channels: ['customer/created', 'billing/*'],
    });
  }
  await ask('POST', '/_simulator/traffic', { rate: 0.003 });
}

/** Of a world that grows: what each thing in it weighs. */
function weightOf({ heap, things }) {
  return options.grow ? heap / things : heap;
}

async function countThings() {
  const { items } = await (await fetch(`${url}/_simulator/collections`)).json();
  return items.reduce((sum, { count }) => sum + count, 0);
}

/** Once memory is full everybody may look, nothing may grow, and after a reset all is well. */
async function tryFull() {
  const found = [];
  const customers = () => fetch(`${url}/v1/customers?limit=1`, { headers: { authorization: 'Bearer x' } });
  if (!(await customers()).ok) found.push('Nobody may look once memory is full.');
  await ask('POST', '/_simulator/reset', {});
  const until = performance.now() + 30_000;
  const grow = () => ask('POST', '/_simulator/clock/advance', { by: 'P1D' }, FULL);
  while ((await grow()) !== undefined) {
    if (performance.now() > until) return [...found, 'Memory stays full after a reset.'];
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  return found;
}

/** Answers what was said where the code of a refusal is one that may be; any other refusal is an error. */
async function ask(method, path, body, mayBe) {
  // A month may take longer than `fetch` waits for a head.
  const sent = request(url + path, { method, headers: { 'content-type': 'application/json' } });
  sent.end(JSON.stringify(body));
  const [response] = await once(sent, 'response');
  let text = '';
  for await (const chunk of response) if (text.length < 300) text += chunk;
  if (mayBe !== undefined && text.includes(mayBe)) return text;
  if (response.statusCode >= 400)
    throw new Error(`${method} ${path} was answered ${response.statusCode}: ${text.slice(0, 300)}`);
}

async function openSocket() {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/_simulator/events`);
  socket.on('error', () => {});
  await once(socket, 'open');
  return () => socket.terminate();
}

async function openStream() {
  const gone = new AbortController();
  const response = await fetch(`${url}/_simulator/events`, {
    headers: { accept: 'text/event-stream' },
    signal: gone.signal,
  });
  response.body.pipeTo(new WritableStream()).catch(() => {});
  return () => gone.abort();
}

/** How each sort of receiver answers. */
function answersOf() {
  const answer =
    (status, headers = {}, body = '') =>
    (_, response) =>
      response.writeHead(status, headers).end(body);
  return {
    ok: answer(200),
    'no-content': answer(204),
    'bad-request': answer(400),
    'not-found': answer(404),
    gone: answer(410),
    busy: answer(429, { 'retry-after': '60' }),
    broken: answer(500),
    away: answer(503),
    elsewhere: answer(302, { location: '/ok' }),
    large: answer(200, {}, 'x'.repeat(2_000_000)),
    reset: (request) => request.socket.destroy(),
    cut: (_, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('x');
      setTimeout(() => response.destroy(), 5);
    },
  };
}

async function startReceivers() {
  const answers = answersOf();
  let taken = 0;
  const server = createServer((request, response) => {
    taken += 1;
    request.resume();
    request.on('error', () => {});
    request.on('end', () => answers[request.url.slice(1)]?.(request, response));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: server.address().port,
    taken: () => taken,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
