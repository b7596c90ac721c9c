import { parseClock, type Settings, type SimulatorOptions } from './config.ts';
import { createSamplers } from './contracts/formats/openapi/prism.ts';
import { createCoverageCounter } from './coverage/counter.ts';
import { webhookFollower } from './engine/delivery/webhooks.ts';
import { createTenants, DEFAULT_TENANT, type Tenants } from './engine/tenants.ts';
import { Turns } from './engine/time/turns.ts';
import { openDefault, openKeptTenants, reportEviction } from './kept-tenants.ts';
import type { Simulator } from './kit/simulator.ts';
import { leaveBehind, takeOver } from './legacy.ts';
import { isLoopback } from './lib/loopback.ts';
import { createListener } from './listener.ts';
import { nameableFixture } from './operator/shipped-fixtures.ts';
import { createStartingWorlds } from './operator/starting-world.ts';
import type { Replica } from './replicas.ts';
import { chooseSecrets, deliverySecrets } from './secrets.ts';
import { loadServed } from './served.ts';
import { type RunningSimulator, simulatorOf } from './simulator-handle.ts';
import type { SimulatorHooks } from './simulator-hooks.ts';
import { reportContractProblems } from './surfaces/contract-problems.ts';
import { createMetrics } from './surfaces/control/metrics.ts';
import { createTokenEndpoints } from './surfaces/http/auth/token-endpoints.ts';
import { createTokens } from './surfaces/http/auth/tokens.ts';
import { createRouteTable } from './surfaces/http/collect-routes.ts';
import { createHttpRenderer } from './surfaces/http/renderer.ts';
import { createSampleHandler } from './surfaces/http/sample-handler.ts';
import { readAuthorities } from './surfaces/http/tls.ts';
import type { Logger } from './surfaces/log.ts';
import { createMemoryWatch } from './surfaces/memory-watch.ts';
import { afterListening, afterWallTime, beginStopping, wallNow } from './surfaces/wall-time.ts';
import { createAllowList } from './surfaces/webhooks/allow-list.ts';
import { createHttpTransport } from './surfaces/webhooks/http-transport.ts';
import { createLanes } from './surfaces/webhooks/lanes.ts';
import { tenantBounds } from './tenant-bounds.ts';

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
  return simulatorOf(options, hooks, async () => runSimulator);
}

/** Wall time in milliseconds that a receiver of a callback has to answer. */
const RECEIVER_TIMEOUT = 5_000;

/** Runs a simulator, and answers once it listens. */
export async function runSimulator(settings: Settings, log: Logger, hooks: SimulatorHooks): Promise<RunningSimulator> {
  const { observe } = hooks;
  const served = await loadServed(settings, { log, isCheckedLater: hooks.checkLate !== undefined });
  const { contracts, validation, systems, registry, generator } = served;
  const kept = settings.cache === undefined ? undefined : { folder: settings.cache, contracts: served.loaded.key };
  const startAt = createStartingWorlds({ ...settings, registry, validation, systems, kept });
  const start = await startAt(settings);
  const coverage = createCoverageCounter(registry, settings.coverage);
  const metrics = createMetrics(() => tenants);
  const reportFailure = (message: string, error: unknown) => log.error({ err: error }, message);
  const sample = createSampleHandler({
    schemas: registry.schemas,
    validation,
    generator,
    createSampler: createSamplers(),
  });
  const isLocal = isLoopback(settings.host);
  const store = await openKeptTenants(settings, served, metrics, log, () => replica?.url());
  const { tell, ...secrets } = await chooseSecrets(settings, hooks.legacy, store?.log);
  const tokens = createTokens(secrets.tokenSecret);
  const directRoutes = createTokenEndpoints({ contracts, tokens });
  const { routes, plans, link } = createRouteTable({ registry, validation, settings, directRoutes });
  const ownUrl = () => listener.url;
  const renderer = createHttpRenderer({ plans, contracts, ownUrl, isStrict: settings.strict, log });
  const shared = { settings, tenants: () => tenants, listened: ownUrl, metrics, ...secrets };
  const replica: Replica | undefined =
    store?.isShared === true ? (await import('./replicas.ts')).createReplica({ ...shared, store }) : undefined;
  const { inboxToken, process } = await deliverySecrets(replica && store?.log);
  const authorities = readAuthorities(settings.ca);
  const transport = createHttpTransport({
    baseOf: (tenant) => `${listener.url}/@${tenant}`,
    withLinks: (body, tenant) =>
      link(body, `${settings.publicUrl ?? listener.url}${tenant === DEFAULT_TENANT ? '' : `/@${tenant}`}`),
    allowList: isLocal ? undefined : createAllowList(settings.allowCallbacks),
    authorities,
    timeout: RECEIVER_TIMEOUT,
    webhookTime: settings.webhookTime,
    inboxToken: isLocal ? undefined : inboxToken,
    process,
    wallNow,
    afterWallTime: afterListening,
  });
  const lanes = createLanes(settings.deliveryLanes, transport);
  // With what reads and writes brokers, only where there is one.
  const brokers = settings.queue.length === 0 ? undefined : await import('./queues.ts');
  const { otlp } = settings;
  const traces = otlp === undefined ? undefined : (await import('./traces.ts')).createTraces(otlp, authorities, log);
  const queues = brokers?.createQueues(settings, served, { tenants: () => tenants, log, toOwner: replica?.toOwner });
  const [turns, bounds] = [new Turns(), tenantBounds(settings)];
  const memory = createMemoryWatch({ afterWallTime, relieved: [bounds.recordBytes, bounds.rooms.snapshots] });
  const tenants: Tenants = createTenants({
    kept: store,
    limit: settings.maxTenants,
    created: (tenant) => {
      hooks.created?.(tenant);
      const stops = [
        queues?.follow({ name: tenant.name, log: tenant.feed, kept: () => tenant.kept() }),
        observe && tenant.activity.subscribe((activity) => observe(activity, tenant.name)),
        traces?.follow(tenant),
      ];
      return () => {
        for (const stop of stops) stop?.();
      };
    },
    parts: (name) => ({
      name,
      registry,
      start,
      sample,
      transport,
      turns,
      lanes,
      retrySchedule: settings.retrySchedule,
      ...bounds,
      memory,
      renderer,
      eventFollowers: [webhookFollower],
      startingPoint: async ({ fixture: named, ...facts }) => {
        const fixture = named === undefined ? settings.fixture : nameableFixture(named, settings.fixtures);
        return startAt({ fixture, ...facts });
      },
      follow: (commit) => {
        coverage.follow(commit);
        metrics.follow(commit);
      },
      reportFailure,
      former: hooks.legacy?.tenants?.get(name),
    }),
    reportEviction: (tenant) => reportEviction(log, tenant, store !== undefined),
  });
  const listener = createListener({
    isUnref: hooks.isUnref,
    settings,
    served,
    tenants,
    store: store?.log.kind,
    passOn: replica?.passOn,
    front: hooks.front,
    adminToken: secrets.adminToken,
    inboxToken,
    process,
    start: start.clock.now,
    toStart({ seed, clock, fixture, policies }) {
      const from = clock === undefined ? settings.clock : parseClock(clock, wallNow(), settings.rate);
      return { seed, clock: from, fixture, policies };
    },
    tokens,
    routes,
    renderer,
    metrics,
    coverage,
    reportFailure,
    log,
  });
  await openDefault(tenants, store);
  await queues?.start();
  await listener.start();
  takeOver(hooks.legacy, tenants, log);
  const stopAdopting = replica?.adopt();
  if (replica === undefined) void tenants.openAll();
  const { overlay: overlays, cache: cacheDir, logLevel, allowRefs } = settings;
  const checkLate = hooks.checkLate?.bind(hooks, { paths: served.paths, overlays, cacheDir, allowRefs });
  reportContractProblems(served.loaded, logLevel === 'silent' ? undefined : log, checkLate);
  tell();
  hooks.ready?.(secrets);
  return {
    url: listener.url,
    handle: listener.handle,
    adminToken: secrets.adminToken,
    contracts,
    coverage: coverage.read,
    async stop() {
      const left = beginStopping();
      stopAdopting?.();
      transport.closeSoon();
      await Promise.all([tenants.close(), listener.stop()]);
      await leaveBehind(hooks.legacy, { tenants, isKept: store !== undefined, ...secrets, log });
      await store?.log.close();
      transport.close();
      await Promise.all([queues?.close(left()), traces?.close(left())]);
      coverage.close();
      memory.stop();
    },
  };
}
