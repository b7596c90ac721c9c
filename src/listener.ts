import type { Settings } from './config.ts';
import type { Tenants } from './engine/tenants.ts';
import { once } from './lib/once.ts';
import { packageVersion } from './lib/package-folder.ts';
import type { Instant } from './lib/time.ts';
import { type Operation, operationKey } from './model/operation.ts';
import type { Served } from './served.ts';
import { createStories } from './stories.ts';
import { createConsole } from './surfaces/console/console.ts';
import { type ControlOptions, createControl } from './surfaces/control/index.ts';
import { createAuthenticator } from './surfaces/http/auth/authenticate.ts';
import type { Tokens } from './surfaces/http/auth/tokens.ts';
import type { RouteTable } from './surfaces/http/collect-routes.ts';
import { Dispatcher } from './surfaces/http/dispatch.ts';
import { createEntrance } from './surfaces/http/entrance.ts';
import { createHttpServer } from './surfaces/http/http-server.ts';
import { askHere } from './surfaces/http/in-process.ts';
import { createPageGuard } from './surfaces/http/page-guard.ts';
import { createPathAdvice } from './surfaces/http/path-advice.ts';
import type { FrontParts } from './surfaces/http/proxy/proxy.ts';
import type { HttpRenderer } from './surfaces/http/renderer.ts';
import { createSite } from './surfaces/http/site.ts';
import { createTenantLocator } from './surfaces/http/tenant-locator.ts';
import { readAuthorities, readTls } from './surfaces/http/tls.ts';
import type { Logger } from './surfaces/log.ts';
import { createMcpHandlers } from './surfaces/mcp/handler.ts';
import { createDeliveryGuard } from './surfaces/own-deliveries.ts';
import { createActivityStream, createEventStream } from './surfaces/sse/event-stream.ts';
import type { Front, PassOn } from './surfaces/surface.ts';
import { afterWallTime } from './surfaces/wall-time.ts';
import { attachWebSockets } from './surfaces/ws/web-socket-surface.ts';

/** Everything that clients reach at one address: the contracts, the control API, tokens, event streams, WebSockets. */
export interface Listener {
  /** Empty until it has been started. */
  readonly url: string;
  /** Answers a request without a socket. */
  readonly handle: Dispatcher['handle'];
  start(): Promise<void>;
  stop(): Promise<void>;
}

export interface ListenerOptions extends Pick<ControlOptions, 'toStart' | 'metrics' | 'coverage'> {
  /** Lets the process end although it listens. */
  readonly isUnref?: boolean;
  readonly settings: Settings;
  readonly served: Served;
  readonly tenants: Tenants;
  /** Bearer token of the control API; none where everybody may use it. */
  readonly adminToken?: string;
  /** What opens the inboxes for the simulator's own deliveries. */
  readonly inboxToken: string;
  /** A name that no other simulator has. */
  readonly process: string;
  /** The kind of store that keeps them, if any does. */
  readonly store?: string | undefined;
  /** Passes on what is for tenants of other processes, where there are such. */
  readonly passOn?: PassOn | undefined;
  /** Makes what answers clients of the network in its place. */
  readonly front?: ((parts: FrontParts) => Front) | undefined;
  /** When the clocks of new tenants begin. */
  readonly start: Instant;
  readonly tokens: Tokens;
  readonly routes: RouteTable['routes'];
  readonly renderer: HttpRenderer;
  readonly reportFailure: (message: string, error: unknown) => void;
  readonly log: Logger;
}

/** Wires the surfaces that share the HTTP server; it does not listen until it is started. */
export function createListener(options: ListenerOptions): Listener {
  const { settings, served, tenants, adminToken, tokens, routes, renderer, reportFailure, log } = options;
  const { contracts, documents, patched, registry } = served;
  const { auth, host, port } = settings;
  const version = packageVersion();
  const tls = readTls(settings);
  const { inboxToken, process, start, passOn } = options;
  const entrance = createEntrance({
    tenants,
    locator: createTenantLocator({ tokens, contracts }),
    authenticator: createAuthenticator({
      contracts,
      tokens,
      mode: auth,
      host,
      adminToken,
      inboxToken,
      hasClientCa: tls?.ca !== undefined,
    }),
    pageGuard: createPageGuard(settings),
    deliveryGuard: createDeliveryGuard(process),
    start,
  });
  const explainer = once(async () => {
    const { createExplainer } = await import('./contracts/explain.ts');
    const hasCode = (operation: Operation) => registry.operation(operationKey(operation)).answer === 'code';
    return createExplainer(contracts, { hasCode });
  });
  // The libraries that read and write YAML are nothing that a start waits for.
  const documentWriter = once(async () => (await import('./contracts/document-writer.ts')).createDocumentWriter());
  const control = createControl({
    version,
    registry,
    store: { kind: options.store ?? 'memory', role: passOn === undefined ? 'owner' : 'replica' },
    generator: served.generator,
    documents,
    patched,
    tenants,
    passOn,
    toStart: options.toStart,
    streamEvents: createEventStream({ afterWallTime }),
    streamActivity: createActivityStream({ afterWallTime }),
    async toScenario(transcript, facts) {
      const { recordArazzo } = await import('./scenarios/record-arazzo.ts');
      return recordArazzo(transcript, { contracts, ...facts });
    },
    toFixture: async (lines) =>
      (await import('./scenarios/record-fixture.ts')).recordFixture(lines, contracts, served.validation),
    show: async (document) => (await documentWriter())(document),
    explain: async (contract) => (await explainer())(contract),
    metrics: options.metrics,
    coverage: options.coverage,
    stories: createStories({
      settings,
      contracts,
      paths: served.paths,
      running: () => ({ url, handle: dispatcher.handle, adminToken }),
    }),
    traffic: served.traffic,
    mcp: createMcpHandlers(() => ({
      contracts,
      version,
      ask({ headers, ...request }) {
        // Whoever may ask this may steer: the token has been seen on the way in.
        const isSteering = adminToken !== undefined && /^(\/@[^/]*)?\/_simulator\//.test(request.path);
        const sent = isSteering ? { ...headers, authorization: `Bearer ${adminToken}` } : headers;
        return askHere({ handle: dispatcher.handle, url }, { ...request, headers: sent });
      },
    })),
  });
  const advise = createPathAdvice(contracts);
  let url = '';
  const dispatcher = new Dispatcher({
    settings,
    routes,
    registry,
    control,
    renderer,
    entrance,
    fallback: createSite({ contracts, version, advise, reportFailure, console: createConsole() }),
    advise,
    passOn,
    ownUrl: () => url,
    log,
  });
  const healthPath = contracts.flatMap(({ operations }) => operations).find(({ id }) => id === 'readHealth')?.path;
  const front = options.front?.({
    ...{ own: dispatcher.handle, entrance, routes, contracts, advise, reportFailure },
    ...{ validation: served.validation, schemas: registry.schemas, maxBody: settings.maxBody, isOpen: auth === 'off' },
    authorities: readAuthorities(settings.ca),
    takeOver: (request) => http.takeOver(request),
    ownUrl: () => url,
  });
  const { handle } = front ?? dispatcher;
  const http = createHttpServer({ host, port, handle, healthPath, isUnref: options.isUnref, limits: settings, tls });
  const sockets = attachWebSockets({
    server: http.server,
    registry,
    isStrictAuth: auth === 'strict',
    takeOver: http.takeOver,
    front,
    entrance,
    passOn,
    afterWallTime,
    reportFailure,
  });
  return {
    get url() {
      return url;
    },
    handle: dispatcher.handle,
    async start() {
      ({ url } = await http.start());
    },
    async stop() {
      const stopped = http.stop();
      dispatcher.close();
      front?.close();
      await Promise.all([sockets.close(), stopped]);
      passOn?.close();
    },
  };
}
