import { type Operation, operationKey } from '../../../model/operation.ts';
import type { Violation } from '../../../model/schema.ts';
import type { ProxiedExchange, ProxiedMessage } from './exchange.ts';

/** What a proxy has found out, as its reports tell it. */
export interface ProxyReport {
  readonly upstream: string;
  readonly requests: number;
  /** Requests for an operation of a contract: both sides of them were looked at. */
  readonly checked: number;
  /** Exchanges with a violation. */
  readonly broken: number;
  readonly operations: readonly OperationReport[];
  /** Messages on channels of the contracts, and those of them with a violation. */
  readonly messages: number;
  readonly brokenMessages: number;
  readonly channels: readonly ChannelReport[];
  /** What no contract describes, the most frequent first. */
  readonly unknown: readonly { readonly method: string; readonly path: string; readonly times: number }[];
}

export interface OperationReport {
  /** `<system>/<contract>/<operationId>`. */
  readonly operation: string;
  readonly system: string;
  readonly contract: string;
  readonly operationId: string;
  readonly method: string;
  readonly path: string;
  readonly requests: number;
  readonly broken: number;
  readonly violations: readonly FoundViolation[];
}

export interface ChannelReport {
  readonly system: string;
  readonly contract: string;
  readonly channel: string;
  readonly messages: number;
  readonly broken: number;
  readonly violations: readonly FoundViolation[];
}

/** One way in which exchanges of an operation, or messages of a channel, have broken the contract. */
export interface FoundViolation extends Violation {
  readonly times: number;
  /** The exchange in which it was seen first. */
  readonly first: { readonly url: string; readonly status: number };
}

/** Violations of one operation that are told apart, and paths that no contract has; further ones are counted. */
const MOST_APART = 200;

/**
 * Puts together what a proxy sees, bounded however long it runs.
 *
 * @example
 * const findings = new Findings('http://127.0.0.1:8080');
 * createProxy({ ...options, observe: (exchange) => findings.add(exchange) });
 */
export class Findings {
  readonly #upstream: string;
  readonly #operations = new Map<string, OperationFindings>();
  readonly #channels = new Map<string, ChannelFindings>();
  readonly #unknown = new Map<string, { method: string; path: string; times: number }>();
  #requests = 0;
  #checked = 0;
  #broken = 0;
  #messages = 0;
  #brokenMessages = 0;

  constructor(upstream: string) {
    this.#upstream = upstream;
  }

  /** Exchanges and messages in which something broke a contract. */
  get broken(): number {
    return this.#broken + this.#brokenMessages;
  }

  add(exchange: ProxiedExchange): void {
    const { operation, violations } = exchange;
    this.#requests += 1;
    if (operation === undefined) {
      this.#addUnknown(exchange);
      return;
    }
    this.#checked += 1;
    if (violations.length > 0) this.#broken += 1;
    const key = operationKey(operation);
    const found = this.#operations.get(key) ?? { operation, requests: 0, broken: 0, violations: new Map() };
    this.#operations.set(key, found);
    found.requests += 1;
    if (violations.length > 0) found.broken += 1;
    for (const violation of violations) addTo(found.violations, violation, exchange);
  }

  addMessage({ channel, violations, url }: ProxiedMessage): void {
    const { system, contract, address } = channel;
    const key = `${system}/${contract}/${address}`;
    const found = this.#channels.get(key) ?? {
      system,
      contract,
      address,
      messages: 0,
      broken: 0,
      violations: new Map(),
    };
    this.#channels.set(key, found);
    this.#messages += 1;
    found.messages += 1;
    if (violations.length > 0) {
      this.#brokenMessages += 1;
      found.broken += 1;
    }
    for (const violation of violations) addTo(found.violations, violation, { url, status: SWITCHED });
  }

  report(): ProxyReport {
    return {
      upstream: this.#upstream,
      requests: this.#requests,
      checked: this.#checked,
      broken: this.#broken,
      operations: [...this.#operations]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, { operation, requests, broken, violations }]) => {
          const { system, contract, id: operationId, method, path } = operation;
          const found = [...violations.values()];
          return { operation: key, system, contract, operationId, method, path, requests, broken, violations: found };
        }),
      messages: this.#messages,
      brokenMessages: this.#brokenMessages,
      channels: [...this.#channels]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([, { address: channel, violations, ...rest }]) => ({
          ...rest,
          channel,
          violations: [...violations.values()],
        })),
      unknown: [...this.#unknown.values()].sort((a, b) => b.times - a.times),
    };
  }

  #addUnknown({ method, url }: ProxiedExchange): void {
    const [path = ''] = url.split('?');
    const known = this.#unknown.get(`${method} ${path}`);
    if (known !== undefined) known.times += 1;
    else if (this.#unknown.size < MOST_APART) this.#unknown.set(`${method} ${path}`, { method, path, times: 1 });
  }
}

interface OperationFindings {
  readonly operation: Operation;
  requests: number;
  broken: number;
  readonly violations: Map<string, { -readonly [K in keyof FoundViolation]: FoundViolation[K] }>;
}

interface ChannelFindings {
  readonly system: string;
  readonly contract: string;
  readonly address: string;
  messages: number;
  broken: number;
  readonly violations: OperationFindings['violations'];
}

/** Of the answer that a connection of messages begins with. */
const SWITCHED = 101;

function addTo(
  kept: OperationFindings['violations'],
  violation: Violation,
  { url, status }: Pick<ProxiedExchange, 'url' | 'status'>,
): void {
  const { of, in: where, path, message } = violation;
  // Items of a list that are all wrong in one way are one finding.
  const place = path.replace(/\/\d+(?=\/|$)/g, '/*');
  const key = JSON.stringify([of, where, place, message]);
  const known = kept.get(key);
  if (known !== undefined) known.times += 1;
  else if (kept.size < MOST_APART) kept.set(key, { ...violation, path: place, times: 1, first: { url, status } });
}
