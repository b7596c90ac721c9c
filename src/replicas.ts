import { networkInterfaces } from 'node:os';
import type { Settings } from './config.ts';
import type { KeptTenants, Tenants } from './engine/tenants.ts';
import { Refusal } from './model/command.ts';
import type { RefusalCode } from './model/refusal-codes.ts';
import type { ToOwner } from './queues.ts';
import type { Metrics } from './surfaces/control/metrics.ts';
import { every } from './surfaces/event-feed.ts';
import { createPassOn } from './surfaces/http/pass-on.ts';
import { readTls } from './surfaces/http/tls.ts';
import type { PassOn } from './surfaces/surface.ts';
import { afterWallTime } from './surfaces/wall-time.ts';

/** One of several processes that share a store. */
export interface Replica {
  readonly passOn: PassOn;
  /** Where the others reach it. */
  url(): string;
  readonly toOwner: ToOwner;
  /** Opens again and again what nobody has although something goes on in it by itself; the answer ends it. */
  adopt(): () => void;
}

/**
 * Makes what a process needs to share its tenants with others: it passes on what is for theirs, and takes over what one
 * of them has left behind.
 *
 * @example const replica = createReplica({ settings, store, tenants: () => tenants, listened: () => listener.url, metrics });
 */
export function createReplica(options: {
  readonly settings: Settings;
  readonly store: KeptTenants;
  readonly tenants: () => Tenants;
  /** The address that it listens on. */
  readonly listened: () => string;
  readonly metrics: Pick<Metrics, 'countPassedOn'>;
  /** What all of them take for their own. */
  readonly adminToken?: string | undefined;
}): Replica {
  const { settings, store, tenants, listened, metrics, adminToken } = options;
  const { advertiseUrl, lease, maxBody } = settings;
  const passOn = createPassOn({
    reopening: (tenant) => tenants().reopening?.(tenant),
    ownUrl: listened,
    maxBody,
    lease,
    tls: readTls(settings),
    passed: metrics.countPassedOn,
  });
  return {
    passOn,
    async toOwner(elsewhere, tenant, message) {
      const headers = {
        'content-type': 'application/json',
        ...(adminToken !== undefined && { authorization: `Bearer ${adminToken}` }),
      };
      const path = `/@${tenant}/_simulator/messages`;
      const body = JSON.stringify(message);
      const { status, text } = await passOn.ask({ method: 'POST', path, headers, body }, elsewhere, tenant);
      if (status === 204) return;
      const { code = 'OWNER_LOST', message: why = text } = JSON.parse(text) as { code?: RefusalCode; message?: string };
      throw new Refusal(status, code, why);
    },
    url: () => advertiseUrl ?? withOwnAddress(listened()),
    adopt() {
      let isAtIt = false;
      const look = async (): Promise<void> => {
        if (isAtIt) return;
        isAtIt = true;
        const names = await store.log.orphans?.().catch(() => []);
        await tenants().openAll(names ?? []);
        isAtIt = false;
      };
      void look();
      return every(afterWallTime, lease / 3, () => void look());
    },
  };
}

/** Who listens on all addresses is reached at the first that others can see. */
function withOwnAddress(text: string): string {
  const url = new URL(text);
  if (url.hostname !== '0.0.0.0' && url.hostname !== '[::]') return text;
  const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  const seen = addresses.find(({ internal, family }) => !internal && family === 'IPv4');
  url.hostname = seen?.address ?? '127.0.0.1';
  return url.origin;
}
