import {
  type ClientRequest,
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
} from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Address } from '../../surface.ts';
import { headerPairs } from '../hop.ts';
import { HOP_BY_HOP } from '../http-words.ts';
import { hasBody } from '../read-body.ts';

/** How this proxy calls itself (RFC 9110, 7.6.3). */
export const VIA = '1.1 bss-simulator';

/**
 * The server that requests are passed on to, and how they change on the way.
 *
 * @example new Upstream(new URL('https://shop.example.com/api'), undefined).open(request, address, headers).end();
 */
export class Upstream {
  readonly #url: URL;
  readonly #agent: HttpAgent;

  constructor(url: URL, authorities: readonly string[] | undefined) {
    this.#url = url;
    this.#agent = this.#isSecure
      ? new HttpsAgent({ keepAlive: true, ...(authorities !== undefined && { ca: [...authorities] }) })
      : new HttpAgent({ keepAlive: true });
  }

  close(): void {
    this.#agent.destroy();
  }

  get #isSecure(): boolean {
    return this.#url.protocol === 'https:';
  }

  /** Begins a request of the same method there. */
  open({ method }: IncomingMessage, { path, rawQuery }: Address, headers: readonly string[]): ClientRequest {
    const upstream = this.#url;
    const base = upstream.pathname.replace(/\/$/, '');
    return (this.#isSecure ? httpsRequest : httpRequest)({
      host: upstream.hostname.replace(/^\[(.*)\]$/, '$1'),
      port: upstream.port || (this.#isSecure ? 443 : 80),
      method,
      path: `${base}${path}${rawQuery === '' ? '' : `?${rawQuery}`}`,
      agent: this.#agent,
      setHost: false,
      headers,
    });
  }

  /** The headers of a request as they go on. */
  headersFor(request: IncomingMessage, { prefix }: Address, left?: ReadonlySet<string>): string[] {
    const upstream = this.#url;
    const { rawHeaders, socket } = request;
    const headers = ['Host', upstream.host];
    const ofHop = hopHeaders(request.headers);
    for (const [name, value] of headerPairs(rawHeaders)) {
      const lower = name.toLowerCase();
      if (!ofHop.has(lower) && left?.has(lower) !== true && lower !== 'host' && lower !== 'expect')
        headers.push(name, value);
    }
    if (upstream.username !== '' && request.headers.authorization === undefined) {
      const pair = `${decodeURIComponent(upstream.username)}:${decodeURIComponent(upstream.password)}`;
      headers.push('Authorization', `Basic ${Buffer.from(pair).toString('base64')}`);
    }
    // A simulator behind this one has tenants, too.
    if (prefix !== '') headers.push('X-Simulator-Tenant', decodeURIComponent(prefix.slice('/@'.length)));
    if (hasBody(request) && request.headers['content-length'] === undefined)
      headers.push('Transfer-Encoding', 'chunked');
    headers.push('Via', VIA, 'X-Forwarded-For', socket.remoteAddress ?? 'unknown');
    headers.push('X-Forwarded-Proto', 'encrypted' in socket ? 'https' : 'http');
    if (request.headers.host !== undefined) headers.push('X-Forwarded-Host', request.headers.host);
    return headers;
  }

  /** Where the other server leads back to itself, it leads back to here. */
  ownLocation(
    value: string,
    { headers: { host }, socket }: IncomingMessage,
    { prefix }: Address,
    ownUrl: () => string,
  ): string {
    const upstream = this.#url;
    const base = upstream.origin + upstream.pathname.replace(/\/$/, '');
    if (value !== base && !/^[/?#]/.test(value.startsWith(base) ? value.slice(base.length) : ' ')) return value;
    const origin = host === undefined ? ownUrl() : `${'encrypted' in socket ? 'https' : 'http'}://${host}`;
    return origin + prefix + value.slice(base.length);
  }
}

/** Headers that are about one connection alone: those that always are, and those that the message names. */
export function hopHeaders({ connection }: IncomingHttpHeaders): ReadonlySet<string> {
  if (connection === undefined) return HOP_BY_HOP;
  return new Set([...HOP_BY_HOP, ...connection.split(',').map((name) => name.trim().toLowerCase())]);
}
