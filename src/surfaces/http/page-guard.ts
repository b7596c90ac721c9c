import { isLoopback } from '../../lib/loopback.ts';
import { Refusal } from '../../model/command.ts';
import type { PageGuard } from '../surface.ts';

export interface PageGuardOptions {
  /** The address listened on: beyond loopback the administrator's token decides, which no page has. */
  readonly host: string;
  /** Where clients see the simulator, behind a proxy. */
  readonly publicUrl?: string;
  /** Origins whose pages may use the control API as its own may. */
  readonly allowOrigins: readonly string[];
  /** Further names that it answers to. */
  readonly allowHosts: readonly string[];
  /** Where there is one, its own pages come by HTTPS. */
  readonly tlsCert?: string;
}

/** The names of this machine that no other site can take. */
const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Makes what keeps pages of other origins away from the control API on loopback, which needs no credential there: a
 * browser would send whatever any page asks for. A request without `Origin` and `Sec-Fetch-Site` comes from a program.
 *
 * @example
 * const guard = createPageGuard({ host: '127.0.0.1', allowOrigins: [], allowHosts: [] });
 * guard.refusePage({ host: 'localhost:4010', origin: 'https://evil.example' })?.status // 403
 */
export function createPageGuard({ host, publicUrl, allowOrigins, allowHosts, tlsCert }: PageGuardOptions): PageGuard {
  const isAllowed = (origin: unknown): boolean => typeof origin === 'string' && allowOrigins.includes(origin);
  if (!isLoopback(host)) return { refusePage: () => undefined, isAllowed };
  const published = publicUrl === undefined ? undefined : new URL(publicUrl);
  const own = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
  const named = [own, published?.hostname, ...allowHosts].filter((name) => name !== undefined);
  const names = new Set([...LOOPBACK_NAMES, ...named.map((name) => name.toLowerCase())]);
  const isOwn = (origin: unknown, asked: unknown) =>
    origin === `${tlsCert === undefined ? 'http' : 'https'}://${asked}` || origin === published?.origin;

  return {
    isAllowed,
    refusePage({ host: asked, origin, 'sec-fetch-site': site }) {
      // A page of another site reaches this machine under its own name, once that leads here (DNS rebinding).
      if (typeof asked === 'string' && !names.has(nameOf(asked))) return hostNotAllowed(asked, names);
      if (isAllowed(origin)) return undefined;
      const isForeign = origin === undefined ? site === 'same-site' : !isOwn(origin, asked);
      return isForeign || site === 'cross-site' ? originNotAllowed() : undefined;
    },
  };
}

function nameOf(host: string): string {
  return host.replace(/:\d*$/, '').toLowerCase();
}

function hostNotAllowed(asked: string, names: Iterable<string>): Refusal {
  return new Refusal(
    403,
    'HOST_NOT_ALLOWED',
    `Failed to answer as ${asked.slice(0, 200)}: the control API answers to ${[...names].join(', ')}. Use one of these, or name yours with --allow-hosts or --public-url.`,
  );
}

function originNotAllowed(): Refusal {
  return new Refusal(
    403,
    'ORIGIN_NOT_ALLOWED',
    'Failed to answer a page of another origin: the control API is open to programs and its own pages. Ask from a program, or name the origin with --allow-origins.',
  );
}
