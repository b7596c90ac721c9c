import type { Settings } from './config.ts';
import { nearestWord } from './contracts/nearest-word.ts';
import type { Generator } from './engine/generator.ts';
import type { SampleHandler } from './engine/system.ts';
import type { Tenants } from './engine/tenants.ts';
import { packageVersion } from './lib/package-folder.ts';
import type { Happening } from './model/happening.ts';
import type { Served } from './served.ts';
import { type ControlOptions, createControl } from './surfaces/control/index.ts';
import { createAuthenticator } from './surfaces/http/auth/authenticate.ts';
import { createTokenEndpoints } from './surfaces/http/auth/token-endpoints.ts';
import { createTokens } from './surfaces/http/auth/tokens.ts';
import { Dispatcher } from './surfaces/http/dispatch.ts';
import { createEntrance } from './surfaces/http/entrance.ts';
import { createHttpServer } from './surfaces/http/http-server.ts';
import { createPageGuard } from './surfaces/http/page-guard.ts';
import { createSite } from './surfaces/http/site.ts';
import { createTenantLocator } from './surfaces/http/tenant-locator.ts';
import type { Logger } from './surfaces/log.ts';
import { createEventStream } from './surfaces/sse/event-stream.ts';
import { afterWallTime } from './surfaces/wall-time.ts';
import { attachWebSockets } from './surfaces/ws/web-socket-surface.ts';

/** Everything that clients reach at one address: the contracts, the control API, tokens, event streams, WebSockets. */
export interface Listener {
  /** Empty until it has been started. */
  readonly url: string;
  start(): Promise<void>;
  stop(): Promise<void>;
}

export interface ListenerOptions extends Pick<ControlOptions, 'startingPoint' | 'metrics'> {
  readonly settings: Settings;
  readonly served: Served;
  readonly tenants: Tenants;
  /** Bearer token of the control API; none where everybody may use it. */
  readonly adminToken?: string;
  readonly generator: () => Promise<Generator>;
  readonly sample: SampleHandler;
  /** Called with each request that is part of the story. */
  readonly observe: (happening: Happening) => void;
  readonly reportFailure: (message: string, error: unknown) => void;
  readonly log: Logger;
}

/** Wires the surfaces that share the HTTP server; it does not listen until it is started. */
export function createListener(options: ListenerOptions): Listener {
  const { settings, served, tenants, adminToken, generator, sample, observe, reportFailure, log } = options;
  const { contracts, documents, validation, registry } = served;
  const { auth, host, port, seed } = settings;
  const version = packageVersion();
  const tokens = createTokens(seed);
  const locator = createTenantLocator({ tenants, tokens, contracts });
  const authenticator = createAuthenticator({ contracts, tokens, mode: auth, host, adminToken });
  const entrance = createEntrance({ locator, authenticator, pageGuard: createPageGuard(settings) });
  const control = createControl({
    version,
    registry,
    documents,
    tenants,
    startingPoint: options.startingPoint,
    generator,
    nearest: nearestWord,
    streamEvents: createEventStream({ afterWallTime }),
    async toScenario(transcript, { specs }) {
      const { recordArazzo } = await import('./scenarios/record-arazzo.ts');
      return recordArazzo(transcript, { contracts, specs });
    },
    metrics: options.metrics,
    traffic: served.traffic,
  });
  let url = '';
  const dispatcher = new Dispatcher({
    settings,
    registry,
    validation,
    control,
    directRoutes: createTokenEndpoints({ contracts, tokens }),
    entrance,
    sample,
    fallback: createSite({ contracts, version, reportFailure }),
    ownUrl: () => url,
    log,
    observe,
  });
  const healthPath = contracts.flatMap(({ operations }) => operations).find(({ id }) => id === 'readHealth')?.path;
  const http = createHttpServer({ host, port, handle: dispatcher.handle, healthPath, limits: settings });
  const sockets = attachWebSockets({
    server: http.server,
    registry,
    takeOver: http.takeOver,
    entrance,
    afterWallTime,
    reportFailure,
  });
  return {
    get url() {
      return url;
    },
    async start() {
      ({ url } = await http.start());
    },
    async stop() {
      const stopped = http.stop();
      dispatcher.close();
      await Promise.all([sockets.close(), stopped]);
    },
  };
}
