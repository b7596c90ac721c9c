import type { IncomingMessage } from 'node:http';
import { wallNow } from '../wall-time.ts';

/** Milliseconds within which a browser repeats a request whose connection was reset; it does so at once. */
const WINDOW = 2_000;

/** The most requests that are waited for again. */
const MOST_EXPECTED = 100;

/**
 * A browser whose connection is reset asks again by itself where the connection had been used before, and the page never
 * learns of it: a fault that strikes once would be invisible. So the repetition is reset too, until it comes on a fresh
 * connection, where a browser gives up and tells the page.
 *
 * @example
 * if (retries.isRepeated(request)) request.socket.resetAndDestroy();
 */
export class BrowserRetries {
  readonly #expected = new Map<string, number>();

  /** Remembers a request whose connection is about to be reset, if a browser will repeat it. */
  expect(request: IncomingMessage): void {
    if (!isOfBrowser(request) || !isUsed(request)) return;
    const [oldest] = this.#expected.keys();
    if (this.#expected.size >= MOST_EXPECTED && oldest !== undefined) this.#expected.delete(oldest);
    this.#expected.set(keyOf(request), wallNow() + WINDOW);
  }

  /** Whether this is such a repetition, which is to meet what the first one met. */
  isRepeated(request: IncomingMessage): boolean {
    if (this.#expected.size === 0 || !isOfBrowser(request)) return false;
    const key = keyOf(request);
    const until = this.#expected.get(key);
    if (until === undefined) return false;
    if (!isUsed(request) || until < wallNow()) this.#expected.delete(key);
    return until >= wallNow();
  }
}

/** Only browsers send this, and no page can set it. */
function isOfBrowser({ headers }: IncomingMessage): boolean {
  return headers['sec-fetch-mode'] !== undefined;
}

/** Whether the connection has carried an answer before. */
function isUsed({ socket }: IncomingMessage): boolean {
  return socket.bytesWritten > 0;
}

function keyOf({ method, url, headers }: IncomingMessage): string {
  return `${method} ${headers.host}${url} ${headers['user-agent']}`;
}
