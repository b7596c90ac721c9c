import { createExplainer } from '../../src/contracts/explain.ts';
import { loadContracts } from '../../src/contracts/load-contracts.ts';
import { showDocument } from '../../src/contracts/show-document.ts';
import { createValidation } from '../../src/contracts/validation.ts';
import { createCoverageCounter } from '../../src/coverage/counter.ts';
import { inputOf, TEXT } from '../../src/engine/action-input.ts';
import type { AttemptResult, Delivery } from '../../src/engine/delivery/delivery.ts';
import { webhookFollower } from '../../src/engine/delivery/webhooks.ts';
import { createRegistry } from '../../src/engine/registry.ts';
import { createMemoryStore } from '../../src/engine/state/store/memory-store.ts';
import type { StartingPoint } from '../../src/engine/state/tenant-snapshot.ts';
import { defineSystem } from '../../src/engine/system.ts';
import { createTenants } from '../../src/engine/tenants.ts';
import { createGenerator } from '../../src/engine/values/generator.ts';
import { SimulatorError } from '../../src/errors.ts';
import { LongText } from '../../src/lib/long-text.ts';
import type { Command, Outcome } from '../../src/model/command.ts';
import type { SimulatorEvent } from '../../src/model/event.ts';
import { createTraffic } from '../../src/operator/traffic.ts';
import { createControlCommands } from '../../src/surfaces/control/commands.ts';
import { createControl } from '../../src/surfaces/control/index.ts';
import { createMetrics } from '../../src/surfaces/control/metrics.ts';
import { createActivityStream, createEventStream } from '../../src/surfaces/sse/event-stream.ts';
import type { StreamingOutcome } from '../../src/surfaces/surface.ts';
import { answered } from '../support/attempts.ts';
import { operationInput } from '../support/inputs.ts';
import { plainRenderer } from '../support/plain-renderer.ts';

/** Loaded once a file, because it takes longer than most tests. */
const LOADED = loadContracts(['specs/connectx', 'specs/simulator']);

/** Wall time that only moves when told to. */
export function createFakeWallTime() {
  let now = 0;
  let timers: { at: number; callback: () => void }[] = [];
  return {
    afterWallTime(milliseconds: number, callback: () => void): () => void {
      const timer = { at: now + milliseconds, callback };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    pass(milliseconds: number): void {
      const end = now + milliseconds;
      for (;;) {
        const [next] = timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
        if (next === undefined) break;
        timers = timers.filter((other) => other !== next);
        now = next.at;
        next.callback();
      }
      now = end;
    },
    waiting: () => timers.length,
  };
}

/** The contracts of connectx and of the simulator, without a server, and a small system with an action and a timer. */
export async function createWorld({ events = 10_000 }: { events?: number } = {}) {
  const { contracts, documents, problems } = await LOADED;
  const validation = createValidation(contracts);
  const connectx = defineSystem({
    name: 'connectx',
    actions: {
      'send-later': (work, input) => {
        work.schedule({ key: `connectx/tick/${input.name}`, due: work.now + 60_000, kind: 'connectx/tick' });
        return { waits: input.name };
      },
      call: (work) => work.deliver({ kind: 'callback', url: 'http://simulator/inbox/a', body: { secret: 1 } }),
    },
    inputs: { 'send-later': inputOf({ name: TEXT }) },
    timers: { tick: (work) => void work.emit('customer/created', { customerId: 'CUS-1' }) },
  });
  const generator = async () => createGenerator(contracts, { validation });
  const traffic = createTraffic([]);
  const registry = createRegistry({
    contracts,
    systems: [connectx, createControlCommands({ generator, traffic, followPolicies: () => {} })],
    links: [],
    validation,
    reportBrokenEvent: () => {},
  });
  const sent: Delivery[] = [];
  const answers: AttemptResult[] = [];
  const start = (seed = 1): StartingPoint => ({
    seed,
    clock: { now: Date.UTC(2026, 0, 1), mode: 'manual', rate: 1 },
    store: createMemoryStore(),
  });
  const tenants = createTenants({
    limit: 10,
    reportEviction: () => {},
    parts: (name) => ({
      name,
      registry,
      start: start(),
      sample: () => ({ status: 200 }),
      renderer: plainRenderer,
      eventFollowers: [webhookFollower],
      startingPoint: async ({ seed }) => start(seed),
      transport: {
        async send(delivery) {
          sent.push(delivery);
          return answers.shift() ?? answered(200);
        },
      },
      capacity: { events, requests: 100, transcript: 100 },
      reportFailure: (message, error) => {
        throw new Error(message, { cause: error });
      },
    }),
  });
  const wallTime = createFakeWallTime();
  const control = createControl({
    metrics: createMetrics(() => tenants),
    coverage: createCoverageCounter(registry),
    toScenario: async () => '',
    toFixture: async () => '',
    version: '0.0.0',
    registry,
    generator,
    documents,
    patched: {},
    show: async ({ text, contract }) => showDocument({ text, contract }),
    explain: async (contract) => createExplainer(contracts)(contract),
    tenants,
    toStart: ({ seed, clock }) => {
      if (clock === 'yesterday') throw new SimulatorError('CONFIG_INVALID', 'Failed to read the clock.');
      return { seed, clock: start().clock };
    },
    streamEvents: createEventStream({ afterWallTime: wallTime.afterWallTime }),
    streamActivity: createActivityStream({ afterWallTime: wallTime.afterWallTime }),
    traffic,
    stories: async () => ({ list: async () => [], play: async () => {} }),
    mcp: { receiveMcp: () => ({ status: 202 }) },
  });
  const operations = contracts
    .filter(({ system }) => system === 'simulator')
    .flatMap((contract) => contract.operations);

  /** Asks as the HTTP surface does, and checks the answer against the contract. */
  const open = async (id: string, input: Partial<Command> = {}, tenant = 'default') => {
    const operation = operations.find((each) => each.id === id);
    const handle = control[id];
    if (operation === undefined) throw new Error(`There is no operation ${id}.`);
    if (handle !== undefined) {
      const command: Command = { path: {}, query: {}, rawQuery: '', headers: {}, ...input, operation };
      return handle({ tenant: tenants.get(tenant), command, base: 'http://127.0.0.1:4010', isAwaited: () => true });
    }
    const { operation: _, ...facts } = input;
    const { outcome, refusal } = await tenants.get(tenant).apply(operationInput(operation, facts));
    if (refusal !== undefined) throw refusal;
    return outcome ?? { status: 500 };
  };
  const ask = async (id: string, input: Partial<Command> = {}, tenant = 'default') => {
    const outcome = (await open(id, input, tenant)) as Outcome;
    const response = operations.find((each) => each.id === id)?.responses[outcome.status];
    if (response === undefined) throw new Error(`The contract has no ${outcome.status} for ${id}.`);
    const type = outcome.headers?.['content-type'] ?? 'application/json';
    const schema = response.content[type]?.schema;
    const body = outcome.body instanceof LongText ? outcome.body.pieces().join('') : (outcome.body as unknown);
    const violations = schema === undefined ? [] : validation.check(schema)(body);
    if (violations.length > 0) throw new Error(`${id}: ${JSON.stringify(violations)}`);
    return { status: outcome.status, body: body as never };
  };
  const stream = async (input: Partial<Command> = {}) => {
    const headers = { accept: 'text/event-stream', ...input.headers };
    return (await open('listEvents', { ...input, headers })) as StreamingOutcome;
  };
  return {
    contracts,
    problems,
    operations,
    control,
    registry,
    tenants,
    tenant: tenants.get('default'),
    sent,
    answers,
    wallTime,
    ask,
    stream,
  };
}

/** An event with nothing in it but a number. */
export function eventOf(number: number, channel = 'customer/created', size = 0): SimulatorEvent {
  return {
    id: `E-${number}`,
    channel,
    at: '2026-01-01T00:00:00.000Z',
    payload: { number, ...(size > 0 && { text: 'x'.repeat(size) }) },
  };
}
