import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseClock, resolveSettings, type Settings, type SimulatorOptions } from './config.ts';
import { createSampler } from './contracts/formats/openapi/prism.ts';
import { invalidContracts } from './contracts/invalid-contracts.ts';
import { type LoadedContracts, loadContracts } from './contracts/load-contracts.ts';
import { nearestWord } from './contracts/nearest-word.ts';
import { createValidation } from './contracts/validation.ts';
import type { Generator } from './engine/generator.ts';
import type { Delivery } from './engine/outbox.ts';
import { createChance } from './engine/random.ts';
import { createRegistry, type Registry } from './engine/registry.ts';
import { createStartingPoints } from './engine/starting-points.ts';
import type { SampleHandler, StartingWorld, SystemDefinition } from './engine/system.ts';
import type { StartingPoint } from './engine/tenant.ts';
import { createTenants, type Tenants } from './engine/tenants.ts';
import { registerWebhook, unknownChannels } from './engine/webhooks.ts';
import type { Work } from './engine/work.ts';
import { SimulatorError } from './errors.ts';
import { IS_BUILT, PACKAGE_FOLDER, PROGRAM_FOLDER, packageVersion } from './lib/package-folder.ts';
import { formatInstant } from './lib/time.ts';
import { Refusal } from './model/command.ts';
import type { Contract } from './model/contract.ts';
import type { Happening } from './model/happening.ts';
import type { Operation } from './model/operation.ts';
import type { Validation } from './model/schema.ts';
import { type Cast, createCast } from './operator/cast.ts';
import type { Fixture } from './operator/fixture.ts';
import { readWorld, type WorldEntries, type WorldOrigin, writeWorld } from './operator/kept-world.ts';
import { links } from './operator/links/index.ts';
import { recordWorld, toFixture } from './operator/record-world.ts';
import { readTraffic, startTraffic, stopTraffic, trafficTimers } from './operator/traffic.ts';
import { createControl } from './surfaces/control/index.ts';
import { createMetrics } from './surfaces/control/metrics.ts';
import { createAuthenticator, isLoopback } from './surfaces/http/auth/authenticate.ts';
import { createTokenEndpoints } from './surfaces/http/auth/token-endpoints.ts';
import { createTokens } from './surfaces/http/auth/tokens.ts';
import { createDispatch } from './surfaces/http/dispatch.ts';
import { createHttpServer } from './surfaces/http/http-server.ts';
import { parsePrefer } from './surfaces/http/prefer.ts';
import { createSite } from './surfaces/http/site.ts';
import { createTenantLocator } from './surfaces/http/tenant-locator.ts';
import { createLogger, type Logger } from './surfaces/log.ts';
import { createQueueSurface } from './surfaces/queues/queue-surface.ts';
import { createEventStream } from './surfaces/sse/event-stream.ts';
import { afterListening, afterWallTime, secretToken, wallNow } from './surfaces/wall-time.ts';
import { createAllowList } from './surfaces/webhooks/allow-list.ts';
import { createHttpTransport } from './surfaces/webhooks/http-transport.ts';
import { attachWebSockets } from './surfaces/ws/web-socket-surface.ts';
import { apsSubscriptions } from './systems/aps-subscriptions/index.ts';
import { seedApsSubscriptions } from './systems/aps-subscriptions/seed.ts';
import { billingAccount } from './systems/billing-account/index.ts';
import { seedBillingAccounts } from './systems/billing-account/seed.ts';
import { connectx } from './systems/connectx/index.ts';
import { seedConnectx } from './systems/connectx/seed.ts';
import { macd } from './systems/macd/index.ts';
import { seedMacd } from './systems/macd/seed.ts';

/** A simulator of its own; two of them in one process never meet. */
export interface Simulator {
  /** Where it listens, for example `http://127.0.0.1:4010`; empty until it has been started. */
  readonly url: string;
  /** What is served; nothing until it has been started. */
  readonly contracts: readonly Contract[];
  /** Every move of the life cycles that there are, as `<system>/<Resource> <from> -> <to>`, and whether it was made. */
  readonly moves: ReadonlyMap<string, boolean>;
  /** Loads the contracts and listens; throws a `SimulatorError` that says what is wrong, where, and what to do. */
  start(): Promise<void>;
  /** Ends what is under way and closes every connection. */
  stop(): Promise<void>;
}

/** A system with what it starts from; in the order in which they seed themselves. */
const SHIPPED: readonly {
  readonly system: SystemDefinition;
  readonly seed: (work: Work, cast: Cast) => void;
}[] = [
  { system: connectx, seed: seedConnectx },
  { system: billingAccount, seed: seedBillingAccounts },
  { system: apsSubscriptions, seed: seedApsSubscriptions },
  { system: macd, seed: seedMacd },
];

/** The system whose contract describes the simulator itself; it is always served. */
const CONTROL = 'simulator';

const SPECS = join(PACKAGE_FOLDER, 'specs');

/** Wall time in milliseconds that a receiver of a callback has to answer. */
const RECEIVER_TIMEOUT = 5_000;

/** What a tenant keeps of each record, newest first to be kept. */
const CAPACITY = { events: 10_000, requests: 10_000, transcript: 10_000 };

/** Contracts that are served, but of which not everything was checked. */
export interface LateCheck {
  readonly paths: readonly string[];
  /** Where they are kept once they are known to be good. */
  readonly cacheDir?: string;
}

/** What somebody who watches a simulator at work is told by. */
export interface SimulatorHooks {
  /** Called with each request, event and delivery as it happens; whatever it does holds the simulator up. */
  readonly observe?: (happening: Happening) => void;
  /**
   * Called once it listens, where contracts are new: with this, a start does not wait for second opinions on them, and
   * whoever gives it has to check them. Without it, nothing is served before everything is checked.
   */
  readonly checkLate?: (check: LateCheck) => void;
}

/**
 * Makes a simulator; it does nothing until it is started.
 *
 * @example
 * const simulator = createSimulator({ port: 0, seed: 7 });
 * await simulator.start();
 * await fetch(`${simulator.url}/_simulator/health`);
 * await simulator.stop();
 */
export function createSimulator(options: SimulatorOptions = {}, hooks: SimulatorHooks = {}): Simulator {
  const settings = resolveSettings(options, { now: wallNow(), cache: shippedCache() });
  const log = createLogger(settings.logLevel);
  let running: Running | undefined;
  return {
    get url() {
      return running?.url ?? '';
    },
    get contracts() {
      return running?.contracts ?? [];
    },
    get moves() {
      return running?.moves ?? new Map();
    },
    async start() {
      running ??= await run(settings, log, hooks);
    },
    async stop() {
      await running?.stop();
      running = undefined;
    },
  };
}

/** Whether a shipped system answers an operation by code; for the command that tells how each will be answered. */
export function hasCode(operation: Operation): boolean {
  const system = SHIPPED.find(({ system: { name } }) => name === operation.system)?.system;
  return operation.system === CONTROL || Object.hasOwn(system?.operations ?? {}, operation.id);
}

interface Running extends Pick<Simulator, 'contracts' | 'moves'> {
  readonly url: string;
  stop(): Promise<void>;
}

async function run(settings: Settings, log: Logger, hooks: SimulatorHooks): Promise<Running> {
  const metrics = createMetrics(() => tenants);
  const observe = (happening: Happening): void => {
    metrics.observe(happening);
    hooks.observe?.(happening);
  };
  const loaded = await load(settings, { isQuick: hooks.checkLate !== undefined });
  const validation = createValidation(loaded.contracts);
  const served = SHIPPED.filter(({ system }) => loaded.contracts.some((contract) => contract.system === system.name));
  const generator = generatorWhenAsked(loaded.contracts, validation);
  const registry = createServedRegistry(
    settings,
    loaded,
    validation,
    served.map(({ system }) => system),
    log,
    areAllShipped(loaded) ? undefined : await generator(),
  );
  const points = createStartingPoints(registry, settings.policies);
  mustKnowChannels(settings, registry);
  const startAt = async ({ seed, clock, fixture }: Pick<Settings, 'seed' | 'clock' | 'fixture'>) => {
    const { cache } = settings;
    // Read only when it is put in: a point that has been built is kept, and other fixtures have no use for it.
    const synthetic: StartingWorld = async (work) => {
      const origin = originOf({ ...settings, seed, clock }, loaded);
      const kept = cache === undefined ? undefined : await readWorld(cache, origin);
      await (kept ?? syntheticWorld(served))(work);
    };
    const { name, fill } = await chooseWorld(fixture, synthetic, registry, validation);
    return points.of({ seed, clock, world: { name, fill: withWebhooks(fill, settings) } });
  };
  const start = await startAt(settings);

  let url = '';
  const moves = movesOf(served.map(({ system }) => system));
  const sample = createSampleHandler(generator);
  const reportFailure = (message: string, error: unknown) => log.error({ err: error }, message);
  const isLocal = isLoopback(settings.host);
  const adminToken = settings.adminToken ?? (isLocal ? undefined : secretToken());
  const transport = createHttpTransport({
    baseOf: (tenant) => `${url}/@${tenant}`,
    allowList: isLocal ? undefined : createAllowList(settings.allowCallbacks),
    timeout: RECEIVER_TIMEOUT,
    webhookTime: settings.webhookTime,
    inboxToken: adminToken,
    wallNow,
    afterWallTime: afterListening,
  });
  const queues =
    settings.queue.length === 0
      ? undefined
      : createQueueSurface({
          urls: settings.queue,
          channels: loaded.contracts.flatMap(({ channels }) => channels),
          log,
          receive: ({ tenant, channel, body }) => receiveMessage(tenants, tenant, channel, body),
        });
  const tenants: Tenants = createTenants({
    limit: settings.maxTenants,
    ...(queues !== undefined && { created: ({ name, feed }) => queues.follow({ name, log: feed }) }),
    parts: (name) => ({
      name,
      registry,
      policies: settings.policies,
      start,
      sample,
      transport,
      retrySchedule: settings.retrySchedule,
      capacity: CAPACITY,
      observeMove: (move) => moves.set(move, true),
      observe,
      reportFailure,
    }),
    reportEviction: (name) =>
      log.warn({ tenant: name }, 'a tenant was forgotten: it was unused for longest and --max-tenants is reached'),
  });
  const tokens = createTokens(settings.seed);
  const locator = createTenantLocator({ tenants, tokens, contracts: loaded.contracts });
  const authenticator = createAuthenticator({
    contracts: loaded.contracts,
    tokens,
    mode: settings.auth,
    host: settings.host,
    adminToken,
  });
  const control = createControl({
    version: packageVersion(),
    registry,
    documents: loaded.documents,
    tenants,
    startingPoint: ({ seed, clock, fixture = settings.fixture }): Promise<StartingPoint> =>
      startAt({ seed, clock: clock === undefined ? settings.clock : parseClock(clock, wallNow()), fixture }),
    generator,
    nearest: nearestWord,
    streamEvents: createEventStream({ afterWallTime }),
    async toScenario(transcript, { specs }) {
      const { recordArazzo } = await import('./scenarios/record-arazzo.ts');
      return recordArazzo(transcript, { contracts: loaded.contracts, specs });
    },
    metrics,
    traffic: { start: startTraffic, stop: stopTraffic, read: readTraffic },
  });
  const handle = createDispatch({
    settings,
    registry,
    validation,
    control,
    directRoutes: createTokenEndpoints({ contracts: loaded.contracts, tokens }),
    locator,
    authenticator,
    sample,
    fallback: createSite({ contracts: loaded.contracts, version: packageVersion(), reportFailure }),
    ownUrl: () => url,
    log,
    observe,
  });
  const http = createHttpServer({ host: settings.host, port: settings.port, handle });
  const sockets = attachWebSockets({
    server: http.server,
    registry,
    locator,
    authenticator,
    afterWallTime,
    reportFailure,
  });
  await queues?.start();
  ({ url } = await http.start());
  if (!loaded.isThorough) hooks.checkLate?.({ paths: pathsOf(settings), cacheDir: settings.cache });
  if (settings.adminToken === undefined && adminToken !== undefined) {
    // Whatever the level: nobody could use the control API without it.
    createLogger('warn').warn({}, `the control API wants this bearer token, made for this run: ${adminToken}`);
  }
  return {
    url,
    contracts: loaded.contracts,
    moves,
    async stop() {
      // Attempts under way end first, while their receivers can still call back; after that nobody asks any more.
      await tenants.close();
      await Promise.all([sockets.close(), http.stop()]);
      for (const { tenant, pending } of await tenants.close()) tellPending(log, tenant, pending);
      transport.close();
      await queues?.close();
    },
  };
}

/** What the contracts have no channel for would never be sent, and nobody would know why. */
function mustKnowChannels({ webhooks }: Settings, registry: Registry): void {
  const unknown = webhooks.flatMap(({ channels }) => unknownChannels(registry, channels));
  if (unknown.length === 0) return;
  throw new SimulatorError(
    'CONFIG_INVALID',
    `Failed to register the configured webhooks: no contract has a channel like ${unknown.join(', ')}. Known are: ${registry.channels.map(({ channel }) => channel.address).join(', ') || 'none'}.`,
  );
}

/** A starting world with the configured webhooks in it, so that a reset brings them back. */
function withWebhooks(fill: StartingWorld, { webhooks }: Settings): StartingWorld {
  return async (work) => {
    await fill(work);
    for (const webhook of webhooks) await registerWebhook(work, webhook);
  };
}

function tellPending(log: Logger, tenant: string, pending: readonly Delivery[]): void {
  if (pending.length === 0) return;
  const deliveries = pending.slice(0, 10).map(({ id }) => id);
  log.warn({ tenant, pending: pending.length, deliveries }, 'stopped with deliveries that stay pending');
}

/** What somebody else publishes on a channel that a contract listens on becomes an event of that tenant. */
async function receiveMessage(tenants: Tenants, tenant: string, channel: string, body: Buffer): Promise<void> {
  const payload = JSON.parse(body.toString('utf8')) as Readonly<Record<string, unknown>>;
  tenants.get(tenant).perform((work) => work.emit(channel, payload));
}

/** A starting world as a file holds it. */
export type GeneratedWorld = Pick<Fixture, 'base' | 'records'> & { readonly made: NonNullable<Fixture['made']> };

/**
 * Makes the starting world of a simulator with these options and so many customers, to be loaded as a fixture; checked
 * as one. `progress` is told how much of it is done, up to 1.
 *
 * @example await writeFile('world.json', JSON.stringify(await generateWorld({ seed: 7 }, 10_000)));
 */
export async function generateWorld(
  options: SimulatorOptions,
  customers: number,
  progress: (done: number) => void = () => {},
): Promise<GeneratedWorld> {
  const settings = resolveSettings(options, { now: wallNow(), cache: shippedCache() });
  const { entries, registry, validation } = await makeWorld(settings, customers, progress);
  const { base, records } = toFixture(entries);
  const world = { base, made: { seed: settings.seed, clock: formatInstant(settings.clock.now) }, records };
  const { parseFixture } = await import('./operator/fixture.ts');
  parseFixture(JSON.stringify(world), 'the generated world', registry, validation);
  return world;
}

/**
 * Makes the starting world of a simulator with these options and keeps it in their cache, where a start finds it.
 *
 * @example await keepWorld({ cache: 'dist/contract-cache' });
 */
export async function keepWorld(options: SimulatorOptions & { readonly cache: string }): Promise<void> {
  const settings = resolveSettings(options, { now: wallNow() });
  const { entries, loaded } = await makeWorld(settings);
  await writeWorld(options.cache, originOf(settings, loaded), entries);
}

async function makeWorld(settings: Settings, customers?: number, progress: (done: number) => void = () => {}) {
  const loaded = await load(settings);
  const validation = createValidation(loaded.contracts);
  const served = SHIPPED.filter(({ system }) => loaded.contracts.some((contract) => contract.system === system.name));
  const systems = served.map(({ system }) => system);
  const registry = createServedRegistry(settings, loaded, validation, systems, createLogger('silent'));
  const entries: WorldEntries = await recordWorld({
    registry,
    policies: settings.policies,
    chance: createChance(settings.seed),
    now: settings.clock.now,
    fill: syntheticWorld(served, customers, (part) => progress(part * 0.9)),
  });
  return { loaded, validation, registry, entries };
}

function originOf({ seed, clock, policies, disableLinks }: Settings, { key }: LoadedContracts): WorldOrigin {
  return { version: packageVersion(), contracts: key, seed, now: clock.now, policies, disableLinks };
}

/** The operator's customers, as each system seeds itself from them. */
function syntheticWorld(
  served: typeof SHIPPED,
  customers?: number,
  progress: (part: number) => void = () => {},
): StartingWorld {
  return async (work) => {
    const cast = createCast((...purpose) => work.random(...purpose), customers);
    for (const [index, { seed }] of served.entries()) {
      await seed(work, cast);
      progress((index + 1) / served.length);
    }
  };
}

/** The moves of all life cycles, none of them made yet. */
function movesOf(systems: readonly SystemDefinition[]): Map<string, boolean> {
  const all = systems.flatMap(({ name, resources = {} }) =>
    Object.entries(resources).flatMap(([resource, { lifecycle }]) =>
      (lifecycle?.moves ?? []).map(({ from, to }) => `${name}/${resource} ${from} -> ${to}`),
    ),
  );
  return new Map(all.map((move) => [move, false]));
}

async function load(settings: Settings, { isQuick = false } = {}): Promise<LoadedContracts> {
  const loaded = await loadContracts(pathsOf(settings), { cacheDir: settings.cache, isQuick });
  if (loaded.problems.length === 0) return loaded;
  throw invalidContracts(loaded.problems);
}

function pathsOf(settings: Settings): readonly string[] {
  return [...shippedPaths(settings), ...(settings.specs ?? [])];
}

/** The control contract always; the systems' own where nothing replaces them, or as `systems` chooses. */
function shippedPaths({ specs, systems }: Settings): string[] {
  const known = readdirSync(SPECS, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== CONTROL)
    .map(({ name }) => name);
  const unknown = (systems ?? []).filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new SimulatorError(
      'SYSTEM_UNKNOWN',
      `Failed to serve ${unknown.map((name) => `"${name}"`).join(', ')}: no such system is shipped. Shipped are: ${known.join(', ')}; serve others with --specs.`,
    );
  }
  const chosen = systems ?? (specs === undefined ? known : []);
  return [CONTROL, ...chosen].map((name) => join(SPECS, name));
}

function createServedRegistry(
  { strict, disableLinks }: Settings,
  { contracts }: LoadedContracts,
  validation: Validation,
  systems: readonly SystemDefinition[],
  log: Logger,
  generator?: Generator,
): Registry {
  const unknown = disableLinks.filter((name) => name !== 'all' && links.every((link) => link.name !== name));
  if (unknown.length > 0) {
    throw new SimulatorError(
      'CONFIG_INVALID',
      `Failed to switch off the links ${unknown.join(', ')}: there are none of these names. Known are: ${links.map(({ name }) => name).join(', ')}, or all.`,
    );
  }
  return createRegistry({
    contracts,
    systems,
    timers: trafficTimers,
    links: links.filter(({ name }) => !disableLinks.includes('all') && !disableLinks.includes(name)),
    validation,
    ...(generator !== undefined && { generate: (schema, random, now) => generator.generate(schema, random, { now }) }),
    reportBrokenEvent(channel, violations) {
      if (strict) {
        const why = violations.map(({ path, message }) => `${path} ${message}`).join('; ');
        throw new Refusal(
          500,
          'EVENT_INVALID',
          `Failed to publish on ${channel}: the message breaks its contract: ${why}. Report this, or run without --strict.`,
        );
      }
      log.warn({ channel, violations }, 'an event breaks its contract');
    },
  });
}

/** The starting world of this name or file. */
async function chooseWorld(
  fixture: Settings['fixture'] = 'default',
  synthetic: StartingWorld,
  registry: Registry,
  validation: Validation,
) {
  if (typeof fixture === 'function') return { name: 'in process', fill: fixture };
  if (fixture === 'default') return { name: fixture, fill: synthetic };
  if (fixture === 'empty') return { name: fixture, fill: async () => {} };
  const shipped = ['.yaml', '.json']
    .map((ending) => join(PACKAGE_FOLDER, 'fixtures', `${fixture}${ending}`))
    .find(existsSync);
  const file = shipped ?? fixture;
  if (!existsSync(file)) {
    throw new SimulatorError(
      'FIXTURE_INVALID',
      `Failed to find the fixture "${fixture}": it is no shipped one and no file. Use default, empty, or the path of a file.`,
    );
  }
  // With its YAML parser, only where there is something to parse.
  const { fixtureWorld, parseFixture } = await import('./operator/fixture.ts');
  const parsed = parseFixture(readFileSync(file, 'utf8'), file, registry, validation);
  return { name: file, fill: fixtureWorld(parsed, synthetic, registry) };
}

/** Whether code says what the contracts alone do not: then nothing of a resource has to be made up. */
function areAllShipped({ contracts }: LoadedContracts): boolean {
  return contracts.every(({ system }) => system === CONTROL || SHIPPED.some(({ system: { name } }) => name === system));
}

/** The generator of values, which a start has no use for. */
function generatorWhenAsked(contracts: readonly Contract[], validation: Validation): () => Promise<Generator> {
  let made: Promise<Generator> | undefined;
  return () => {
    made ??= import('./engine/generator.ts').then(({ createGenerator }) => createGenerator(contracts, { validation }));
    return made;
  };
}

/** Answers what has neither state nor code with a sample from its contract. */
function createSampleHandler(whenAsked: () => Promise<Generator>): SampleHandler {
  return async (work, command) => {
    work.registry.requireAncestors(work, command);
    const generator = await whenAsked();
    const random = work.random('sample', command.operation.id);
    const sampler = createSampler({ generate: (schema) => generator.generate(schema, random, { now: work.nowText }) });
    const { prefer, accept } = command.headers;
    return sampler.sample(command.operation, { prefer: parsePrefer(prefer), accept }, random);
  };
}

/** Beside the compiled program, where the build has put the shipped contracts; none when run from the sources. */
function shippedCache(): string | undefined {
  const folder = join(PROGRAM_FOLDER, 'contract-cache');
  return IS_BUILT && existsSync(folder) ? folder : undefined;
}
