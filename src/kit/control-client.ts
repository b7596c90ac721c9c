import { SimulatorError } from '../errors.ts';
import { problemText } from '../lib/problem-text.ts';
import type { AskedRequest } from '../model/asked-request.ts';

/** What brings requests to a simulator: over HTTP, or in the same process. */
export interface ControlPort {
  /** Where clients of the simulator find it, without a slash at the end; throws where it is not there. */
  readonly url: () => string;
  /** Rejects where there is no answer. */
  readonly send: (request: AskedRequest) => Promise<{ readonly status: number; readonly body: string }>;
}

/** Asks the control API on behalf of one tenant. */
export class ControlClient {
  readonly #port: ControlPort;
  readonly #tenant: string;
  readonly #adminToken: () => string | undefined;
  #made: Promise<unknown> | undefined;

  constructor(port: ControlPort, tenant: string, adminToken: () => string | undefined = () => undefined) {
    this.#port = port;
    this.#tenant = tenant;
    this.#adminToken = adminToken;
  }

  get url(): string {
    return this.#port.url();
  }

  /**
   * The answer's body as it was written; throws `CONTROL_REFUSED` with what the simulator says, and `UNREACHABLE`. The
   * tenant is there before it is asked for anything.
   */
  async text(method: string, path: string, facts: CallFacts = {}): Promise<string> {
    await this.#makeTenant();
    return this.#send(method, `/@${this.#tenant}${HOME}${path}`, facts);
  }

  /** The same for an answer in JSON. */
  async json<T>(method: string, path: string, facts: CallFacts = {}): Promise<T> {
    const text = await this.text(method, path, facts);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  /** Every item of a list, however many answers that takes. */
  async list<T>(path: string, query: CallFacts['query'] = {}): Promise<T[]> {
    const items: T[] = [];
    let { after } = query;
    for (;;) {
      const part = await this.json<{ items: T[]; next?: string }>('GET', path, {
        query: { limit: LARGEST_PART, ...query, after },
      });
      items.push(...part.items);
      if (part.next === undefined || query.limit !== undefined) return items;
      after = part.next;
    }
  }

  /** Deletes the tenant, if it is there; it is not where its simulator has been stopped. */
  async deleteTenant(): Promise<void> {
    this.#made = undefined;
    try {
      await this.#send('DELETE', this.#place, {});
    } catch (error) {
      if (!(error instanceof SimulatorError && (error.status === 404 || error.code === 'NOT_STARTED'))) throw error;
    }
  }

  /** Where the tenant itself is made and deleted; asked for by way of itself, it would be there before and after. */
  get #place(): string {
    return `${HOME}/tenants/${encodeURIComponent(this.#tenant)}`;
  }

  #makeTenant(): Promise<unknown> {
    this.#made ??= this.#send('PUT', this.#place, {}).catch((error: unknown) => {
      this.#made = undefined;
      throw error;
    });
    return this.#made;
  }

  async #send(method: string, path: string, { query = {}, body }: CallFacts): Promise<string> {
    const pairs = Object.entries(query).filter(([, value]) => value !== undefined);
    const search = new URLSearchParams(pairs.map(([name, value]): [string, string] => [name, String(value)]));
    const adminToken = this.#adminToken();
    const answer = await this.#port.send({
      method,
      path: `${path}${pairs.length === 0 ? '' : `?${search}`}`,
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(adminToken !== undefined && { authorization: `Bearer ${adminToken}` }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (answer.status < 400) return answer.body;
    const { status } = answer;
    const otherwise = `Failed to steer the simulator: it answered ${status}. ${answer.body.slice(0, 200)}`;
    throw new SimulatorError('CONTROL_REFUSED', problemText(answer.body, otherwise), { status });
  }
}

export interface CallFacts {
  /** Values that are undefined are left out. */
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: unknown;
}

/** Where the control API stands. */
const HOME = '/_simulator';

/** The most items that the control API answers at once. */
const LARGEST_PART = 10_000;
