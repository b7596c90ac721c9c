import { lookup as lookupAddresses } from 'node:dns';
import { type ClientRequest, Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type {
  AttemptResult,
  ClientCredentials,
  Credentials,
  Dispatch,
  Transport,
} from '../../engine/delivery/delivery.ts';
import { DELIVERY_HEADER, deliveryMark, INBOX } from '../own-deliveries.ts';
import { afterWallTime } from '../wall-time.ts';
import type { AllowList } from './allow-list.ts';
import { ClientTokens } from './client-tokens.ts';
import { PutOff } from './put-off.ts';
import { signatureOf } from './signature.ts';
import { toTraceparent } from './traceparent.ts';

/** What the transport is made of. */
export interface HttpTransportOptions {
  /** The address of this simulator and tenant, which `http://simulator` in a target stands for. */
  readonly baseOf: (tenant: string) => string;
  /** Makes links absolute, as REST of this tenant gives them: for the events of a hub. */
  readonly withLinks?: (body: unknown, tenant: string) => unknown;
  /** Where deliveries may go; `undefined` where they may go anywhere, because the simulator listens on loopback only. */
  readonly allowList: AllowList | undefined;
  /** Wall time that a receiver has to answer, in milliseconds. */
  readonly timeout: number;
  /** Which time `webhook-timestamp` carries: receivers compare it with their own clock. */
  readonly webhookTime: 'wall' | 'virtual';
  /** What opens this simulator's own inboxes and nothing else, where the control API is not open. */
  readonly inboxToken?: string;
  /** A name of this process that no other has: deliveries carry it, so that one that comes back is known. */
  readonly process?: string;
  /** Certificates of the authorities that receivers are trusted by; default: the usual ones. */
  readonly authorities?: readonly string[] | undefined;
  /** Wall time, in milliseconds since 1970. */
  readonly wallNow: () => number;
  /** Calls back after so many milliseconds of wall time; the answer calls it off. */
  readonly afterWallTime: (milliseconds: number, callback: () => void) => () => void;
  /** Resolves host names; default: the machine's own resolver. */
  readonly lookup?: typeof lookupAddresses;
}

/** A transport that keeps connections. */
export interface HttpTransport extends Transport {
  /** Whether a target is this simulator itself. */
  isOwn(target: string): boolean;
  /** As `close`, once attempts under way have had a moment to end: a receiver that hangs would hold up who stops. */
  closeSoon(): void;
  /** Closes all connections; attempts under way fail. */
  close(): void;
}

/** The origin that means this simulator and tenant, so that a scenario needs no port. */
const SELF = 'http://simulator';

/** Bytes of an answer that are read, so that its connection can be used again; they are discarded. */
const MOST_ANSWER = 64 * 1024;

/** A receiver that asks for more patience than a month does not mean it; and some numbers are no time at all. */
const MOST_PATIENCE = 31 * 24 * 60 * 60;

const CLOSE_GRACE_MS = 500;

const STOPPED = 'the simulator stopped';

const NOT_ALLOWED = 'the target is not on the list of allowed callbacks (--allow-callbacks)';

/**
 * Sends deliveries by HTTP, those of webhooks signed. Redirects are not followed: a receiver that moved has to say
 * so to whoever registered it, and a redirect could lead where deliveries must not go.
 *
 * @example
 * const transport = createHttpTransport({ baseOf: () => 'http://127.0.0.1:4010', allowList, timeout: 5000, webhookTime: 'wall', wallNow, afterWallTime });
 */
export function createHttpTransport(options: HttpTransportOptions): HttpTransport {
  const sending = new Set<ClientRequest>();
  const putOff = new PutOff(options.timeout, options.wallNow);
  let isClosed = false;
  let callOff = (): void => {};
  const { authorities } = options;
  const ca = authorities === undefined ? {} : { ca: [...authorities] };
  const agents = { 'http:': new HttpAgent({ keepAlive: true }), 'https:': new HttpsAgent({ keepAlive: true, ...ca }) };
  // This simulator at its own address may prove itself by a certificate that only its clients know.
  const ownAgent = new HttpsAgent({ keepAlive: true, rejectUnauthorized: false });
  /** How a target is reached from here, or why it is not. */
  const reach = (text: string, tenant: string): Way | string => {
    if (isClosed) return STOPPED;
    const target = URL.canParse(text) ? new URL(text) : undefined;
    if (target === undefined || (target.protocol !== 'http:' && target.protocol !== 'https:')) {
      return 'the target is no http or https address';
    }
    if (target.username !== '' || target.password !== '') return 'the target holds a user name or password';
    const isSelf = target.origin === SELF;
    const url = isSelf ? belowBase(target, options.baseOf(tenant)) : target;
    const lookup = isSelf ? undefined : guardedLookup(url, options);
    if (lookup === 'refused') return NOT_ALLOWED;
    const agent = isSelf && url.protocol === 'https:' ? ownAgent : agents[url.protocol as keyof typeof agents];
    const patience = isSelf ? OWN_PATIENCE : putOff.patienceWith(tenant, url);
    return { path: target.pathname, isSelf, url, lookup, agent, patience };
  };
  const sendOver = async (way: Way, tenant: string, message: Message): Promise<Answer> => {
    const { isSelf, url, ...rest } = way;
    const headers = {
      'content-type': message.contentType,
      'user-agent': 'bss-simulator',
      'content-length': String(Buffer.byteLength(message.body)),
      ...(options.process !== undefined && { [DELIVERY_HEADER]: deliveryMark(options.process, tenant) }),
      ...message.headers,
    };
    const answer = await post({ url, ...rest, ...message, headers, sending }, options);
    if (!isSelf) putOff.note(tenant, url, answer.result.error === LATE, way.patience);
    return answer;
  };
  const tokens = new ClientTokens(async ({ url, authorization, form }, tenant) => {
    const way = reach(url, tenant);
    if (typeof way === 'string') return { error: way };
    const contentType = 'application/x-www-form-urlencoded';
    const message = { method: 'POST', contentType, headers: { authorization }, body: form, isRead: true };
    const { result, body } = await sendOver(way, tenant, message);
    return { status: result.status, error: result.error, body };
  }, options.wallNow);
  const sendAs = async (delivery: Dispatch, tenant: string, authorization: Headers): Promise<AttemptResult> => {
    const way = reach(delivery.target, tenant);
    if (typeof way === 'string') return unsent(way);
    const isLinked = delivery.kind === 'hub' && options.withLinks !== undefined;
    const body = JSON.stringify(isLinked ? options.withLinks?.(delivery.body, tenant) : delivery.body) ?? '';
    const inboxToken = way.isSelf && INBOX.test(way.path) ? options.inboxToken : undefined;
    const headers = {
      ...(delivery.trace !== undefined && { traceparent: toTraceparent(delivery.trace) }),
      ...webhookHeaders(delivery, body, options),
      ...authorization,
      ...(inboxToken !== undefined && { authorization: `Bearer ${inboxToken}` }),
    };
    const { method = 'POST', contentType = 'application/json' } = delivery;
    return (await sendOver(way, tenant, { method, contentType, headers, body })).result;
  };
  const send = async (delivery: Dispatch, tenant: string): Promise<AttemptResult> => {
    const { authorization } = delivery;
    if (authorization === undefined || !('tokenUrl' in authorization)) {
      return sendAs(delivery, tenant, authorizationOf(authorization));
    }
    const sendWithToken = async (): Promise<AttemptResult> => {
      const taken = await tokens.take(tenant, authorization);
      if ('refused' in taken) return unsent(taken.refused);
      const result = await sendAs(delivery, tenant, { authorization: `Bearer ${taken.token}` });
      if (result.status !== 401 || taken.isNew) return result;
      // It was good once: the receiver's clock, or somebody who took it back, is ahead of ours.
      tokens.forget(tenant, authorization);
      return sendWithToken();
    };
    return sendWithToken();
  };
  return {
    send: (delivery, tenant) => sendThroughFault(delivery, tenant, send),
    isOwn: (target) => URL.canParse(target) && new URL(target).origin === SELF,
    closeSoon() {
      callOff = afterWallTime(CLOSE_GRACE_MS, () => this.close());
    },
    close() {
      callOff();
      isClosed = true;
      for (const request of sending) request.destroy(new Error(STOPPED));
      for (const agent of [...Object.values(agents), ownAgent]) agent.destroy();
    },
  };
}

/** Sends an attempt as far as its fault lets it through; the receiver's answer may be the fault's. */
async function sendThroughFault(
  delivery: Dispatch,
  tenant: string,
  send: (delivery: Dispatch, tenant: string) => Promise<AttemptResult>,
): Promise<AttemptResult> {
  if (delivery.fault === undefined) return send(delivery, tenant);
  const { id, effect } = delivery.fault;
  if (effect.drop === true) return unsent(`the receiver did not answer in time (fault ${id})`);
  if (effect.reset === true) return unsent(`ECONNRESET (fault ${id})`);
  if (effect.status !== undefined) {
    const entry = Object.entries(effect.headers ?? {}).find(([name]) => name.toLowerCase() === 'retry-after');
    const after = Number(entry?.[1]);
    return answered(effect.status, after > 0 ? after : undefined);
  }
  if (effect.duplicate === true) await send(delivery, tenant);
  return send(delivery, tenant);
}

/** What an answer means: 410 is the receiver's way to end a subscription for good. */
function answered(status: number, after: number | undefined): AttemptResult {
  const outcome = status >= 200 && status < 300 ? 'delivered' : status === 410 ? 'gone' : 'retry';
  return { outcome, status, ...(after !== undefined && { after }) };
}

function unsent(error: string): AttemptResult {
  return { outcome: 'retry', error };
}

const LATE = 'the receiver did not answer in time';

/** This simulator answers itself in time, or is only busy: how busy must not change what a transcript says. */
const OWN_PATIENCE = 60_000;

/** What stands for this simulator and tenant, at its real address. A path that was read as one leads nowhere above it. */
function belowBase({ pathname, search }: URL, base: string): URL {
  const url = new URL(base);
  url.pathname += pathname;
  url.search = search;
  return url;
}

type Headers = Readonly<Record<string, string>>;

/** How a target is reached. */
interface Way {
  /** As the target has it, which may stand for this simulator. */
  readonly path: string;
  readonly isSelf: boolean;
  readonly url: URL;
  readonly lookup: LookupFunction | undefined;
  readonly agent: HttpAgent;
  /** Wall time that the receiver has to answer, in milliseconds. */
  readonly patience: number;
}

/** What is sent over it. */
interface Message {
  readonly method: string;
  readonly contentType: string;
  readonly headers: Headers;
  readonly body: string;
  /** Whether the answer's body is wanted. Default: only its status matters. */
  readonly isRead?: boolean;
}

interface Answer {
  readonly result: AttemptResult;
  readonly body?: string;
}

interface Post extends Omit<Way, 'isSelf' | 'path'>, Omit<Message, 'contentType'> {
  /** Requests under way, of all attempts. */
  readonly sending: Set<ClientRequest>;
}

/** What a receiver asks for, as HTTP carries it. */
function authorizationOf(credentials: Exclude<Credentials, ClientCredentials> | undefined): Headers {
  if (credentials === undefined) return {};
  if ('token' in credentials) return { authorization: `Bearer ${credentials.token}` };
  const { username, password } = credentials;
  return { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` };
}

function webhookHeaders(
  { signing, eventId, id }: Dispatch,
  body: string,
  options: HttpTransportOptions,
): Readonly<Record<string, string>> {
  if (signing === undefined) return {};
  const timestamp = Math.floor((options.webhookTime === 'virtual' ? signing.now : options.wallNow()) / 1000);
  const messageId = eventId ?? id;
  return {
    'webhook-id': messageId,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signatureOf({ id: messageId, timestamp, body }, signing.secrets),
  };
}

/**
 * Checks the very address that is connected to: a name that was checked before could have been resolved to another
 * since. `refused` where the target is an address and not allowed; an address is never looked up.
 */
function guardedLookup(url: URL, { allowList, lookup = lookupAddresses }: HttpTransportOptions) {
  const target = { host: url.hostname, port: Number(url.port || (url.protocol === 'https:' ? 443 : 80)) };
  if (allowList === undefined) return undefined;
  const literal = url.hostname.replace(/^\[(.*)\]$/, '$1');
  if (isIP(literal) !== 0) return allowList.permits(target, literal) ? undefined : 'refused';
  const guarded: LookupFunction = (host, { family, hints, all }, callback) => {
    lookup(host, { family, hints, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, '');
      const permitted = addresses.filter(({ address }) => allowList.permits(target, address));
      const [first] = permitted;
      if (first === undefined) return callback(new NotAllowed(NOT_ALLOWED), '');
      if (all === true) return callback(null, permitted);
      return callback(null, first.address, first.family);
    });
  };
  return guarded;
}

class NotAllowed extends Error {}

function post(
  { url, method, headers, body, lookup, agent, patience, isRead = false, sending }: Post,
  options: HttpTransportOptions,
): Promise<Answer> {
  return new Promise((resolve) => {
    let request: ClientRequest | undefined;
    let isLate = false;
    const callOff = options.afterWallTime(patience, () => {
      isLate = true;
      resolve({ result: unsent(LATE) });
      request?.destroy();
    });
    const fail = (error: unknown): void => {
      callOff();
      resolve({ result: unsent(describe(error)) });
    };
    const attempt = (): void => {
      const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
      const sent = send(url, { method, headers, agent, ...(lookup !== undefined && { lookup }) });
      request = sent;
      sending.add(sent);
      sent.once('close', () => sending.delete(sent));
      sent.once('response', (response) => {
        response.once('close', callOff);
        const { statusCode: status = 0 } = response;
        const result = answered(status, retryAfterOf(response, options.wallNow()));
        if (isRead) readBody(response, (text) => resolve({ result, body: text }));
        else {
          discard(response);
          resolve({ result });
        }
      });
      sent.on('error', (error: NodeJS.ErrnoException) => {
        // A kept connection that the receiver closed at this very moment says nothing about the receiver.
        if (sent.reusedSocket && error.code === 'ECONNRESET' && !isLate) attempt();
        else fail(error);
      });
      sent.end(body);
    };
    try {
      attempt();
    } catch (error) {
      // For example a character that no header may hold.
      fail(error);
    }
  });
}

/** Reads an answer to its end, or gives up on it: only its status matters. */
function discard(response: IncomingMessage): void {
  let size = 0;
  response.on('error', () => {});
  response.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > MOST_ANSWER) response.destroy();
  });
}

/** Reads an answer to its end; of one that is too long, or breaks off, what has come. */
function readBody(response: IncomingMessage, done: (text: string) => void): void {
  const chunks: Buffer[] = [];
  let size = 0;
  response.on('error', () => {});
  response.once('close', () => done(Buffer.concat(chunks).toString('utf8')));
  response.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    size += chunk.length;
    if (size > MOST_ANSWER) response.destroy();
  });
}

/** What a receiver that is overloaded or away asks for: seconds, or a time by its own clock. */
function retryAfterOf({ statusCode, headers }: IncomingMessage, wallNow: number): number | undefined {
  const text = headers['retry-after']?.trim();
  if (text === undefined || (statusCode !== 429 && statusCode !== 503)) return undefined;
  const now = Date.parse(headers.date ?? '');
  const seconds = /^\d+$/.test(text) ? Number(text) : (Date.parse(text) - (Number.isNaN(now) ? wallNow : now)) / 1000;
  return seconds > 0 ? Math.min(seconds, MOST_PATIENCE) : undefined;
}

/** What went wrong, in a word or two. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof NotAllowed) return error.message;
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
}
