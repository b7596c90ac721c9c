import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { hasBody } from './read-body.ts';

/** How many connections there may be; each bound has an option of its name. */
export interface ConnectionLimits {
  /** Altogether. */
  readonly maxSockets: number;
  /** From one address. */
  readonly maxSocketsPerAddress: number;
  /** That have not sent a whole request. */
  readonly maxUnansweredSockets: number;
  /** Milliseconds for which a client may take nothing of what waits for it. */
  readonly stallTimeout: number;
}

/** And for how many milliseconds one may idle between two requests. */
type Limits = ConnectionLimits & { readonly keepAliveTimeout: number };

/** Bytes of answers that wait for clients to take them, altogether. */
const MOST_UNSENT = 256 * 2 ** 20;

/** Connections beyond the bounds that are still accepted: to be answered why not, or to probe the health. */
const MOST_SPARE = 32;

/** Requests that wait for the answers before theirs, on one connection and altogether. */
const MOST_QUEUED = 1_000;
const MOST_QUEUED_ALTOGETHER = 10_000;

interface Connection {
  readonly socket: Socket;
  readonly address: string;
  /** Beyond the bounds. */
  readonly isSpare: boolean;
  isUpgraded: boolean;
  /** Whether it is among those that wait, and has begun anew since it got its place there. */
  isWaiting: boolean;
  isPlaceOld: boolean;
  /** The newest request, and the answer to it. */
  request: IncomingMessage | undefined;
  response: ServerResponse | undefined;
  /** What begins the requests behind it that have come already. */
  readonly queue: (() => void)[];
  /** Bytes that the client had taken when it was last looked at, and for how many milliseconds it has taken no more. */
  taken: number;
  stalledFor: number;
  /** Milliseconds since its last answer, as far as somebody has looked. */
  idleFor: number;
}

/** Begins what was asked for on a connection that may be spare: beyond the bounds. */
type Begin = (request: IncomingMessage, response: ServerResponse, isSpare: boolean) => void;

/**
 * The connections of a server, within their bounds. Where there are too many, a new one takes the place of the oldest
 * that is of least use: first one that has sent no whole request, then one that idles. So clients that open connections
 * and say nothing keep nobody out. Where all are in use, a new one is spare.
 *
 * @example
 * const connections = new Connections(limits);
 * server.on('connection', (socket) => connections.add(socket));
 */
export class Connections {
  readonly #limits: Limits;
  readonly #all = new Map<Socket, Connection>();
  /** Those that a whole request is awaited of, in the order of its beginning; some may have sent it meanwhile. */
  readonly #waiting = new Set<Connection>();
  readonly #spare = new Set<Connection>();
  readonly #counts = new Map<string, number>();
  /** Requests that wait for the answers before theirs, altogether. */
  #queued = 0;
  /** Whether to look for connections that idle: once in vain is enough until the next check. */
  #mayIdle = true;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  add(socket: Socket): void {
    // One whose offer to upgrade was declined comes again.
    if (this.#all.has(socket)) return;
    const address = socket.remoteAddress ?? '';
    const isSpare = !this.#makeRoom(address);
    const connection: Connection = {
      socket,
      address,
      isSpare,
      isUpgraded: false,
      isWaiting: false,
      isPlaceOld: false,
      request: undefined,
      response: undefined,
      queue: [],
      taken: 0,
      stalledFor: 0,
      idleFor: 0,
    };
    this.#all.set(socket, connection);
    this.#await(connection);
    this.#counts.set(address, (this.#counts.get(address) ?? 0) + 1);
    if (isSpare) this.#spare.add(connection);
    socket.once('close', () => this.#forget(connection));
    if (this.#waiting.size > this.#limits.maxUnansweredSockets) this.#dropLongestWaiting();
    if (this.#spare.size > MOST_SPARE) this.#dropFirst(this.#spare);
  }

  /**
   * Begins a request once the one before it on its connection has been answered: a client may send a thousand in one
   * piece, and all of them would be worked on before anybody else is answered. `begin` is told whether its connection is spare.
   */
  inTurn(request: IncomingMessage, response: ServerResponse, begin: Begin): void {
    const { socket } = request;
    // Of one that has been closed, the rest of what had come is still read.
    if (socket.destroyed) return;
    const connection = this.#all.get(socket);
    if (connection === undefined) begin(request, response, false);
    else if (isFree(connection)) this.#begin(connection, request, response, begin);
    else this.#queue(connection, () => this.#begin(connection, request, response, begin));
  }

  #queue(connection: Connection, begin: () => void): void {
    const { queue } = connection;
    if (queue.length >= MOST_QUEUED || (queue.length > 0 && this.#queued >= MOST_QUEUED_ALTOGETHER)) {
      this.#drop(connection);
      return;
    }
    this.#queued += 1;
    if (queue.push(begin) === 1) this.#awaitAnswer(connection);
  }

  #awaitAnswer(connection: Connection): void {
    connection.response?.once('close', () => {
      setImmediate(() => {
        const begin = connection.queue.shift();
        if (begin === undefined) return;
        this.#queued -= 1;
        begin();
        if (connection.queue.length > 0) this.#awaitAnswer(connection);
      });
    });
  }

  #begin(connection: Connection, request: IncomingMessage, response: ServerResponse, begin: Begin): void {
    connection.request = request;
    connection.response = response;
    connection.idleFor = 0;
    // Nobody listens for its end, which would cost every request: whoever looks for those that wait finds out.
    if (hasBody(request)) this.#await(connection);
    else this.#expectNothing(connection);
    begin(request, response, connection.isSpare);
  }

  /** Puts it behind all others that wait; where it has a place already, once somebody looks for who waits longest. */
  #await(connection: Connection): void {
    connection.isPlaceOld = connection.isWaiting;
    if (connection.isWaiting) return;
    connection.isWaiting = true;
    this.#waiting.add(connection);
  }

  #expectNothing(connection: Connection): void {
    if (!connection.isWaiting) return;
    connection.isWaiting = false;
    this.#waiting.delete(connection);
  }

  /** Notes that a connection becomes something other than HTTP; answers whether it is spare. */
  upgrade(socket: Socket): boolean {
    const connection = this.#all.get(socket);
    if (connection === undefined) return false;
    connection.isUpgraded = true;
    this.#expectNothing(connection);
    return connection.isSpare;
  }

  /**
   * Closes those that have idled for too long, or have taken nothing of what waits for them, and where too much waits altogether
   * those that most waits for; to be called at this interval. Node's own timeout of idle ones is set and taken back with each
   * request, which costs as much as to find its route.
   */
  check(interval: number): void {
    this.#mayIdle = true;
    const { keepAliveTimeout, stallTimeout } = this.#limits;
    let unsent = 0;
    for (const connection of this.#all.values()) {
      if (isIdle(connection)) connection.idleFor += interval;
      if (connection.idleFor > keepAliveTimeout) {
        connection.socket.destroy();
        continue;
      }
      const { socket } = connection;
      const waiting = unsentBytes(socket);
      unsent += waiting;
      const taken = socket.bytesWritten - waiting;
      if (waiting === 0 || taken !== connection.taken) {
        connection.taken = taken;
        connection.stalledFor = 0;
        continue;
      }
      connection.stalledFor += interval;
      if (connection.stalledFor >= stallTimeout) this.#drop(connection);
    }
    if (unsent > MOST_UNSENT) this.#dropSlowest(unsent - MOST_UNSENT);
  }

  #dropSlowest(excess: number): void {
    const waiting = [...this.#all.values()].map((connection) => ({
      connection,
      bytes: unsentBytes(connection.socket),
    }));
    let left = excess;
    for (const { connection, bytes } of waiting.sort((a, b) => b.bytes - a.bytes)) {
      if (left <= 0) return;
      left -= bytes;
      this.#drop(connection);
    }
  }

  destroyAll(): void {
    for (const socket of this.#all.keys()) socket.destroy();
  }

  #makeRoom(address: string): boolean {
    const { maxSockets, maxSocketsPerAddress } = this.#limits;
    const isOfAddress = (connection: Connection) => connection.address === address;
    if ((this.#counts.get(address) ?? 0) >= maxSocketsPerAddress) return this.#dropLeastUseful(isOfAddress);
    return this.#all.size < maxSockets || this.#dropLeastUseful(() => true);
  }

  #dropLeastUseful(isMeant: (connection: Connection) => boolean): boolean {
    if (this.#dropLongestWaiting(isMeant)) return true;
    if (!this.#mayIdle) return false;
    for (const connection of this.#all.values()) {
      if (!isIdle(connection) || !isMeant(connection)) continue;
      this.#drop(connection);
      return true;
    }
    this.#mayIdle = false;
    return false;
  }

  #dropLongestWaiting(isMeant: (connection: Connection) => boolean = () => true): boolean {
    for (const connection of this.#waiting) {
      if (connection.request?.complete === true) this.#expectNothing(connection);
      else if (connection.isPlaceOld) {
        this.#expectNothing(connection);
        this.#await(connection);
      } else if (isMeant(connection)) {
        this.#drop(connection);
        return true;
      }
    }
    return false;
  }

  #dropFirst(connections: ReadonlySet<Connection>): void {
    for (const connection of connections) {
      this.#drop(connection);
      return;
    }
  }

  #drop(connection: Connection): void {
    this.#forget(connection);
    // Reset, because the system would otherwise hold on to what the client does not take.
    connection.socket.resetAndDestroy();
  }

  #forget(connection: Connection): void {
    if (!this.#all.delete(connection.socket)) return;
    this.#expectNothing(connection);
    this.#spare.delete(connection);
    this.#queued -= connection.queue.splice(0).length;
    const count = (this.#counts.get(connection.address) ?? 1) - 1;
    if (count === 0) this.#counts.delete(connection.address);
    else this.#counts.set(connection.address, count);
  }
}

function isIdle(connection: Connection): boolean {
  return !connection.isUpgraded && connection.response !== undefined && isFree(connection);
}

/** Whether everything that was asked for has been answered. */
function isFree({ response, queue }: Connection): boolean {
  return queue.length === 0 && (response === undefined || response.writableFinished);
}

/** What waits in this process, of which the part that has been handed to the system is known to the handle alone. */
function unsentBytes(socket: Socket & { readonly _handle?: { readonly writeQueueSize?: number } | null }): number {
  return socket.writableLength + (socket._handle?.writeQueueSize ?? 0);
}
