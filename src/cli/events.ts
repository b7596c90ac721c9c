import { adviceOn, troubleOf } from '../lib/connection-trouble.ts';
import type { Activity } from '../model/activity.ts';
import type { SimulatorEvent } from '../model/event.ts';
import { columnsOf, createStyle, type Style, toLine } from './style.ts';

export interface EventsCommand {
  /** Where the simulator listens. */
  readonly url: string;
  /** The address of a channel, `*` allowed; default: all channels. */
  readonly channel?: string;
  /** The id of the event to begin after; default: what happens from now on. */
  readonly after?: string;
  readonly tenant?: string;
  /** Follow everything that happens, requests first of all, in place of events alone. */
  readonly activity?: boolean;
  /** The administrator's token, wanted beyond loopback. */
  readonly token?: string;
}

/** What the command needs of its surroundings. */
export interface EventsContext {
  readonly stdout: { write(text: string): unknown; readonly isTTY?: boolean; readonly columns?: number };
  readonly stderr: { write(text: string): unknown };
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** Wall time. */
  readonly afterWallTime: (milliseconds: number, callback: () => void) => () => void;
  /** Calls back on SIGTERM, SIGINT and SIGHUP; the answer ends it. */
  readonly onSignal: (callback: () => void) => () => void;
}

/** Waiting times before the first, second, … try to connect again, in milliseconds; the last one repeats. */
const BACK_OFF = [100, 300, 1_000, 3_000, 5_000];

/**
 * The command `events`: follows the event log of a running simulator until it is stopped, whatever becomes of the
 * connection meanwhile. On a terminal one line an event, in a pipe JSON Lines. Answers the exit code: 0 stopped by a signal,
 * 1 nobody listens there, 2 the simulator refuses it.
 *
 * @example process.exitCode = await followLog({ url: 'http://127.0.0.1:4010', channel: 'billing/*' }, context);
 */
export async function followLog(command: EventsCommand, context: EventsContext): Promise<number> {
  const address = addressOf(command);
  if (command.activity === true && command.channel !== undefined) {
    context.stderr.write(
      'Failed to follow the activity: --channel chooses among events, and it is more than these. Leave out one of them.\n',
    );
    return 2;
  }
  if (address === undefined) {
    context.stderr.write(
      `Failed to follow the events: "${command.url}" is no address. Give one such as --url http://127.0.0.1:4010.\n`,
    );
    return 2;
  }
  const stopping = new AbortController();
  const stopListening = context.onSignal(() => stopping.abort());
  try {
    return await follow(address, command, context, stopping.signal);
  } finally {
    stopListening();
  }
}

async function follow(
  address: string,
  { after, tenant, token, activity }: EventsCommand,
  context: EventsContext,
  signal: AbortSignal,
): Promise<number> {
  const print = createPrinter(context, activity === true ? activityLine : undefined);
  const say = (text: string) => void context.stderr.write(`${text}\n`);
  let lastId = after;
  let hasConnected = false;
  let failures = 0;
  while (!signal.aborted) {
    try {
      const headers = {
        accept: 'text/event-stream',
        ...(lastId !== undefined && { 'last-event-id': lastId }),
        ...(tenant !== undefined && { 'x-simulator-tenant': tenant }),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      };
      const response = await context.fetch(address, { headers, signal });
      const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
      if (!response.ok || !isStream || response.body === null) {
        const problem = await problemOf(response);
        if (response.status === 410 && hasConnected) {
          say('The log begins anew: what happened meanwhile is not in it.');
          lastId = undefined;
          continue;
        }
        say(problem);
        return response.status >= 400 && response.status < 500 ? 2 : 1;
      }
      if (failures > 0) say('Connected again.');
      hasConnected = true;
      failures = 0;
      for await (const { id, data } of messagesOf(response.body)) {
        if (data !== undefined) print(data);
        if (id !== undefined) lastId = id;
      }
    } catch (error) {
      if (signal.aborted) break;
      if (!hasConnected) {
        say(
          `Failed to follow the events: ${address} cannot be reached (${troubleOf(error)}). ${adviceOn(error, 'Start the simulator, or give its --url.')}`,
        );
        return 1;
      }
    }
    if (signal.aborted) break;
    if (failures === 0) say('The connection is lost; trying again.');
    await pause(BACK_OFF[Math.min(failures, BACK_OFF.length - 1)] ?? 0, context, signal);
    failures += 1;
  }
  return 0;
}

function addressOf({ url, channel, activity }: EventsCommand): string | undefined {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) return undefined;
  // A tenant may be named in the path as well: what the address has, it keeps.
  const address = new URL(`${url.replace(/\/+$/, '')}/_simulator/${activity === true ? 'activity' : 'events'}`);
  if (channel !== undefined) address.searchParams.set('channel', channel);
  return address.href;
}

/** Writes events as they come: for people on a terminal, for programs in a pipe. */
function createPrinter({ stdout, environment }: EventsContext, write?: WriteLine): (data: string) => void {
  if (stdout.isTTY !== true) return (data) => void stdout.write(`${data}\n`);
  const style = createStyle((environment.NO_COLOR ?? '') === '');
  let width = 22;
  if (write !== undefined) {
    return (data) => void stdout.write(`${write(JSON.parse(data) as Activity, style, columnsOf(stdout))}\n`);
  }
  return (data) => {
    const event = JSON.parse(data) as SimulatorEvent;
    width = Math.max(width, event.channel.length);
    stdout.write(`${lineOf(event, width, style, columnsOf(stdout))}\n`);
  };
}

type WriteLine = (item: Activity, style: Style, columns?: number) => string;

/**
 * When, which, what kind of thing, what: a request that nothing answers stands out by its status, which a title ends with
 * and a narrow terminal would not show.
 */
function activityLine({ at, id, kind, title, status, error }: Activity, style: Style, columns?: number): string {
  const what = title.endsWith(` ${status}`) ? `${status} ${title.slice(0, -` ${status}`.length)}` : title;
  const head = `${at.slice(0, 19).replace('T', ' ')}  ${toLine(id, undefined)}  ${kind.padEnd(8)}`;
  const room = columns === undefined ? undefined : Math.max(columns - head.length - 1, 20);
  const text = toLine(error === undefined ? what : `${what}: ${error}`, room);
  return `${style.dim(head)} ${status === undefined && error === undefined ? text : style.status(status, text)}`;
}

function lineOf({ at, channel, payload }: SimulatorEvent, width: number, style: Style, columns?: number): string {
  const time = at.replace('T', ' ').replace('Z', '');
  const room = columns === undefined ? undefined : columns - time.length - width - 4;
  const address = toLine(channel, undefined).padEnd(width);
  return `${style.dim(toLine(time, undefined))}  ${style.channel(channel, address)}  ${toLine(summaryOf(payload), room)}`;
}

/** The members of a message that say something, without those of its envelope. */
function summaryOf(payload: unknown): string {
  if (typeof payload !== 'object' || payload === null) return JSON.stringify(payload) ?? '';
  return Object.entries(payload)
    .filter(([name]) => !/^(event(Id|Type|Time)|tenantId|timestamp)$/.test(name))
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ');
}

/** The messages of an event stream (HTML standard, section 9.2), each with what it has. */
async function* messagesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<{ id?: string; data?: string }> {
  const decoder = new TextDecoder();
  let rest = '';
  let message: { id?: string; data?: string } = {};
  for await (const bytes of body) {
    rest += decoder.decode(bytes, { stream: true });
    const lines = rest.split(/\r?\n/);
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line === '') {
        yield message;
        message = {};
      }
      const [, name, value = ''] = /^([^:]+): ?(.*)$/.exec(line) ?? [];
      if (name === 'id') message.id = value;
      if (name === 'data') message.data = message.data === undefined ? value : `${message.data}\n${value}`;
    }
  }
}

async function problemOf(response: Response): Promise<string> {
  const text = await response.text();
  try {
    const { detail } = JSON.parse(text) as { detail?: unknown };
    if (typeof detail === 'string') return toLine(detail, undefined);
  } catch {
    // Whatever answers there is no simulator.
  }
  return `Failed to follow the events: ${response.url} answers ${response.status}, as no simulator does. Check the --url.`;
}

function pause(milliseconds: number, { afterWallTime }: EventsContext, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      callOff();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const callOff = afterWallTime(milliseconds, done);
    signal.addEventListener('abort', done);
  });
}
