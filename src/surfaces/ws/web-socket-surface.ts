import { type IncomingMessage, type Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { WebSocket, WebSocketServer } from 'ws';
import { NOT_BEGUN, TenantElsewhere } from '../../engine/keeping/commit-log.ts';
import { channelMatcher } from '../../engine/records/event-log.ts';
import type { Registry } from '../../engine/registry.ts';
import type { Tenant } from '../../engine/tenant.ts';
import { adviceOnValues, type ChannelAddress, createAddressFinder } from '../../model/channel-address.ts';
import { Refusal } from '../../model/command.ts';
import { closeSocket } from '../close-socket.ts';
import { type After, every, followLog, refuseGone } from '../event-feed.ts';
import { type Entrance, type Front, PASSED_ON, type PassOn } from '../surface.ts';
import { concreteChannel, type Endpoint, findEndpoints } from './channel-endpoints.ts';
import { hearMessage } from './hear-message.ts';
import { createQueryFinder } from './query-addresses.ts';

export interface WebSocketOptions {
  readonly server: Server;
  readonly registry: Pick<Registry, 'contracts' | 'validation'>;
  /** Whether who listens needs a token of ours, also where the contract does not say what it wants. */
  readonly isStrictAuth?: boolean;
  /** Notes that a connection is taken over; why it may not be, if so. Default: it always may. */
  readonly takeOver?: (request: IncomingMessage) => Refusal | undefined;
  readonly entrance: Pick<Entrance, 'readAddress' | 'locate' | 'opening' | 'nameOf' | 'authenticate' | 'refuse'>;
  /** Passes on who listens to tenants of other processes, where there are such. */
  readonly passOn?: Pick<PassOn, 'upgrade'> | undefined;
  /** Takes connections over that are not for the simulator itself. */
  readonly front?: Pick<Front, 'upgrade'> | undefined;
  readonly afterWallTime: After;
  /** Called with what went wrong and is nobody's fault outside. */
  readonly reportFailure: (message: string, error: unknown) => void;
  /** The most bytes that wait for a slow reader. Default 4 MiB. */
  readonly mostBuffered?: number;
}

export interface WebSocketSurface {
  /** Closes all connections with 1001 and takes no new ones. */
  close(): Promise<void>;
}

/** A client that is let in, and what it listens to. */
interface Listener {
  readonly tenant: Tenant;
  readonly endpoint: Endpoint;
  readonly channel: string | undefined;
  /** The event to resume after. */
  readonly after: string | undefined;
}

interface Refused {
  readonly refusal: Refusal;
  readonly isControl: boolean;
}

const PING_INTERVAL = 30_000;
/** Where nobody listens whatever a client sends is dropped, and much of it is a mistake. */
const LARGEST_MESSAGE = 64 * 1024;
/** For clients to close when the simulator stops. */
const CLOSE_GRACE_MS = 400;

/**
 * Serves every channel of the simulated systems at its address, what they take on it and what they send, and the event log at `/_simulator/events`.
 *
 * @example
 * const sockets = attachWebSockets({ server, registry, entrance, afterWallTime, reportFailure });
 * await sockets.close();
 */
export function attachWebSockets(options: WebSocketOptions): WebSocketSurface {
  const { server, entrance, takeOver, afterWallTime, reportFailure, mostBuffered = 4 * 2 ** 20 } = options;
  const endpoints = findEndpoints(options.registry, options.isStrictAuth === true);
  const addresses = [...endpoints].map(([address, { values }]) => ({
    address,
    ...(values !== undefined && { values }),
  }));
  const findAddress = createAddressFinder(addresses);
  const findByQuery = createQueryFinder(addresses);
  // Loaded when the first client comes: a start that waits for it is felt.
  let opening: Promise<WebSocketServer> | undefined;
  const open = async (): Promise<WebSocketServer> => {
    const { WebSocketServer } = await import('ws');
    return new WebSocketServer({ noServer: true, maxPayload: LARGEST_MESSAGE, perMessageDeflate: false });
  };
  const clients = new Set<WebSocket>();
  const silent = new WeakSet<WebSocket>();
  const stopPings = every(afterWallTime, PING_INTERVAL, () => {
    for (const socket of clients) {
      if (silent.has(socket)) {
        socket.terminate();
      } else {
        silent.add(socket);
        socket.ping();
      }
    }
  });

  const serve = (socket: WebSocket, connection: Duplex, { tenant, endpoint, channel, after }: Listener): void => {
    clients.add(socket);
    socket.on('close', () => clients.delete(socket));
    socket.on('pong', () => silent.delete(socket));
    // Without a listener, a message that is too large would end the process.
    socket.on('error', () => {});
    const isWanted = channelMatcher(channel);
    const stop = followLog(
      {
        write: (event) => {
          // Nothing is compressed or masked, so it is the same frame for all, in one piece: `send` would write each its own.
          if (socket.readyState === socket.OPEN) connection.write(endpoint.toFrame(event));
        },
        buffered: () => connection.writableLength,
        giveUp: (reason, lastId, code) => {
          if (reason === 'gone') socket.close(1012, 'the tenant was let go of: connect again');
          else if (reason !== 'interrupted') socket.close(1013, toReason(lastId));
          else if (code === undefined) socket.terminate();
          else socket.close(code, 'a fault struck');
        },
      },
      {
        log: tenant.feed,
        kept: () => tenant.kept(),
        onGone: (listener) => tenant.onGone(listener),
        afterWallTime,
        mostBuffered,
        isWanted: (event) => {
          const { channel: from } = event;
          // What is said to a channel without values of its parameters is said to all that have some, and who listens
          // there hears them all.
          const isForAll =
            from === endpoint.channel || (channel === endpoint.channel && endpoint.isOne?.(from) === true);
          const isOurs = endpoint.isHeard && (isWanted(from) || isForAll);
          return (isOurs || endpoint.replies.includes(from)) && endpoint.isSent?.(event) !== false;
        },
        ...(after !== undefined && { after }),
      },
    );
    socket.on('close', stop);
    const { check, takenType } = endpoint;
    if (check === undefined) return;
    const hearing = { channel: channel ?? '', check, contentType: takenType };
    socket.on('message', (data) => hearMessage(socket, tenant, hearing, String(data)));
  };

  /** The same steps as those of any request over HTTP. */
  const admit = ({ url = '/', headers, socket }: IncomingMessage): Listener | Refused => {
    const address = entrance.readAddress(url);
    if (address instanceof Refusal) return { refusal: address, isControl: false };
    const { path, query } = address;
    const plain = decodeURIComponent(path);
    const byQuery = findAddress(plain) === undefined ? findByQuery(plain, query) : undefined;
    const asked = byQuery?.asked ?? plain;
    const found = byQuery?.address ?? findAddress(plain);
    const endpoint = found === undefined ? undefined : endpoints.get(found);
    if (found === undefined || endpoint === undefined)
      return { refusal: nothingSentAt(path, asked, addresses), isControl: false };
    const { system, security, isControl } = endpoint;
    // Of the channels of a contract any page may hear: those under test are served from elsewhere.
    const tenant = entrance.locate(address, { headers, socket }, { system, security, isControl });
    if (tenant instanceof Refusal) return { refusal: tenant, isControl };
    const principal = entrance.authenticate({ system, security, headers, query, tenant, path, socket });
    if (principal instanceof Refusal) return { refusal: principal, isControl };
    const after = String(headers['last-event-id'] ?? '') || query.get('after') || undefined;
    const gone = refuseGone(tenant.feed, after, 'event');
    if (gone !== undefined) return { refusal: gone, isControl };
    const channel = found === asked ? endpoint.channel : concreteChannel(endpoint, found, asked);
    return { tenant, endpoint, channel: channel ?? query.get('channel') ?? undefined, after };
  };

  const upgrade = async (request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> => {
    const refusal = takeOver?.(request);
    const address = entrance.readAddress(request.url ?? '/');
    const isPassedOn = request.headers[PASSED_ON] !== undefined;
    try {
      if (!(address instanceof Refusal) && refusal === undefined) await entrance.opening?.(address, request.headers);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const { passOn } = options;
      if (passOn === undefined || address instanceof Refusal || !(error instanceof TenantElsewhere) || isPassedOn) {
        refuse(request, socket, { refusal: isPassedOn ? notBegun(error) : error, isControl: false });
        return;
      }
      // Before it is known who asks: whoever has the tenant finds out.
      const name = entrance.nameOf(address, request.headers);
      await passOn.upgrade(request, socket, head, error, name).catch((away: unknown) => {
        if (!(away instanceof Refusal)) throw away;
        refuse(request, socket, { refusal: away, isControl: false });
      });
      return;
    }
    const admitted = refusal === undefined ? admit(request) : { refusal, isControl: false };
    if ('refusal' in admitted) {
      refuse(request, socket, admitted);
      return;
    }
    opening ??= open();
    const webSockets = await opening;
    webSockets.handleUpgrade(request, socket, head, (client) => serve(client, socket, admitted));
  };

  /** As any other request is refused, though Node has given its connection away. */
  const refuse = (request: IncomingMessage, socket: Duplex, { refusal, isControl }: Refused): void => {
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    response.assignSocket(socket as Socket);
    response.once('finish', () => closeSocket(socket));
    entrance.refuse(request, response, refusal, isControl);
  };

  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    if (request.headers.upgrade?.toLowerCase() !== 'websocket') {
      withoutUpgrade(server, request, socket, head);
      return;
    }
    if (options.front?.upgrade(request, socket, head) === true) return;
    // For good: the client may be gone before it is known who it is, or while its refusal is still being written.
    socket.on('error', () => {});
    upgrade(request, socket, head).catch((error: unknown) => {
      reportFailure('a WebSocket could not be opened', error);
      socket.destroy();
    });
  };
  server.on('upgrade', onUpgrade);

  return {
    async close() {
      server.off('upgrade', onUpgrade);
      stopPings();
      const open = [...clients];
      const stopWaiting = afterWallTime(CLOSE_GRACE_MS, () => {
        for (const client of open) client.terminate();
      });
      await Promise.all(
        open.map((client) => {
          const closed = new Promise<void>((resolve) => client.once('close', () => resolve()));
          client.close(1001, 'the simulator stops');
          return closed;
        }),
      );
      stopWaiting();
      (await opening)?.close();
    },
  };
}

/** Whoever has passed it on may ask elsewhere. */
function notBegun({ status, code, message }: Refusal): Refusal {
  return new Refusal(status, code, message, { headers: { [NOT_BEGUN]: '1' } });
}

/** At most 123 bytes, which is all that a close frame has room for. */
function toReason(lastId: string | undefined): string {
  const reason = lastId === undefined ? 'too slow' : `too slow: resume with after=${lastId}`;
  return Buffer.byteLength(reason) <= 123 ? reason : 'too slow';
}

function nothingSentAt(path: string, asked: string, known: readonly ChannelAddress[]): Refusal {
  const advice = adviceOnValues(known, asked) ?? `Open one of: ${known.map(({ address }) => address).join(', ')}.`;
  return new Refusal(
    404,
    'NOT_FOUND',
    `Failed to open a WebSocket on ${path.slice(0, 200)}: nothing is sent there. ${advice}`,
  );
}

/**
 * Answers an offer of another protocol as the plain request that it also is. Java's HTTP client offers `h2c` with its
 * first request, and Node, once anybody listens for upgrades, leaves every such request to that listener. So it is put
 * back as it came, without the offer, to be read anew.
 */
function withoutUpgrade(server: Server, request: IncomingMessage, socket: Duplex, head: Buffer): void {
  const lines = [`${request.method} ${request.url} HTTP/${request.httpVersion}`];
  for (let i = 0; i + 1 < request.rawHeaders.length; i += 2) {
    const [name = '', value = ''] = request.rawHeaders.slice(i, i + 2);
    if (/^(upgrade|http2-settings)$/i.test(name)) continue;
    const rest = /^connection$/i.test(name) ? withoutOffer(value) : value;
    if (rest !== '') lines.push(`${name}: ${rest}`);
  }
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]));
  server.emit('connection', socket);
}

function withoutOffer(connection: string): string {
  return connection
    .split(',')
    .map((option) => option.trim())
    .filter((option) => !/^(upgrade|http2-settings)$/i.test(option))
    .join(', ');
}
