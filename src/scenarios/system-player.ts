import { formatInstant, type Instant, SECOND } from '../lib/time.ts';
import type { Channel } from '../model/channel.ts';
import type { Contract } from '../model/contract.ts';
import { StepError } from './build-call.ts';
import type { HttpExchange, OperationCall, Player, ReceivedMessage } from './player.ts';
import type { PlacedStep } from './reachable-steps.ts';
import { headerOf } from './scope.ts';
import { sendRequest, type Wire } from './send-request.ts';
import { requestOf } from './to-request.ts';

/** Opens a WebSocket as a client; rejects when the connection is refused. */
export type Connect = (
  url: string,
  headers: Readonly<Record<string, string>>,
  listener: { message(text: string): void; closed(reason: string): void },
) => Promise<Connection>;

export interface Connection {
  send(text: string): Promise<void>;
  close(): void;
}

export interface SystemPlayerOptions extends Wire {
  /** What stands in place of the scheme and host of every contract, without a trailing slash. */
  readonly baseUrl: string;
  /** Bearer token for operations that want one; a step may bring its own. */
  readonly token?: string;
  /** All steps that may be played, so that every channel is listened to from the start. */
  readonly steps: readonly PlacedStep[];
  readonly connect: Connect;
  /** Wall time. */
  readonly now: () => Instant;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/**
 * Plays a workflow on a system that is no simulator, in real time: there is one world for all, nobody moves its clock,
 * and its messages come over WebSockets. Rejects for steps that only a simulator can play, before anything is done.
 *
 * @example const player = await createSystemPlayer({ baseUrl: 'https://bss.example.com', steps, ...io });
 */
export async function createSystemPlayer(options: SystemPlayerOptions): Promise<Player> {
  for (const { document, step } of options.steps) {
    const reason = mistakeOf(step.target);
    if (reason === undefined) continue;
    throw new Error(
      `step \`${step.stepId}\` (${document.file}:${step.line()}) ${reason}, and ${options.baseUrl} is no simulator. Leave it out, or play the workflow on a simulator.`,
    );
  }
  const player = new SystemPlayer(options);
  await player.listen();
  return player;
}

/** What keeps a step from being played on anything but a simulator. */
function mistakeOf(target: PlacedStep['step']['target']): string | undefined {
  if (target.kind === 'operation' && target.operation.path.startsWith('/_simulator/'))
    return `calls \`${target.operation.id}\` of the simulator's own API`;
  if (target.kind !== 'channel') return undefined;
  const { channel, contract, action } = target;
  const what = `${action === 'send' ? 'sends on' : 'listens to'} \`${channel.address}\``;
  if (contract.webSocketPath === undefined) return `${what}, whose document names no server for WebSockets`;
  if (/\{[^}]+\}/.test(channel.address)) return `${what}, whose address is not known before it is played`;
  return undefined;
}

/** A channel that is listened to, and what has come on it. */
interface Line {
  readonly url: string;
  readonly connection: Connection;
  readonly untaken: ReceivedMessage[];
}

class SystemPlayer implements Player {
  /** Nobody waits a month in real time; a step that wants to wait longer says so. */
  readonly usualWait = 30 * SECOND;
  readonly #options: SystemPlayerOptions;
  readonly #lines = new Map<string, Line>();
  readonly #messages: ReceivedMessage[] = [];
  /** Why no more messages come, by the address of the socket. */
  readonly #lost = new Map<string, string>();
  /** Those who wait for something to come. */
  readonly #waiting = new Set<() => void>();

  constructor(options: SystemPlayerOptions) {
    this.#options = options;
  }

  async listen(): Promise<void> {
    try {
      for (const { step } of this.#options.steps) {
        if (step.target.kind !== 'channel') continue;
        const { channel, contract } = step.target;
        const key = keyOf(channel);
        if (!this.#lines.has(key)) this.#lines.set(key, await this.#open(channel, contract));
      }
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  async call(call: OperationCall): Promise<HttpExchange> {
    const { baseUrl, token } = this.#options;
    const request = requestOf(call, baseUrl);
    const headers = { ...request.headers };
    if (token !== undefined && wantsBearer(call) && headerOf(headers, 'authorization') === undefined)
      headers.authorization = `Bearer ${token}`;
    const { method, url } = request;
    const response = await sendRequest(this.#options, { method, url, headers, body: call.text, timeout: call.timeout });
    return { request: { ...request, headers }, response };
  }

  async receive(
    channel: Channel,
    { timeout, accepts }: { readonly timeout: number; readonly accepts: (message: ReceivedMessage) => boolean },
  ): Promise<ReceivedMessage | undefined> {
    const { now } = this.#options;
    const { url, untaken } = this.#lineOf(channel);
    const deadline = now() + timeout;
    for (;;) {
      const index = untaken.findIndex(accepts);
      if (index !== -1) return untaken.splice(index, 1)[0];
      const left = deadline - now();
      if (left <= 0) return undefined;
      const lost = this.#lost.get(url);
      if (lost !== undefined) throw new Error(`nothing more comes from ${url}: ${lost}`);
      await this.#nextMessage(left);
    }
  }

  async send(
    channel: Channel,
    { payload, headers }: { readonly payload: unknown; readonly headers: Readonly<Record<string, unknown>> },
  ): Promise<void> {
    const [name] = Object.keys(headers);
    if (name !== undefined)
      throw new StepError(`A message on a WebSocket has no header \`${name}\`: it can only hold a payload.`);
    await this.#lineOf(channel).connection.send(JSON.stringify(payload));
  }

  wait(milliseconds: number): Promise<void> {
    return this.#options.sleep(milliseconds);
  }

  async now(): Promise<Instant> {
    return this.#options.now();
  }

  async messages(): Promise<readonly ReceivedMessage[]> {
    return this.#messages;
  }

  async close(): Promise<void> {
    for (const { connection } of this.#lines.values()) connection.close();
  }

  #lineOf(channel: Channel): Line {
    const line = this.#lines.get(keyOf(channel));
    if (line === undefined) throw new Error(`nobody listens to ${channel.address}`);
    return line;
  }

  async #open(channel: Channel, contract: Contract): Promise<Line> {
    const { baseUrl, token, connect } = this.#options;
    const path = channel.address.replace(/^\//, '').split('/').map(encodeURIComponent).join('/');
    const url = `${baseUrl.replace(/^http/i, 'ws')}${contract.webSocketPath ?? ''}/${path}`;
    const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const untaken: ReceivedMessage[] = [];
    const listener = {
      message: (text: string) => {
        const at = formatInstant(this.#options.now());
        const message = { channel: channel.address, at, payload: parsed(text), headers: {} };
        untaken.push(message);
        this.#messages.push(message);
        this.#wake();
      },
      closed: (reason: string) => {
        this.#lost.set(url, reason);
        this.#wake();
      },
    };
    try {
      return { url, untaken, connection: await connect(url, headers, listener) };
    } catch (error) {
      throw new Error(`\`${channel.address}\` cannot be listened to at ${url}`, { cause: error });
    }
  }

  #nextMessage(longest: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        callOff();
        this.#waiting.delete(wake);
        resolve();
      };
      const callOff = this.#options.patience(longest, wake);
      this.#waiting.add(wake);
    });
  }

  #wake(): void {
    for (const wake of this.#waiting) wake();
  }
}

/** Both directions of a channel are one connection. */
function keyOf({ system, contract, address }: Channel): string {
  return `${system}/${contract}/${address}`;
}

/** Whether a bearer token is one way to satisfy what an operation demands. */
function wantsBearer({ operation: { security }, contract }: OperationCall): boolean {
  const names = security.flatMap((requirement) => Object.keys(requirement));
  return names.some((name) => {
    const scheme = contract.securitySchemes[name];
    return scheme?.type === 'oauth2' || scheme?.type === 'openIdConnect' || scheme?.scheme === 'bearer';
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
