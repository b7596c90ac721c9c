import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { NOT_BEGUN } from '../../engine/keeping/commit-log.ts';
import { SimulatorError } from '../../errors.ts';
import { Refusal } from '../../model/command.ts';
import { closeSocket } from '../close-socket.ts';
import { every } from '../event-feed.ts';
import { afterWallTime } from '../wall-time.ts';
import { watchChunks } from './chunk-sizes.ts';
import { type ConnectionLimits, Connections } from './connections.ts';
import { problemBody } from './error-body.ts';
import { renderProblem } from './render-response.ts';
import type { TlsMaterial } from './tls.ts';
import { writeResponse } from './write-response.ts';

export interface HttpServerOptions {
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
  /** Answers every request; it never throws. */
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void;
  /** What is answered however many connections there are. */
  readonly healthPath?: string;
  /** Lets the process end although the server listens. */
  readonly isUnref?: boolean;
  readonly limits: ConnectionLimits & Partial<HttpLimits>;
  /** What HTTPS is served with; HTTP without it. */
  readonly tls?: TlsMaterial;
}

/** What one client can cost at most; times are wall time in milliseconds. */
export interface HttpLimits extends ConnectionLimits {
  /** For a whole head. Default 30 s. */
  readonly headersTimeout: number;
  /** For head and body. Default 60 s. */
  readonly requestTimeout: number;
  /** How often the two are looked after. Default 1 s. */
  readonly checkInterval: number;
  /** How long a connection may idle between two requests. Default 30 s. */
  readonly keepAliveTimeout: number;
  /** Bytes of a head. Default 16 KiB. */
  readonly maxHeaderSize: number;
  readonly maxHeaders: number;
  /** For requests under way when the server stops. Default 0.4 s. */
  readonly stopTimeout: number;
}

export interface HttpServer {
  /** For surfaces that take over connections (`upgrade`). */
  readonly server: Server;
  /** Notes that a surface takes over the connection of a request; why it may not, if so. */
  takeOver(request: IncomingMessage): Refusal | undefined;
  /** Throws `ADDRESS_IN_USE` or `ADDRESS_UNAVAILABLE`. */
  start(): Promise<{ readonly host: string; readonly port: number; readonly url: string }>;
  /** Turns new requests away, lets those under way end for a moment, closes every connection. */
  stop(): Promise<void>;
}

const LIMITS: Omit<HttpLimits, keyof ConnectionLimits> = {
  headersTimeout: 30_000,
  requestTimeout: 60_000,
  checkInterval: 1_000,
  keepAliveTimeout: 30_000,
  maxHeaderSize: 16 * 1024,
  maxHeaders: 200,
  stopTimeout: 400,
};

/** Connections that the system holds ready while the process is busy; as many as Linux lets it. */
const BACKLOG = 4_096;

/** How often a stopping server looks for connections that have become idle. */
const STOP_PACE = 20;

/**
 * Makes the one server in front of everything.
 *
 * @example
 * const http = createHttpServer({ host: '127.0.0.1', port: 0, handle: new Dispatcher(options).handle, limits: settings });
 * const { url } = await http.start();
 */
export function createHttpServer(options: HttpServerOptions): HttpServer {
  const { host, port, handle, healthPath, isUnref = false, limits: given, tls } = options;
  const limits = { ...LIMITS, ...given };
  const connections = new Connections(limits);
  const hasOneHost = createHostCheck();
  let isStopping = false;
  let stopChecks = (): void => {};
  const answer = (request: IncomingMessage, response: ServerResponse, isSpare: boolean): void => {
    if (isStopping) turnAway(request, response, stopping());
    else if (!hasOneHost(request)) turnAway(request, response, hostInvalid());
    else if (!isSpare) handle(request, response);
    else if (request.url === healthPath) {
      response.shouldKeepAlive = false;
      handle(request, response);
    } else turnAway(request, response, tooManySockets(limits));
  };
  const receive = (request: IncomingMessage, response: ServerResponse): void => {
    const { headers, socket } = request;
    if (headers['transfer-encoding'] !== undefined) {
      watchChunks(request, () => refuseBadRequest(new Error('no body has a chunk of that size'), socket));
      if (socket.writableEnded) return;
    }
    connections.inTurn(request, response, answer);
  };
  const settings = {
    headersTimeout: limits.headersTimeout,
    requestTimeout: limits.requestTimeout,
    connectionsCheckingInterval: limits.checkInterval,
    // Those that idle are closed as the others are looked after.
    keepAliveTimeout: 0,
    maxHeaderSize: limits.maxHeaderSize,
    insecureHTTPParser: false,
    noDelay: true,
    // A peer that has lost its power or its network closes nothing.
    keepAlive: true,
    keepAliveInitialDelay: limits.keepAliveTimeout,
  };
  const server: Server =
    tls === undefined
      ? createServer(settings, receive)
      : createTlsServer({ ...settings, ...tls, ...handshakeOf(tls, limits) }, receive);
  server.maxHeadersCount = limits.maxHeaders;
  // Without this, Node gives leave to send a body before anybody has looked whether it is wanted.
  server.on('checkContinue', receive);
  server.on('clientError', refuseBadRequest);
  const add = (socket: Socket): void => {
    connections.add(socket);
    if (isUnref) socket.unref();
  };
  if (tls === undefined) server.on('connection', add);
  else {
    server.on('secureConnection', add);
    // Before its handshake is done nothing is known of a connection.
    server.maxConnections = limits.maxSockets + limits.maxUnansweredSockets;
  }
  if (isUnref) server.unref();

  return {
    server,
    takeOver(request) {
      if (isStopping) return stopping();
      if (connections.upgrade(request.socket)) return tooManySockets(limits);
      return hasOneHost(request) ? undefined : hostInvalid();
    },
    start() {
      return new Promise((resolve, reject) => {
        const onError = (error: NodeJS.ErrnoException): void => reject(toSimulatorError(error, host, port));
        server.once('error', onError);
        server.listen({ host, port, backlog: BACKLOG }, () => {
          server.off('error', onError);
          stopChecks = every(afterWallTime, limits.checkInterval, () => connections.check(limits.checkInterval));
          const { port: actual } = server.address() as AddressInfo;
          resolve({
            host,
            port: actual,
            url: `http${tls === undefined ? '' : 's'}://${host.includes(':') ? `[${host}]` : host}:${actual}`,
          });
        });
      });
    },
    stop() {
      if (!server.listening) return Promise.resolve();
      isStopping = true;
      stopChecks();
      return new Promise((resolve) => {
        const callOff = afterWallTime(limits.stopTimeout, () => connections.destroyAll());
        let callOffPace = (): void => {};
        const closeIdle = (): void => {
          server.closeIdleConnections();
          callOffPace = afterWallTime(STOP_PACE, closeIdle);
        };
        server.close(() => {
          callOff();
          callOffPace();
          resolve();
        });
        closeIdle();
      });
    },
  };
}

/** Who has no certificate is let in all the same: only operations that demand one refuse it. */
function handshakeOf({ ca }: TlsMaterial, { headersTimeout }: HttpLimits) {
  return { requestCert: ca !== undefined, rejectUnauthorized: false, handshakeTimeout: headersTimeout };
}

/** The shortest answer there is: whoever sends what cannot be parsed reads no body. */
function refuseBadRequest(error: NodeJS.ErrnoException, socket: Duplex & { _httpMessage?: ServerResponse }): void {
  // A response that has begun cannot be taken back, and a second one behind it would be taken for its body.
  if (!socket.writable || error.code === 'ECONNRESET' || socket._httpMessage?.headersSent === true) {
    socket.destroy(error);
    return;
  }
  const status = STATUS_LINES[error.code ?? ''] ?? '400 Bad Request';
  socket.write(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  closeSocket(socket);
}

/** Answers without a look at what is asked for, and closes the connection. */
function turnAway(request: IncomingMessage, response: ServerResponse, refusal: Refusal): void {
  response.shouldKeepAlive = false;
  writeResponse(request, response, renderProblem(refusal.status, problemBody(refusal), refusal.headers));
}

/**
 * Makes what finds out whether a request names the host that it asks once, and in a way that is one (RFC 9112, 3.2). Clients
 * come back to the address they know.
 */
function createHostCheck(): (request: IncomingMessage) => boolean {
  let last = '';
  return ({ rawHeaders, headers: { host = '' } }) => {
    let count = 0;
    for (let index = 0; index < rawHeaders.length; index += 2) {
      const { length } = rawHeaders[index] ?? '';
      if (length === 4 && rawHeaders[index]?.toLowerCase() === 'host') count += 1;
    }
    if (count > 1) return false;
    if (host === last) return true;
    if (!HOST.test(host)) return false;
    last = host;
    return true;
  };
}

/** A name or address, with or without a port (RFC 3986, 3.2.2). One behind a user is read, too: the control API answers it 403. */
const HOST = /^(?:[^@\s,/]*@)?(?:[\w.~%!$&'()*+,;=-]*|\[[\dA-Fa-f:.]+\])(?::\d*)?$/;

function hostInvalid(): Refusal {
  return new Refusal(
    400,
    'HOST_INVALID',
    'Failed to read the request: it has to name one host, in one Host header. Send the name or address that you connect to.',
  );
}

function stopping(): Refusal {
  return new Refusal(503, 'STOPPING', 'Failed to answer: the simulator stops. Ask again when it has started.', {
    headers: { 'retry-after': '1', [NOT_BEGUN]: '1' },
  });
}

function tooManySockets({ maxSockets, maxSocketsPerAddress }: ConnectionLimits): Refusal {
  return new Refusal(
    503,
    'TOO_MANY_CONNECTIONS',
    `Failed to answer: as many connections are in use as there may be, ${maxSockets} altogether and ${maxSocketsPerAddress} from one address. Close some, or raise --max-sockets or --max-sockets-per-address.`,
    { headers: { 'retry-after': '1' } },
  );
}

const STATUS_LINES: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: '413 Payload Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

function toSimulatorError(error: NodeJS.ErrnoException, host: string, port: number): SimulatorError {
  const place = `${host}:${port}`;
  switch (error.code) {
    case 'EADDRINUSE':
      return new SimulatorError(
        'ADDRESS_IN_USE',
        `Failed to listen on ${place}: the port is in use. Stop the other process or choose another --port.`,
        { cause: error },
      );
    case 'EACCES':
      return new SimulatorError(
        'ADDRESS_UNAVAILABLE',
        `Failed to listen on ${place}: the system does not permit it. Choose a --port from 1024 up.`,
        { cause: error },
      );
    default:
      return new SimulatorError(
        'ADDRESS_UNAVAILABLE',
        `Failed to listen on ${place}: this machine has no such address (${error.code ?? error.message}). Choose another --host.`,
        { cause: error },
      );
  }
}
