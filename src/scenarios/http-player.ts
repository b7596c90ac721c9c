import { DAY, formatInstant, type Instant, parseInstant } from '../lib/time.ts';
import type { Channel } from '../model/channel.ts';
import { type Token, type Tokens, tokenFor } from './authorization.ts';
import { isRecord } from './json-values.ts';
import type { HttpExchange, HttpResponse, OperationCall, Player, ReceivedMessage } from './player.ts';
import { headerOf } from './scope.ts';
import { sendRequest, type Wire } from './send-request.ts';
import { requestOf } from './to-request.ts';

export interface HttpPlayerOptions extends Wire {
  /** Where the simulator listens, without a trailing slash. */
  readonly baseUrl: string;
  readonly tenant: string;
  /** Bearer token of the control API, where it wants one. */
  readonly adminToken?: string;
  /** Starts the tenant anew, with this seed where one is given: for a simulator that others have used before. */
  readonly restart?: { readonly seed?: number };
  /** Lets time run by itself, that many times as fast as the wall clock, in place of being moved on. */
  readonly pace?: { readonly speed: number; readonly sleep: (milliseconds: number) => Promise<void> };
}

export interface HttpPlayer extends Player {
  /** The tenant's canonical record. */
  transcript(): Promise<string>;
  messages(): Promise<readonly ReceivedMessage[]>;
}

const PAGE = 10_000;
/** Wall time between two looks at the log while time runs by itself. */
const LOOK_EVERY = 50;

/**
 * Plays a workflow on a simulator, in a tenant of its own. Time is the tenant's: waiting moves its clock, from timer to
 * timer, so that nothing sleeps.
 *
 * @example const player = await createHttpPlayer({ baseUrl: 'http://127.0.0.1:4010', tenant: 'story-1', fetch, patience });
 */
export async function createHttpPlayer(options: HttpPlayerOptions): Promise<HttpPlayer> {
  const player = new SimulatorPlayer(options);
  await player.begin();
  return player;
}

class SimulatorPlayer implements HttpPlayer {
  /** Virtual time costs nothing, so that a month's bill run can be waited for. */
  readonly usualWait = 31 * DAY;
  readonly #options: HttpPlayerOptions;
  readonly #taken = new Set<string>();
  readonly #tokens: Tokens = new Map();
  /** The newest message of the log when the workflow began. */
  #before: string | undefined;
  /** Known as long as nothing but this player moves the clock. */
  #now: Instant | undefined;

  constructor(options: HttpPlayerOptions) {
    this.#options = options;
  }

  async begin(): Promise<void> {
    const { restart, tenant, pace } = this.#options;
    // Asked of another tenant, because one cannot delete the ground it stands on.
    const ofAnother = { tenant: 'default', allowed: [404] };
    if (restart !== undefined) await this.#control('DELETE', `/tenants/${tenant}`, undefined, ofAnother);
    await this.#control('PUT', `/tenants/${tenant}`, undefined, ofAnother);
    if (restart?.seed !== undefined) await this.#control('POST', '/reset', { seed: restart.seed });
    if (pace !== undefined) await this.#control('PUT', '/clock', { mode: 'real', rate: pace.speed });
    this.#before = (await this.#events()).at(-1)?.id;
  }

  async call(call: OperationCall): Promise<HttpExchange> {
    const { baseUrl } = this.#options;
    const request = requestOf(call, baseUrl);
    const headers = { ...request.headers, ...this.#common() };
    const token = headerOf(headers, 'authorization') === undefined ? await this.#tokenFor(call) : undefined;
    if (token !== undefined) headers.authorization = `Bearer ${token.value}`;
    // A step may itself move the clock, or put it back.
    if (call.operation.method !== 'GET') this.#now = undefined;
    const response = await this.#send(request.method, request.url, headers, call.text, call.timeout);
    if (response.status === 401 && token !== undefined && (await this.#hasExpired(token))) return this.#callAgain(call);
    return { request: { ...request, headers }, response };
  }

  /** On a fast clock the hour that a token lasts may be over before it has arrived. */
  async #hasExpired({ until }: Token): Promise<boolean> {
    return this.#options.pace !== undefined && (await this.now()) >= until;
  }

  /** With a new token, while the clock is held. */
  async #callAgain(call: OperationCall): Promise<HttpExchange> {
    await this.#control('PUT', '/clock', { mode: 'manual' });
    try {
      return await this.call(call);
    } finally {
      await this.#control('PUT', '/clock', { mode: 'real', rate: this.#options.pace?.speed });
    }
  }

  async receive(
    channel: Channel,
    { timeout, accepts }: { readonly timeout: number; readonly accepts: (message: ReceivedMessage) => boolean },
  ): Promise<ReceivedMessage | undefined> {
    const deadline = (await this.now()) + timeout;
    for (;;) {
      const found = (await this.#events(channel.address)).find(
        (message) => !this.#taken.has(message.id ?? '') && accepts(message),
      );
      if (found !== undefined) {
        this.#taken.add(found.id ?? '');
        return found;
      }
      if ((await this.now()) >= deadline) return undefined;
      await this.#moveOn(deadline);
    }
  }

  async send(channel: Channel, { payload }: { readonly payload: unknown }): Promise<void> {
    const event = await this.#control('POST', '/events', { channel: channel.address, payload });
    // What a scenario sends itself, it does not wait for.
    if (isRecord(event) && typeof event.id === 'string') this.#taken.add(event.id);
  }

  async wait(milliseconds: number): Promise<void> {
    const { pace } = this.#options;
    if (pace !== undefined) return pace.sleep(milliseconds / pace.speed);
    await this.#advance({ to: formatInstant((await this.now()) + milliseconds) });
  }

  async now(): Promise<Instant> {
    if (this.#now !== undefined && this.#options.pace === undefined) return this.#now;
    this.#now = instantOf(await this.#control('GET', '/clock?limit=1'), 'now');
    return this.#now;
  }

  messages(): Promise<readonly ReceivedMessage[]> {
    return this.#events();
  }

  async transcript(): Promise<string> {
    const { baseUrl } = this.#options;
    const { body } = await this.#send('GET', `${baseUrl}/_simulator/transcript`, this.#administrator(), undefined);
    return typeof body === 'string' ? body : `${JSON.stringify(body)}\n`;
  }

  async #tokenFor(call: OperationCall): Promise<Token | undefined> {
    const { adminToken, baseUrl } = this.#options;
    if (call.operation.path.startsWith('/_simulator/'))
      return adminToken === undefined ? undefined : { value: adminToken, until: Infinity };
    const headers = { ...this.#common(), 'content-type': 'application/x-www-form-urlencoded' };
    return tokenFor(call, this.#tokens, {
      ask: (path, form) => this.#send('POST', `${baseUrl}${path}`, headers, form),
      now: () => this.now(),
    });
  }

  /** To the next timer, or to the deadline where that comes first. */
  async #moveOn(deadline: Instant): Promise<void> {
    const { pace } = this.#options;
    if (pace !== undefined) {
      const left = (deadline - (await this.now())) / pace.speed;
      return pace.sleep(Math.max(1, Math.min(LOOK_EVERY, left)));
    }
    const clock = await this.#control('GET', '/clock?limit=1');
    const pending = isRecord(clock) && Array.isArray(clock.pending) ? (clock.pending as unknown[]) : [];
    const due = isRecord(pending[0]) ? instantOf(pending[0], 'due') : undefined;
    await this.#advance(due === undefined || due > deadline ? { to: formatInstant(deadline) } : { next: true });
  }

  async #advance(how: { readonly to: string } | { readonly next: true }): Promise<void> {
    this.#now = instantOf(await this.#control('POST', '/clock/advance', how), 'to');
  }

  async #events(channel?: string): Promise<ReceivedMessage[]> {
    const found: ReceivedMessage[] = [];
    let after = this.#before;
    for (;;) {
      const query = new URLSearchParams({
        limit: String(PAGE),
        ...(channel !== undefined && { channel }),
        ...(after !== undefined && { after }),
      });
      const page = await this.#control('GET', `/events?${query}`);
      const items = isRecord(page) && Array.isArray(page.items) ? (page.items as unknown[]) : [];
      found.push(...items.filter(isRecord).map(toMessage));
      if (!isRecord(page) || typeof page.next !== 'string') return found;
      after = page.next;
    }
  }

  async #control(
    method: string,
    path: string,
    body?: unknown,
    {
      tenant = this.#options.tenant,
      allowed = [],
    }: { readonly tenant?: string; readonly allowed?: readonly number[] } = {},
  ): Promise<unknown> {
    const headers = {
      ...this.#administrator(),
      'x-simulator-tenant': tenant,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    };
    const text = body === undefined ? undefined : JSON.stringify(body);
    const { status, body: answer } = await this.#send(
      method,
      `${this.#options.baseUrl}/_simulator${path}`,
      headers,
      text,
    );
    if (status < 300 || allowed.includes(status)) return answer;
    const detail = isRecord(answer) && typeof answer.detail === 'string' ? `: ${answer.detail}` : '';
    throw new Error(`${method} /_simulator${path.replace(/\?.*/, '')} answered ${status}${detail}`);
  }

  #send(
    method: string,
    url: string,
    headers: Record<string, string>,
    body: string | undefined,
    timeout?: number,
  ): Promise<HttpResponse> {
    // The time that a step allows is the tenant's, which runs faster than the wall clock where it is set so.
    const wall = timeout === undefined ? undefined : timeout / (this.#options.pace?.speed ?? 1);
    return sendRequest(this.#options, { method, url, headers, body, timeout: wall });
  }

  #common(): Record<string, string> {
    return { 'x-simulator-tenant': this.#options.tenant };
  }

  #administrator(): Record<string, string> {
    const { adminToken } = this.#options;
    return { ...this.#common(), ...(adminToken !== undefined && { authorization: `Bearer ${adminToken}` }) };
  }
}

function toMessage(event: Readonly<Record<string, unknown>>): ReceivedMessage {
  return {
    id: String(event.id),
    channel: String(event.channel),
    at: String(event.at),
    payload: event.payload,
    headers: isRecord(event.headers) ? event.headers : {},
  };
}

function instantOf(value: unknown, member: string): Instant {
  const instant = isRecord(value) ? parseInstant(String(value[member])) : undefined;
  if (instant === undefined) throw new Error(`the control API answered no time in \`${member}\``);
  return instant;
}
