import {
  type ClientRequest,
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingMessage,
  type RequestOptions,
  type ServerResponse,
} from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect } from 'node:net';
import { NOT_BEGUN, TenantElsewhere } from '../../engine/keeping/commit-log.ts';
import { Refusal } from '../../model/command.ts';
import { closeSocket } from '../close-socket.ts';
import { PASSED_ON, type PassOn } from '../surface.ts';
import { afterWallTime, sleep } from '../wall-time.ts';
import { cut, headerPairs, headOf, join } from './hop.ts';
import { HOP_BY_HOP, isSafe } from './http-words.ts';
import { OwnAgent } from './own-agent.ts';
import { expectsContinue, hasBody } from './read-body.ts';
import type { TlsMaterial } from './tls.ts';
import { Uploads } from './uploads.ts';

export interface PassOnOptions {
  /** Finds out anew who has a tenant: another process (`TenantElsewhere` is thrown), or this one. */
  readonly reopening: (tenant: string) => Promise<void> | undefined;
  /** Where this process itself is asked. */
  readonly ownUrl: () => string;
  /** Bytes of a body that are kept until its owner is found; what is larger goes on as it comes, and only once. */
  readonly maxBody: number;
  /** The bodies that are kept. */
  readonly uploads?: Uploads;
  /** Milliseconds for which a tenant stays with a process that is not heard of any more. */
  readonly lease: number;
  /** What this process proves itself with; the others are to prove themselves with the same. */
  readonly tls?: TlsMaterial | undefined;
  /** Told of each that was passed on, and what came of it. */
  readonly passed?: (how: 'answered' | 'given-up') => void;
}

/**
 * Makes what passes requests and WebSockets on to the process that has their tenant: heads as they came, bodies as they
 * come, answers as they go. What has not been begun there (the process is gone, stops, or has lost the tenant) is tried
 * again with whoever has it next, for as long as a lease and a little more; what may have been begun is not.
 *
 * @example const passOn = createPassOn({ reopening, ownUrl: () => url, maxBody, lease: 5_000 });
 */
export function createPassOn(options: PassOnOptions): PassOn {
  const { lease, maxBody, uploads = new Uploads(), passed = () => {} } = options;
  const agents = {
    'http:': new HttpAgent({ keepAlive: true, timeout: IDLE }),
    'https:': new OwnAgent({ keepAlive: true, timeout: IDLE }, options.tls),
  };
  const patience = lease + MORE;

  /** Asks again and again until somebody has begun; throws the refusal of who has waited long enough. */
  const untilBegun = async (
    { url }: TenantElsewhere,
    tenant: string,
    client: { readonly destroyed: boolean } | undefined,
    attempt: (owner: URL) => Promise<'done' | 'not-begun'>,
  ): Promise<void> => {
    let owner = url;
    for (let waited = 0; ; waited += PAUSE) {
      if (client?.destroyed === true) return passed('given-up');
      if (owner !== undefined && (await attempt(new URL(owner))) === 'done') return passed('answered');
      if (waited >= patience) {
        passed('given-up');
        throw ownerAway(tenant);
      }
      // Once at once: who lets go of a tenant has done so before it says so.
      if (waited > 0) await sleep(PAUSE);
      owner = await whereIs(tenant);
    }
  };
  const whereIs = async (tenant: string): Promise<string | undefined> => {
    try {
      await options.reopening(tenant);
      return options.ownUrl();
    } catch (error) {
      if (error instanceof TenantElsewhere) return error.url;
      throw error;
    }
  };
  const open = (
    owner: URL,
    { method, url }: Pick<IncomingMessage, 'method' | 'url'>,
    more: RequestOptions,
  ): ClientRequest => {
    const isSecure = owner.protocol === 'https:';
    return (isSecure ? httpsRequest : httpRequest)({
      ...addressOf(owner),
      method,
      path: url,
      agent: agents[isSecure ? 'https:' : 'http:'],
      setHost: false,
      ...more,
    });
  };
  /** Gives up on an owner that says nothing once another process has its tenant; until then it may be at work. */
  const giveUpOn = (sent: ClientRequest, owner: URL, tenant: string): void => {
    let callOff = (): void => {};
    const wait = (): void => {
      callOff = afterWallTime(lease, () => {
        void whereIs(tenant).then(
          (url) => (url === undefined || new URL(url).origin === owner.origin ? wait() : sent.destroy(new OwnerLost())),
          wait,
        );
      });
    };
    wait();
    for (const end of ['response', 'upgrade', 'close']) sent.once(end, () => callOff());
  };

  return {
    async request(request, response, elsewhere, tenant) {
      const body = hasBody(request) ? await takeBody(request, response, maxBody, uploads) : NO_BODY;
      if (body === 'client-gone') return;
      if (response.destroyed) return body.end();
      response.once('close', body.end);
      let current: ClientRequest | undefined;
      response.once('close', () => current?.destroy());
      await untilBegun(elsewhere, tenant, response, (owner) => {
        const sent = open(owner, request, { headers: headersFor(request, body) });
        current = sent;
        giveUpOn(sent, owner, tenant);
        let isConnected = false;
        sent.once('socket', (socket) => {
          if (!socket.connecting) isConnected = true;
          else socket.once('connect', () => (isConnected = true));
        });
        if (body.bytes.length > 0) sent.write(body.bytes);
        if (body.isWhole) sent.end();
        else request.pipe(sent);
        return new Promise((resolve, reject) => {
          sent.once('response', (answer) => {
            if (answer.headers[NOT_BEGUN] !== undefined && body.isWhole) {
              answer.resume();
              resolve('not-begun');
              return;
            }
            answer.once('close', () => resolve('done'));
            answerWith(request, response, answer);
          });
          let isLookedAfter = false;
          sent.once('close', () => {
            if (!isLookedAfter) resolve('done');
          });
          sent.once('error', (error) => {
            if (response.headersSent || response.destroyed) return;
            const isLost = error instanceof OwnerLost;
            if (body.isWhole && (!isConnected || (isLost && isSafe(request)))) return resolve('not-begun');
            if (isLost || !isConnected) return reject(ownerLost(tenant));
            // Cut off there, cut off here; unless nobody is there any more, and it was only to look.
            const cutOff = (): void => {
              cut(request, response);
              resolve('done');
            };
            if (!body.isWhole || !isSafe(request)) return cutOff();
            isLookedAfter = true;
            void isGone(owner).then((gone) => (gone ? resolve('not-begun') : cutOff()));
          });
        });
      });
    },
    async upgrade(request, socket, head, elsewhere, tenant) {
      let current: ClientRequest | undefined;
      socket.once('close', () => current?.destroy());
      await untilBegun(elsewhere, tenant, socket, (owner) => {
        const agent = owner.protocol === 'https:' ? new OwnAgent({}, options.tls) : new HttpAgent();
        const sent = open(owner, request, { headers: headersFor(request, NO_BODY, true), agent });
        current = sent;
        giveUpOn(sent, owner, tenant);
        sent.end();
        return new Promise((resolve) => {
          sent.once('upgrade', (answer, other, rest) => {
            socket.write(headOf(answer));
            if (rest.length > 0) socket.write(rest);
            if (head.length > 0) other.write(head);
            join(socket, other);
            resolve('done');
          });
          sent.once('response', (answer) => {
            if (answer.headers[NOT_BEGUN] !== undefined) {
              answer.resume();
              resolve('not-begun');
              return;
            }
            socket.write(headOf(answer));
            answer.on('data', (chunk) => socket.write(chunk));
            answer.once('close', () => closeSocket(socket));
            resolve('done');
          });
          // Who has only asked to listen has begun nothing.
          sent.once('error', () => resolve(socket.destroyed ? 'done' : 'not-begun'));
        });
      });
    },
    async ask({ method, path, headers, body = '' }, elsewhere, tenant) {
      let told = { status: 0, text: '' };
      await untilBegun(elsewhere, tenant, undefined, (owner) => {
        const length = String(Buffer.byteLength(body));
        const sent = open(
          owner,
          { method, url: path },
          { headers: { ...headers, host: owner.host, 'content-length': length, [PASSED_ON]: '1' } },
        );
        giveUpOn(sent, owner, tenant);
        sent.end(body);
        return new Promise((resolve, reject) => {
          sent.once('error', (error: NodeJS.ErrnoException) =>
            error.code === 'ECONNREFUSED' ? resolve('not-begun') : reject(ownerLost(tenant)),
          );
          sent.once('response', (answer) => {
            const chunks: Buffer[] = [];
            answer.on('data', (chunk: Buffer) => chunks.push(chunk));
            answer.once('close', () => {
              if (!answer.complete) return reject(ownerLost(tenant));
              told = { status: answer.statusCode ?? 502, text: Buffer.concat(chunks).toString() };
              resolve(answer.headers[NOT_BEGUN] === undefined ? 'done' : 'not-begun');
            });
          });
        });
      });
      return told;
    },
    close() {
      for (const agent of Object.values(agents)) agent.destroy();
    },
  };
}

/** Milliseconds for which a connection to another process may idle: less than it waits itself. */
const IDLE = 5_000;
/** Milliseconds between two looks at who has a tenant. */
const PAUSE = 250;
/** Milliseconds that a process has to take a connection, once it has cut one off. */
const KNOCK = 1_000;
/** Milliseconds beyond a lease for another process to load a tenant. */
const MORE = 3_000;

/** What was read of a body, and whether that is all of it. */
interface TakenBody {
  readonly bytes: Buffer;
  readonly isWhole: boolean;
  /** It is not needed any more. */
  end(): void;
}

const NO_BODY: TakenBody = { bytes: Buffer.alloc(0), isWhole: true, end() {} };

/** The owner is not heard of any more, and another has its tenant by now. */
class OwnerLost extends Error {}

/** Where a process is connected to. */
function addressOf({ hostname, port, protocol }: URL): { readonly host: string; readonly port: number } {
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  return { host, port: Number(port || (protocol === 'https:' ? 443 : 80)) };
}

/** Whether nobody listens there any more: what a process that lives cuts off, it means to, as a fault does. */
function isGone(owner: URL): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ ...addressOf(owner), timeout: KNOCK });
    const answer = (gone: boolean): void => {
      socket.destroy();
      resolve(gone);
    };
    socket.once('connect', () => answer(false)).once('timeout', () => answer(true));
    socket.on('error', () => answer(true));
  });
}

function takeBody(
  request: IncomingMessage,
  response: ServerResponse,
  most: number,
  uploads: Uploads,
): Promise<TakenBody | 'client-gone'> {
  if (expectsContinue(request)) response.writeContinue();
  return new Promise((resolve) => {
    const upload = uploads.begin(request);
    const onData = (chunk: Buffer): void => {
      upload.add(chunk);
      if (upload.size > most) finish(false);
    };
    const onEnd = (): void => finish(true);
    const onClose = (): void => {
      upload.end();
      resolve('client-gone');
    };
    const finish = (isWhole: boolean): void => {
      request.off('data', onData).off('end', onEnd).off('close', onClose);
      if (!isWhole) request.pause();
      resolve({ bytes: upload.bytes(), isWhole, end: upload.end });
    };
    request.on('data', onData).on('end', onEnd).on('close', onClose);
  });
}

/** Headers that do not go on to the next process. */
const OF_ONE_HOP: ReadonlySet<string> = new Set([...HOP_BY_HOP, 'expect', PASSED_ON]);

function headersFor({ rawHeaders }: IncomingMessage, { bytes, isWhole }: TakenBody, isUpgrade = false): string[] {
  const headers = [PASSED_ON, '1'];
  let hasLength = false;
  let isChunked = false;
  for (const [name, value] of headerPairs(rawHeaders)) {
    const lower = name.toLowerCase();
    hasLength ||= lower === 'content-length';
    isChunked ||= lower === 'transfer-encoding';
    if (!OF_ONE_HOP.has(lower) || (isUpgrade && (lower === 'connection' || lower === 'upgrade')))
      headers.push(name, value);
  }
  if (isChunked && !hasLength)
    headers.push(...(isWhole ? ['content-length', String(bytes.length)] : ['transfer-encoding', 'chunked']));
  if (!isUpgrade) headers.push('connection', 'keep-alive');
  return headers;
}

/** Answers as the owner does, for as long as it does. */
function answerWith(request: IncomingMessage, response: ServerResponse, answer: IncomingMessage): void {
  const headers: string[] = [];
  for (const [name, value] of headerPairs(answer.rawHeaders)) {
    if (!OF_ONE_HOP.has(name.toLowerCase())) headers.push(name, value);
  }
  // What was refused before it was read is not waited for here either.
  if (!request.complete) response.shouldKeepAlive = false;
  response.writeHead(answer.statusCode ?? 502, answer.statusMessage, headers);
  response.flushHeaders();
  answer.pipe(response);
  answer.once('close', () => {
    if (!answer.complete) cut(request, response);
  });
}

function ownerAway(tenant: string): Refusal {
  return new Refusal(
    503,
    'OWNER_AWAY',
    `Failed to pass the request on: the process that has the tenant "${tenant}" cannot be reached, and nobody has taken it over yet. Nothing was begun. Try again.`,
    { headers: { 'retry-after': '1' } },
  );
}

function ownerLost(tenant: string): Refusal {
  return new Refusal(
    503,
    'OWNER_LOST',
    `Failed to answer: the process that had the tenant "${tenant}" is not heard of any more. What was asked for may have been done: look before you repeat it.`,
    { headers: { 'retry-after': '1' } },
  );
}
