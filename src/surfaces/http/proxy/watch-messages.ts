import type { IncomingMessage } from 'node:http';
import type { ExchangeInput } from '../../../engine/input.ts';
import type { Tenant } from '../../../engine/tenant.ts';
import { createSecretFilter, type SecretFilter } from '../../../lib/secrets.ts';
import { Refusal } from '../../../model/command.ts';
import type { Violation } from '../../../model/schema.ts';
import type { Address } from '../../surface.ts';
import type { ProxiedExchange, ProxiedMessage } from './exchange.ts';
import { MessageReader, type SeenMessage } from './message-reader.ts';
import type { Speaker, WatchedChannel } from './watched-channels.ts';

export interface WatchParts {
  /** Bytes of a message that are looked into. */
  readonly most: number;
  readonly channel: WatchedChannel | undefined;
  readonly secretNames: ReadonlySet<string>;
  /** Whose journal it stands in. */
  readonly locate: () => Promise<Tenant | Refusal>;
  readonly origin: string;
  readonly observe?: ((exchange: ProxiedExchange) => void) | undefined;
  readonly observeMessage?: ((message: ProxiedMessage) => void) | undefined;
  readonly reportFailure: (message: string, error: unknown) => void;
}

/**
 * Looks at what goes over one WebSocket, both ways, by the channel that a contract has there. A message that breaks it stands
 * in the journal at once, and the whole connection when it is over.
 *
 * @example
 * const watch = new MessageWatch(parts, request, address);
 * client.on('data', (chunk) => watch.add('client', chunk));
 */
export class MessageWatch {
  readonly #parts: WatchParts;
  readonly #request: IncomingMessage;
  readonly #filter: SecretFilter;
  readonly #url: string;
  readonly #rawQuery: string;
  readonly #readers: Readonly<Record<Speaker, MessageReader>>;
  readonly #counts: Record<Speaker, number> = { client: 0, server: 0 };
  readonly #notes = new Map<string, number>();
  #broken = 0;
  #isOver = false;
  /** What is written down, one after the other. */
  #written: Promise<void> = Promise.resolve();
  readonly #tenant: Promise<Tenant | Refusal>;

  constructor(parts: WatchParts, request: IncomingMessage, { path, rawQuery }: Address) {
    this.#parts = parts;
    this.#request = request;
    this.#filter = createSecretFilter(parts.secretNames, request.headers);
    this.#url = this.#filter.value(path);
    this.#rawQuery = this.#filter.pairs(rawQuery);
    const readerOf = (by: Speaker) => new MessageReader(parts.most, (message) => this.#hear(message, by));
    this.#readers = { client: readerOf('client'), server: readerOf('server') };
    this.#tenant = parts.locate();
    // Whoever waits for it is told.
    this.#tenant.catch(() => {});
  }

  add(by: Speaker, chunk: Buffer): void {
    if (this.#parts.channel !== undefined) this.#readers[by].add(chunk);
  }

  /** Writes down what the connection has come to; `status` is that of the answer to its first request. */
  end(status: number): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const { channel, observe } = this.#parts;
    const { client, server } = this.#counts;
    const notes =
      channel === undefined
        ? [`No contract has a channel at ${this.#url}: what went over it was not looked at.`]
        : [
            `${times(server, 'message')} of the server and ${client} of the client on ${channel.address}: ${this.#broken === 0 ? 'none' : this.#broken} broke the contract.`,
            ...[...this.#notes].map(([note, count]) => (count === 1 ? note : `${note} (${count} times)`)),
          ];
    const headers = this.#filter.headers(this.#request.headers) as ExchangeInput['headers'];
    const count = client + server;
    const messages = channel === undefined || count === 0 ? undefined : { channel: channel.address, count };
    this.#write({ headers, answer: { status, headers: {} }, notes, ...(messages && { messages }) });
    if (channel !== undefined) return;
    this.#told((tenant) =>
      observe?.({
        ...{ tenant, operation: undefined, method: 'GET', path: {}, url: this.#shownUrl, status },
        ...{ violations: [], notes, body: undefined },
      }),
    );
  }

  get #shownUrl(): string {
    return this.#rawQuery === '' ? this.#url : `${this.#url}?${this.#rawQuery}`;
  }

  #hear(message: SeenMessage, by: Speaker): void {
    const { channel, observeMessage } = this.#parts;
    if (channel === undefined) return;
    this.#counts[by] += 1;
    const { violations, notes, payload } = channel.check(message, by);
    for (const note of notes) this.#notes.set(note, (this.#notes.get(note) ?? 0) + 1);
    if (violations.length > 0) {
      this.#broken += 1;
      const body = this.#filter.value(payload);
      this.#write({
        headers: {},
        ...(by === 'client' && { body }),
        answer: { status: SWITCHED, headers: {}, ...(by === 'server' && { body }) },
        violations,
        notes: [`Message ${this.#counts[by]} of the ${by} on ${channel.address}.`],
        size: 'text' in message ? message.text.length : 0,
      });
    }
    this.#told((tenant) => observeMessage?.({ tenant, channel, by, url: this.#shownUrl, violations }));
  }

  #write(
    seen: Pick<ExchangeInput, 'headers' | 'answer' | 'notes' | 'size' | 'body' | 'messages'> & {
      violations?: readonly Violation[];
    },
  ) {
    const { origin } = this.#parts;
    this.#inTenant((tenant) => {
      tenant.apply({
        ...{ kind: 'exchange', method: 'GET', url: this.#url, rawQuery: this.#rawQuery, recordedIn: 'journal', origin },
        ...seen,
      });
    });
  }

  #told(tell: (tenant: string) => void): void {
    this.#inTenant(({ name }) => tell(name));
  }

  #inTenant(work: (tenant: Tenant) => void): void {
    this.#written = this.#written
      .then(async () => {
        const tenant = await this.#tenant;
        if (!(tenant instanceof Refusal)) work(tenant);
      })
      .catch((error: unknown) => {
        if (!(error instanceof Refusal))
          this.#parts.reportFailure('what went over a WebSocket is not written down', error);
      });
  }
}

/** Of an answer that gives a connection to another protocol. */
const SWITCHED = 101;

function times(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
