import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { SimulatorError } from '../../errors.ts';
import { afterWallTime } from '../wall-time.ts';

export interface HttpServerOptions {
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
  /** Answers every request; it never throws. */
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void;
  readonly limits?: Partial<HttpLimits>;
}

/** What one client can cost at most; times are wall time in milliseconds. */
export interface HttpLimits {
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
  readonly maxConnections: number;
  /** For requests under way when the server stops. Default 5 s. */
  readonly stopTimeout: number;
}

export interface HttpServer {
  /** For surfaces that take over connections (`upgrade`). */
  readonly server: Server;
  /** Throws `ADDRESS_IN_USE` or `ADDRESS_UNAVAILABLE`. */
  start(): Promise<{ readonly host: string; readonly port: number; readonly url: string }>;
  /** Takes no more requests, ends those under way, closes every connection. */
  stop(): Promise<void>;
}

const LIMITS: HttpLimits = {
  headersTimeout: 30_000,
  requestTimeout: 60_000,
  checkInterval: 1_000,
  keepAliveTimeout: 30_000,
  maxHeaderSize: 16 * 1024,
  maxHeaders: 200,
  maxConnections: 10_000,
  stopTimeout: 5_000,
};

/** How often a stopping server looks for connections that have become idle. */
const STOP_PACE = 20;

/**
 * Makes the one server in front of everything.
 *
 * @example
 * const http = createHttpServer({ host: '127.0.0.1', port: 0, handle: new Dispatcher(options).handle });
 * const { url } = await http.start();
 */
export function createHttpServer({ host, port, handle, limits: given = {} }: HttpServerOptions): HttpServer {
  const limits = { ...LIMITS, ...given };
  const sockets = new Set<Socket>();
  let isStopping = false;
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    if (isStopping) response.shouldKeepAlive = false;
    handle(request, response);
  };
  const server = createServer(
    {
      headersTimeout: limits.headersTimeout,
      requestTimeout: limits.requestTimeout,
      connectionsCheckingInterval: limits.checkInterval,
      keepAliveTimeout: limits.keepAliveTimeout,
      maxHeaderSize: limits.maxHeaderSize,
      insecureHTTPParser: false,
      noDelay: true,
    },
    answer,
  );
  server.maxHeadersCount = limits.maxHeaders;
  server.maxConnections = limits.maxConnections;
  // Without this, Node gives leave to send a body before anybody has looked whether it is wanted.
  server.on('checkContinue', answer);
  server.on('clientError', refuseBadRequest);
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });

  return {
    server,
    start() {
      return new Promise((resolve, reject) => {
        const onError = (error: NodeJS.ErrnoException): void => reject(toSimulatorError(error, host, port));
        server.once('error', onError);
        server.listen({ host, port }, () => {
          server.off('error', onError);
          const { port: actual } = server.address() as AddressInfo;
          resolve({ host, port: actual, url: `http://${host.includes(':') ? `[${host}]` : host}:${actual}` });
        });
      });
    },
    stop() {
      if (!server.listening) return Promise.resolve();
      isStopping = true;
      return new Promise((resolve) => {
        const callOff = afterWallTime(limits.stopTimeout, () => {
          for (const socket of sockets) socket.destroy();
        });
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

/** The shortest answer there is: whoever sends what cannot be parsed reads no body. */
function refuseBadRequest(error: NodeJS.ErrnoException, socket: Duplex & { _httpMessage?: ServerResponse }): void {
  // A response that has begun cannot be taken back, and a second one behind it would be taken for its body.
  if (!socket.writable || error.code === 'ECONNRESET' || socket._httpMessage?.headersSent === true) {
    socket.destroy(error);
    return;
  }
  const status = STATUS_LINES[error.code ?? ''] ?? '400 Bad Request';
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
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
