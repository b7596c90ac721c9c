import {
  type Broker,
  type BrokerLink,
  type OutboundMessage,
  UnpublishableMessage,
} from '../../../src/surfaces/queues/broker.ts';

/** How one connection goes wrong; the one after the last of a plan works for ever. */
export interface Failure {
  /** It cannot be opened at all. */
  readonly isRefused: boolean;
  /** So many messages reach the broker before it breaks. */
  readonly taken: number;
  /** So many of those are confirmed. */
  readonly confirmed: number;
  /** Whether the sender learns of the break by a publication that fails, or only by the end of the connection. */
  readonly tells: 'publish' | 'closed' | 'both';
}

/** A broker in memory that fails by plan: like a real one, it takes a prefix of what was sent and confirms a prefix of that. */
export class FakeBroker implements Broker {
  readonly name: string;
  readonly stored: OutboundMessage[] = [];
  readonly #plan: Failure[];
  readonly #window: number;
  /** Addresses of messages it never takes. */
  readonly unpublishable = new Set<string>();
  /** What it hears on a channel can be sent to whoever subscribed. */
  readonly subscribers = new Map<string, Parameters<BrokerLink['subscribe']>[1]>();
  connections = 0;
  links = 0;

  constructor(plan: readonly Failure[] = [], window = 8, name = 'fake://broker') {
    this.#plan = [...plan];
    this.#window = window;
    this.name = name;
  }

  async connect(onClosed: (error?: unknown) => void): Promise<BrokerLink> {
    this.connections += 1;
    const failure = this.#plan.shift();
    if (failure?.isRefused) throw new Error('refused');
    this.links += 1;
    let sent = 0;
    let isClosed = false;
    const close = (error?: unknown): void => {
      if (isClosed) return;
      isClosed = true;
      this.links -= 1;
      onClosed(error);
    };
    return {
      window: this.#window,
      publish: (message) => {
        if (isClosed) return Promise.reject(new Error('closed'));
        if (this.unpublishable.has(message.id)) return Promise.reject(new UnpublishableMessage('too large'));
        sent += 1;
        if (failure === undefined) {
          this.stored.push(message);
          return soon();
        }
        if (sent <= failure.taken) this.stored.push(message);
        if (sent <= Math.min(failure.taken, failure.confirmed)) return soon();
        // Those behind it may still be taken before the break is noticed.
        return soon()
          .then(soon)
          .then(() => {
            if (failure.tells !== 'publish') close(new Error('broken'));
            return failure.tells === 'closed' ? new Promise<void>(() => {}) : Promise.reject(new Error('failed'));
          });
      },
      subscribe: async (channel, receive) => {
        this.subscribers.set(channel.address, receive);
      },
      close: async () => close(),
    };
  }
}

function soon(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
