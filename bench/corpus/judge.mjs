import { statSync } from 'node:fs';
import { Answers } from './answers.mjs';
import { judgeChannels } from './channels.mjs';
import { Description } from './description.mjs';
import { Known } from './known.mjs';
import { live } from './life.mjs';
import { Requests } from './requests.mjs';
import { depthOf, visibleResources } from './resources.mjs';
import { Server, SLOWEST_ANSWER, simulator } from './server.mjs';

/**
 * Tries one document on the built program, with the switches that it needs, and writes what came of it as one line of
 * JSON. A process of its own for each document, so that neither a large nor a broken one takes the others along.
 */
const [program, file, ...switches] = process.argv.slice(2);
const findings = [];
const result = { bytes: statSync(file).size, findings };
let server;
try {
  server = await Server.start(simulator(program, file, switches));
  await judge();
} catch (error) {
  result.judgeFailed = String(error.stack ?? error).slice(0, 500);
} finally {
  await server?.stop();
  process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0));
}

async function judge() {
  result.loads = server.isUp;
  result.startedIn = server.startedIn;
  result.memory = server.memory;
  if (!server.isUp) {
    result.refusal = server.output.trim().slice(0, 2_000);
    find('refused', '', firstProblem(server.output) || `exit ${server.exit}`);
  }
  const description = new Description(file);
  result.version = description.version;
  if (!server.isUp) {
    const resources = visibleResources(description.operations());
    result.operations = description.operations().length;
    result.resources = { seen: resources.length, inferred: 0, partly: 0, living: 0 };
    return;
  }
  if (description.kind === 'asyncapi') result.channels = await judgeChannels(description, server, find);
  else await judgeOperations(description);
  result.peak = server.memory;
  if (!server.isUp) find('crash', '', `exit ${server.exit}: ${server.output.trim().slice(-300)}`);
}

async function judgeOperations(description) {
  const operations = description.operations();
  const requests = new Requests(description);
  const feasible = new Map();
  const judgeSide = new Requests(description);
  const answers = new Answers(description, (schema, from) => {
    if (!feasible.has(schema)) feasible.set(schema, judgeSide.valueOf(schema, from) !== undefined);
    return feasible.get(schema);
  });
  const known = new Known();
  const counts = { calls: 0, refused: 0, serverErrors: 0, hangs: 0, breaks: 0 };
  const answered = new Set();
  const missing = new Set();
  let isStuck = false;
  const caller = {
    async call(operation, made) {
      counts.calls += 1;
      const before = performance.now() - server.waited;
      let answer = await attempt(operation, made);
      const took = performance.now() - server.waited - before;
      result.firstAnswer ??= Math.round(took);
      if (took > SLOWEST_ANSWER) {
        const again = performance.now() - server.waited;
        if (answer.status !== 0 && operation.method === 'GET') answer = await attempt(operation, made);
        if (answer.status === 0 || performance.now() - server.waited - again > SLOWEST_ANSWER)
          answer = { status: 0, headers: {}, text: '' };
      }
      answer.body = bodyOf(answer);
      note(operation, made, answer);
      return answer;
    },
    hasRoomFor: (operation, path) => answers.hasRoomFor(operation, path),
  };

  async function attempt(operation, made) {
    if (isStuck) return { status: 0, headers: {}, text: '' };
    try {
      const answer = await server.call(made);
      if (answer.status === 0) isStuck = !(await server.isAnswering());
      return answer;
    } catch (error) {
      find('no answer', operation, String(error.code ?? error.message));
      return { status: 0, headers: {}, text: '' };
    }
  }

  function note(operation, made, answer) {
    const { status } = answer;
    if (status === 0) {
      counts.hangs += 1;
      return find(
        'hang',
        operation,
        isStuck ? 'the program no longer answers' : `no answer within ${SLOWEST_ANSWER / 1_000} s`,
      );
    }
    if (status >= 500 && canSucceed(operation)) {
      counts.serverErrors += 1;
      return find('5xx', operation, `${status} ${reasonIn(server.output)}`, made);
    }
    if (status < 400) answered.add(operation);
    else if ([404, 410].includes(status) && operation.path.includes('{')) missing.add(operation);
    else if (canSucceed(operation)) {
      counts.refused += 1;
      find('valid request refused', operation, `${status} ${summary(answer)}`, made);
    }
    const flaw = answers.flawOf(operation, answer);
    if (flaw === undefined) return undefined;
    counts.breaks += 1;
    return find('answer breaks the contract', operation, `${status}: ${flaw}`, made);
  }

  const resources = visibleResources(operations);
  const { inferred, reasons } = await inferredOf(operations);
  const tally = { seen: resources.length, inferred: 0, partly: 0, living: 0 };
  for (const resource of resources) {
    const roles = Object.values(resource.operations).filter((each) => each !== undefined);
    const by = roles.filter((each) => inferred.has(each));
    if (by.length === roles.length) tally.inferred += 1;
    else if (by.length > 0) tally.partly += 1;
    if (by.length < roles.length) {
      const left = roles.filter((each) => !inferred.has(each));
      const why = left.map((each) => `${each.method}: ${reasons.get(each) ?? 'not told'}`);
      find(by.length === 0 ? 'not inferred' : 'inferred in part', roles[0], `${resource.path} (${why.join('; ')})`);
    }
    if (!server.isUp || isStuck) break;
    const failure = await live(resource, { caller, requests, known });
    if (failure === undefined) tally.living += 1;
    else find('not living', roles[0], failure, { path: resource.path });
  }
  result.resources = tally;

  const order = ['POST', 'GET', 'PUT', 'PATCH', 'HEAD', 'OPTIONS', 'QUERY', 'TRACE', 'DELETE'];
  const sorted = [...operations].sort(
    (one, other) => order.indexOf(one.method) - order.indexOf(other.method) || depthOf(one.path) - depthOf(other.path),
  );
  let unmade = 0;
  for (const operation of sorted) {
    if (!server.isUp || isStuck) break;
    for (const withOptions of [false, true]) {
      if (
        withOptions &&
        !operation.parameters.some(({ in: where, required }) => where === 'query' && required !== true)
      )
        continue;
      const values = known.valuesFor(operation.base + operation.path);
      const made = requests.make(operation, { values, withOptions });
      if (made === undefined) {
        if (!withOptions) {
          unmade += 1;
          find('no valid request can be made', operation, operation.path);
        }
        continue;
      }
      await caller.call(operation, made);
    }
  }
  Object.assign(result, { operations: operations.length, unmade, answered: answered.size, ...counts });
  const onlyMissing = [...missing].filter((operation) => !answered.has(operation));
  for (const operation of onlyMissing) find('answered by 404 alone', operation, operation.id ?? operation.path);
  result.onlyMissing = onlyMissing.length;
}

/** The operations that the program says it answers from state, and why it does not do so with others: by its own account. */
async function inferredOf(operations) {
  const stateful = new Set();
  const clues = new Map();
  for await (const { operation, by, clue } of explanations()) {
    if (by === 'state') stateful.add(operation);
    else clues.set(operation, clue);
  }
  const isIn = (known, { id, method, path }) => (known.has(id) ? id : `${method} ${path}`);
  return {
    inferred: new Set(operations.filter((each) => stateful.has(isIn(stateful, each)))),
    reasons: new Map(operations.map((each) => [each, clues.get(isIn(clues, each))])),
  };
}

/** What the control API tells of each operation, the same as `check --explain`. */
async function* explanations() {
  for await (const { system, name } of itemsOf('/_simulator/contracts')) {
    yield* itemsOf(`/_simulator/contracts/${encodeURIComponent(system)}/${encodeURIComponent(name)}/operations`);
  }
}

/** The items of a list of the control API, page by page. */
async function* itemsOf(path) {
  let after = '';
  do {
    const { status, text } = await server.call({ method: 'GET', path: `${path}?limit=1000${after}` });
    if (status !== 200) return find('check failed', '', `${status} ${text.slice(0, 200)}`);
    const { items, next } = JSON.parse(text);
    yield* items;
    after = next === undefined ? '' : `&after=${encodeURIComponent(next)}`;
  } while (after !== '');
}

function find(kind, operation, detail, made) {
  if (findings.length >= 3_000) return;
  const where = typeof operation === 'string' ? operation : `${operation.method} ${operation.path}`;
  const body = typeof made?.body === 'string' ? made.body.slice(0, 300) : undefined;
  findings.push({
    kind,
    where,
    detail: String(detail).slice(0, 300),
    ...(made === undefined ? {} : { path: made.path, body }),
  });
}

function bodyOf({ headers, text }) {
  if (!/json/.test(headers['content-type'] ?? '')) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function summary({ text, body }) {
  const first = body?.errors?.[0];
  return first === undefined ? text.slice(0, 200) : JSON.stringify(first).slice(0, 200);
}

/** Where a contract knows errors only, an error is the right answer. */
function canSucceed({ responses }) {
  return Object.keys(responses).length === 0 || Object.keys(responses).some((status) => !/^[45]/.test(status));
}

/** What the program logged last: an answer of 500 keeps its reason to itself. */
function reasonIn(output) {
  const line = output.trim().split('\n').at(-1) ?? '';
  try {
    const { err, error, msg } = JSON.parse(line);
    return (err?.stack ?? err?.message ?? error?.stack ?? error ?? msg).split('\n').slice(0, 2).join(' ').slice(0, 280);
  } catch {
    return line.slice(0, 280);
  }
}

/** The first line of an output that names a problem. */
function firstProblem(output) {
  return output
    .split('\n')
    .find((line) => /Failed|error|Error|:\d+:\d+/.test(line))
    ?.trim();
}
