import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { parseArgs } from 'node:util';
import { WebSocket } from 'ws';
import { startProgram } from './fuzz/program.mjs';

const HELP = `Lets a virtual year go by in the built program, again and again, with listeners that come and go and receivers of twelve sorts, and looks at
what it holds after each.

npm run soak -- [options]
  --years <number>   how many (6)
  --json             print JSON`;

const { values: options } = parseArgs({
  options: {
    years: { type: 'string', default: '6' },
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

const receivers = await startReceivers();
const program = await startProgram(['--max-record-bytes', String(4 * 2 ** 20), '--retry-schedule', 'PT1M,PT5M']);
const { url } = program;
const rows = [];
for (let year = 1; year <= Number(options.years); year += 1) {
  const began = performance.now();
  // The same year again: a world that grows takes more memory by right.
  await begin();
  const listeners = await Promise.all(
    Array.from({ length: LISTENERS }, (_, index) => (index % 2 === 0 ? openSocket() : openStream())),
  );
  for (let month = 0; month < 12; month += 1) {
    await ask('POST', '/_simulator/clock/advance', { by: 'P30D' });
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
    seconds: Math.round((performance.now() - began) / 1_000),
  };
  rows.push(row);
  if (!options.json)
    console.log(
      `year ${year}: ${row.heap} MiB, ${row.descriptors} descriptors, ${row.seconds} s, ${receivers.taken()} deliveries so far`,
    );
}
await program.stop();
receivers.close();
const first = rows[FILLING];
const last = rows.at(-1);
const complaints = [
  ...(receivers.taken() > 0 ? [] : ['No receiver has been asked.']),
  ...(program.exit()?.code === 0 ? [] : [`The program ended with ${program.exit()?.code ?? program.exit()?.signal}.`]),
  ...(first !== undefined && last.heap > first.heap * MORE_HEAP
    ? [`Memory rises: ${first.heap} MiB after year ${first.year}, ${last.heap} MiB after the last.`]
    : []),
  ...(first !== undefined && last.descriptors > first.descriptors + MORE_DESCRIPTORS ? ['Descriptors rise.'] : []),
];
if (options.json) console.log(JSON.stringify({ rows, complaints }, null, 2));
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

async function ask(method, path, body) {
  // A month may take longer than `fetch` waits for a head.
  const sent = request(url + path, { method, headers: { 'content-type': 'application/json' } });
  sent.end(JSON.stringify(body));
  const [response] = await once(sent, 'response');
  let text = '';
  for await (const chunk of response) if (text.length < 300) text += chunk;
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
