import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';

/** What a collector has made of a request: it has taken it, may take it later, or never will. */
export interface Posted {
  readonly outcome: 'taken' | 'later' | 'never';
  readonly reason?: string;
}

/** Where spans go. */
export interface Collector {
  post(body: string): Promise<Posted>;
  /** Closes all connections; what is under way fails. */
  close(): void;
}

export interface CollectorOptions {
  /** Such as `http://127.0.0.1:4318`; without a path, that of the protocol is taken. */
  readonly url: string;
  /** Certificates of the authorities that the collector is trusted by; default: the usual ones. */
  readonly authorities?: readonly string[] | undefined;
  /** Wall time that the collector has to answer, in milliseconds. */
  readonly timeout: number;
  /** Wall time; the answer calls it off. */
  readonly afterWallTime: (milliseconds: number, callback: () => void) => () => void;
}

/** What OTLP wants to be tried again. */
const RETRYABLE = new Set([429, 502, 503, 504]);

/**
 * Makes what posts JSON to a collector of OTLP over HTTP, on a connection that is kept.
 *
 * @example const collector = createCollector({ url: 'http://127.0.0.1:4318', timeout: 5_000, afterWallTime });
 */
export function createCollector({ url: given, authorities, timeout, afterWallTime }: CollectorOptions): Collector {
  const url = new URL(given);
  if (url.pathname === '/') url.pathname = '/v1/traces';
  const isSecure = url.protocol === 'https:';
  const agent = isSecure
    ? new HttpsAgent({ keepAlive: true, ...(authorities !== undefined && { ca: [...authorities] }) })
    : new HttpAgent({ keepAlive: true });
  const send = isSecure ? httpsRequest : httpRequest;
  const post = (body: string): Promise<Posted> =>
    new Promise((resolve) => {
      const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
      const request = send(url, { method: 'POST', agent, headers });
      const callOff = afterWallTime(timeout, () => request.destroy(new Error('it did not answer in time')));
      request.once('response', (response) => {
        const { statusCode = 0 } = response;
        response.resume();
        response.once('close', () => {
          callOff();
          if (statusCode >= 200 && statusCode < 300) resolve({ outcome: 'taken' });
          else resolve({ outcome: RETRYABLE.has(statusCode) ? 'later' : 'never', reason: `it answered ${statusCode}` });
        });
      });
      request.once('error', (error: NodeJS.ErrnoException) => {
        callOff();
        resolve({ outcome: 'later', reason: error.code ?? error.message });
      });
      request.end(body);
    });
  return { post, close: () => agent.destroy() };
}
