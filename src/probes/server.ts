import type { Contract } from '../model/contract.ts';
import { type ProbeRequest, toWire, type WireRequest } from './request.ts';

/** What comes back over the wire. */
export interface WireAnswer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Whether the body was larger than is read of one. */
  readonly isCut: boolean;
}

/** A request that was sent, and what came of it. */
export interface Asked {
  readonly curl: string;
  readonly answer: WireAnswer | undefined;
  /** Why there is no answer. */
  readonly problem: string;
}

/** Sends one request; rejects where there is no answer, with a `ConnectionLost` where it may have missed the server. */
export type Send = (request: WireRequest) => Promise<WireAnswer>;

/** A connection that ended before an answer began: a server may close one that was idle just as it is used again. */
export class ConnectionLost extends Error {}

export interface ServerOptions {
  readonly url: URL;
  /** Headers that the user proves himself with. */
  readonly credentials: Readonly<Record<string, string>>;
  readonly send: Send;
  readonly maxRequests: number;
  /** Waits so many milliseconds. */
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** Milliseconds that are waited where a server has had enough for the moment, at most, and how often. */
const LONGEST_WAIT = 5_000;
const MOST_WAITS = 3;

/**
 * The server that is tested, and how often it may still be asked.
 *
 * @example await new TestedServer(options).ask(request, contract)
 */
export class TestedServer {
  readonly #options: ServerOptions;
  #asked = 0;

  constructor(options: ServerOptions) {
    this.#options = options;
  }

  /** Requests that have been sent. */
  get asked(): number {
    return this.#asked;
  }

  /** Whether it may be asked no more. */
  get isUsedUp(): boolean {
    return this.#asked >= this.#options.maxRequests;
  }

  async ask(request: ProbeRequest, contract: Contract): Promise<Asked> {
    const { url, credentials, sleep } = this.#options;
    return this.#send(toWire(request, contract, url, credentials), sleep);
  }

  /** Asks for an address that the server has given, with the same credentials. */
  async follow(target: string): Promise<Asked> {
    const { credentials, sleep } = this.#options;
    return this.#send(
      { method: 'GET', target, headers: { accept: 'application/json, */*;q=0.5', ...credentials } },
      sleep,
    );
  }

  async #send(request: WireRequest, sleep: ServerOptions['sleep']): Promise<Asked> {
    const curl = toCurl(request, this.#options);
    let isRepeated = false;
    for (let waits = 0; ; waits += 1) {
      if (this.isUsedUp) return { curl, answer: undefined, problem: 'no more requests may be sent' };
      this.#asked += 1;
      try {
        const answer = await this.#options.send(request);
        if (answer.status !== 429 || waits === MOST_WAITS) return { curl, answer, problem: '' };
        await sleep(Math.min(LONGEST_WAIT, Number(answer.headers['retry-after'] ?? 1) * 1_000 || 1_000));
      } catch (error) {
        // A server that breaks down at this request does so again.
        if (error instanceof ConnectionLost && !isRepeated) {
          isRepeated = true;
          continue;
        }
        return { curl, answer: undefined, problem: error instanceof Error ? error.message : String(error) };
      }
    }
  }
}

/** A request as a command that repeats it, without what the user proves himself with. */
function toCurl({ method, target, headers, text }: WireRequest, { url, credentials }: ServerOptions): string {
  const secret = new Set(Object.keys(credentials));
  const parts = [`curl -i -X ${method}`];
  for (const [name, value] of Object.entries(headers)) {
    if (name === 'accept') continue;
    parts.push(`-H ${quoted(`${name}: ${secret.has(name) ? '…' : value}`)}`);
  }
  if (text !== undefined)
    parts.push(`-d ${quoted(text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text)}`);
  return [...parts, quoted(`${url.origin}${target}`)].join(' ');
}

/** Characters of a body that a command shows. */
const LONGEST_SHOWN = 2_000;

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
