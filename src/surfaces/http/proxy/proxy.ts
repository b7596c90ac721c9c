import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ExchangeInput } from '../../../engine/input.ts';
import { once } from '../../../lib/once.ts';
import { createSecretFilter } from '../../../lib/secrets.ts';
import { formatInstant } from '../../../lib/time.ts';
import { Refusal } from '../../../model/command.ts';
import type { Contract } from '../../../model/contract.ts';
import type { Validation } from '../../../model/schema.ts';
import type { SchemaResolver } from '../../../model/schema-resolver.ts';
import { closeSocket } from '../../close-socket.ts';
import type { Address, Entrance, Front, Goal } from '../../surface.ts';
import { afterWallTime } from '../../wall-time.ts';
import type { RouteTable } from '../collect-routes.ts';
import { problemBody } from '../error-body.ts';
import { cut, headerPairs, headOf, join } from '../hop.ts';
import { isSequential, parseMediaType } from '../media-types.ts';
import type { PathAdvice } from '../path-advice.ts';
import { expectsContinue, hasBody } from '../read-body.ts';
import { renderProblem } from '../render-response.ts';
import { writeResponse } from '../write-response.ts';
import type { ProxiedExchange, ProxiedMessage } from './exchange.ts';
import { BodyCopy } from './hold-body.ts';
import { Inspector, type Passage } from './inspect.ts';
import { BROKEN, brokenAnswer, brokenRequest, tooSlow, unreachable } from './refusals.ts';
import { secretNamesIn } from './secret-names.ts';
import { hopHeaders, Upstream, VIA } from './upstream.ts';
import { VIOLATIONS_HEADER, violationsHeader } from './violations-header.ts';
import { MessageWatch } from './watch-messages.ts';
import { type ChannelFinder, createChannelFinder } from './watched-channels.ts';

export interface ProxyOptions {
  /** Where requests are passed on to; its path stands in front of theirs. */
  readonly upstream: URL;
  /** Answer 502 in place of what breaks a contract. */
  readonly fail?: boolean;
  /** Milliseconds of wall time that the other server has for the head of an answer. */
  readonly timeout: number;
  /** Milliseconds of wall time that an answer is held back for, so that its head tells what is wrong with its body. */
  readonly hold: number;
  /** Told of each exchange when it is over. */
  readonly observe?: (exchange: ProxiedExchange) => void;
  /** Told of each message on a channel of the contracts as it goes by. */
  readonly observeMessage?: (message: ProxiedMessage) => void;
}

/** What a simulator gives to what stands in front of it. */
export interface FrontParts {
  /** Answers what is for the control API. */
  readonly own: (request: IncomingMessage, response: ServerResponse) => void;
  readonly entrance: Entrance;
  readonly routes: RouteTable['routes'];
  readonly contracts: readonly Contract[];
  readonly validation: Validation;
  readonly schemas: SchemaResolver;
  readonly advise: PathAdvice;
  readonly takeOver: (request: IncomingMessage) => Refusal | undefined;
  /** Bytes of a body that are looked into. */
  readonly maxBody: number;
  /** Whether nobody is asked for a credential. */
  readonly isOpen: boolean;
  readonly authorities: readonly string[] | undefined;
  readonly ownUrl: () => string;
  readonly reportFailure: (message: string, error: unknown) => void;
}

/**
 * Makes what passes requests on to another server, and looks at both sides of each by the contracts. Bodies go by as they
 * come; an answer is held back until it is whole, so that its head can say what is wrong with it, unless it is large,
 * slow or a stream. Everything stands in the journal of the tenant, secrets left out.
 *
 * @example createProxy({ upstream: new URL('https://shop.example.com/api'), timeout: 60_000, hold: 1_000 })(parts)
 */
export function createProxy(options: ProxyOptions): (parts: FrontParts) => Front {
  return (parts) => new ProxyFront(options, parts);
}

/** Requests that are not for an operation need no credential of ours. */
const FOR_EVERYBODY: Goal = { system: '', security: [], isControl: false };

const CONTROL = /^\/_simulator(?:\/|$)/;

class ProxyFront implements Front {
  readonly #options: ProxyOptions;
  readonly #parts: FrontParts;
  readonly #upstream: Upstream;
  readonly #secretNames: () => ReadonlySet<string>;
  readonly #inspector: Inspector;
  readonly #channelAt: () => ChannelFinder;

  constructor(options: ProxyOptions, parts: FrontParts) {
    this.#options = options;
    this.#parts = parts;
    const { authorities, contracts, schemas, validation } = parts;
    this.#channelAt = once(() => createChannelFinder(contracts, validation));
    this.#inspector = new Inspector(parts);
    this.#upstream = new Upstream(options.upstream, authorities);
    this.#secretNames = once(() => secretNamesIn(contracts, schemas));
  }

  readonly handle = (request: IncomingMessage, response: ServerResponse): void => {
    this.#begin(request, response).catch((error: unknown) => {
      const isForeseen = error instanceof Refusal;
      if (!isForeseen) this.#parts.reportFailure('a request could not be passed on', error);
      if (response.headersSent) cut(request, response);
      else if (isForeseen) this.#parts.entrance.refuse(request, response, error, false);
      else
        this.#parts.entrance.refuse(
          request,
          response,
          unreachable(this.#options.upstream, 'an error of the proxy'),
          false,
        );
    });
  };

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean {
    const address = this.#parts.entrance.readAddress(request.url ?? '/');
    if (address instanceof Refusal || CONTROL.test(address.path)) return false;
    if (this.#parts.takeOver(request) !== undefined) {
      socket.destroy();
      return true;
    }
    const watch = this.#watch(request, address);
    const sent = this.#upstream.open(request, address, [
      ...this.#upstream.headersFor(request, address, UPGRADE_OWN),
      'connection',
      'upgrade',
      'upgrade',
      String(request.headers.upgrade),
    ]);
    socket.on('error', () => {});
    socket.once('close', () => sent.destroy());
    sent.once('upgrade', (answer, other, rest) => {
      socket.write(headOf(answer));
      if (rest.length > 0) socket.write(rest);
      if (head.length > 0) other.write(head);
      watch.add('server', rest);
      watch.add('client', head);
      join(socket, other);
      socket.on('data', (chunk: Buffer) => watch.add('client', chunk));
      other.on('data', (chunk: Buffer) => watch.add('server', chunk));
      socket.once('close', () => watch.end(answer.statusCode ?? 0));
    });
    sent.once('response', (answer) => {
      watch.end(answer.statusCode ?? 0);
      socket.write(headOf(answer));
      answer.on('data', (chunk) => socket.write(chunk));
      answer.once('close', () => closeSocket(socket));
    });
    sent.once('error', () => socket.destroy());
    sent.end();
    return true;
  }

  close(): void {
    this.#upstream.close();
  }

  /** What looks at the messages of a connection. */
  #watch(request: IncomingMessage, address: Address): MessageWatch {
    const { entrance, maxBody, reportFailure } = this.#parts;
    const { observe, observeMessage, upstream } = this.#options;
    return new MessageWatch(
      {
        ...{ most: maxBody, secretNames: this.#secretNames(), origin: upstream.origin, reportFailure },
        ...{ observe, observeMessage, channel: this.#channelAt()(address.path) },
        async locate() {
          await entrance.opening?.(address, request.headers);
          return entrance.locate(address, request, FOR_EVERYBODY);
        },
      },
      request,
      address,
    );
  }

  async #begin(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { entrance, routes, maxBody, own } = this.#parts;
    const address = entrance.readAddress(request.url ?? '/');
    if (address instanceof Refusal) throw address;
    if (CONTROL.test(address.path)) return own(request, response);
    await entrance.opening?.(address, request.headers);
    const tenant = entrance.locate(address, request, FOR_EVERYBODY);
    if (tenant instanceof Refusal) throw tenant;
    const found = routes.find(request.method ?? '', address.path);
    const plan = found?.route.kind === 'operation' && !found.route.isControl ? found.route : undefined;
    const passage: Passage = {
      request,
      response,
      address,
      path: found?.path ?? {},
      tenant,
      plan,
      filter: createSecretFilter(this.#secretNames(), request.headers),
      sent: new BodyCopy(maxBody),
      held: [],
      violations: [],
      notes: [],
      requestBody: undefined,
      isRequestRead: false,
    };
    if (plan === undefined) {
      const { method = '' } = request;
      const advice = this.#parts.advise(method, address.path);
      passage.notes.push(`No contract describes ${method} ${address.path}.`, ...(advice === undefined ? [] : [advice]));
    }
    if (expectsContinue(request)) response.writeContinue();
    if (this.#options.fail !== true) return this.#pass(passage, 'as-it-comes');
    const isWhole = !hasBody(request) || (await takeBody(passage, maxBody));
    if (isWhole === 'client-gone') return;
    if (isWhole) {
      this.#inspector.readRequest(passage);
      if (passage.violations.length > 0) return this.#refuse(passage, brokenRequest(passage.violations));
    }
    return this.#pass(passage, isWhole ? 'held' : 'as-it-comes');
  }

  /** Sends a request on, and its answer back. */
  #pass(passage: Passage, body: 'held' | 'as-it-comes'): void {
    const { request, response, address, sent, held } = passage;
    const going = this.#upstream.open(request, address, [
      ...this.#upstream.headersFor(request, address),
      'connection',
      'keep-alive',
    ]);
    response.once('close', () => {
      if (!response.writableFinished) going.destroy();
    });
    let isLate = false;
    const callOff = afterWallTime(this.#options.timeout, () => {
      isLate = true;
      going.destroy();
    });
    going.once('close', callOff);
    going.once('response', (answer) => {
      callOff();
      this.#answer(passage, answer);
    });
    going.once('error', (error: NodeJS.ErrnoException) => {
      if (response.destroyed) return;
      if (response.headersSent) return cut(request, response);
      const { upstream, timeout } = this.#options;
      this.#refuse(passage, isLate ? tooSlow(upstream, timeout) : unreachable(upstream, error.code ?? error.message));
    });
    for (const chunk of held) going.write(chunk);
    if (body === 'held' || !hasBody(request)) going.end();
    else request.on('data', (chunk: Buffer) => sent.add(chunk)).pipe(going);
  }

  #answer(passage: Passage, answer: IncomingMessage): void {
    const { request, response, plan } = passage;
    const { maxBody } = this.#parts;
    const { hold, fail = false } = this.#options;
    const status = answer.statusCode ?? 502;
    const copy = new BodyCopy(maxBody);
    const { type } = parseMediaType(answer.headers['content-type'] ?? '');
    let isHeld = true;
    const release = (): void => {
      if (!isHeld || response.destroyed) return;
      isHeld = false;
      callOff();
      if (request.complete) this.#inspector.readRequest(passage);
      this.#writeHead(passage, answer);
      for (const chunk of copy.chunks) response.write(chunk);
    };
    const callOff = plan === undefined || isSequential(type) ? () => {} : afterWallTime(hold, release);
    if (plan === undefined || isSequential(type)) release();
    answer.on('data', (chunk: Buffer) => {
      if (isHeld && copy.size + chunk.length > maxBody) release();
      copy.add(chunk);
      if (isHeld || response.write(chunk)) return;
      answer.pause();
      response.once('drain', () => answer.resume());
    });
    answer.once('end', () => {
      callOff();
      this.#inspector.readRequest(passage);
      const body = this.#inspector.readAnswer(passage, status, answer, copy);
      const isRefused = isHeld && fail && passage.violations.length > 0;
      if (isRefused) {
        passage.notes.push('It was answered with 502 in its place (--fail).');
        this.#write(passage, brokenAnswer(status, passage.violations));
      } else {
        if (isHeld) {
          this.#writeHead(passage, answer);
          for (const chunk of copy.chunks) response.write(chunk);
        } else if (passage.violations.length > 0)
          passage.notes.push('Its head had left before its body was known: no header tells of it.');
        response.end();
      }
      this.#record(passage, { status, headers: flat(answer.headers), body }, copy.size);
    });
    answer.once('close', () => {
      callOff();
      if (!answer.complete) cut(request, response);
    });
  }

  #writeHead(passage: Passage, answer: IncomingMessage): void {
    const { request, response, violations } = passage;
    const headers: string[] = [];
    const ofHop = hopHeaders(answer.headers);
    for (const [name, value] of headerPairs(answer.rawHeaders)) {
      const lower = name.toLowerCase();
      // Another proxy's word is not ours.
      if (ofHop.has(lower) || lower === VIOLATIONS_HEADER) continue;
      headers.push(
        name,
        lower === 'location' ? this.#upstream.ownLocation(value, request, passage.address, this.#parts.ownUrl) : value,
      );
    }
    headers.push('Via', VIA);
    if (violations.length > 0) headers.push(VIOLATIONS_HEADER, violationsHeader(violations));
    // What was refused before it was read is not waited for here either.
    if (!request.complete) response.shouldKeepAlive = false;
    response.writeHead(answer.statusCode ?? 502, answer.statusMessage, headers);
  }

  /** Answers with an error of the proxy's own, in the format of the contract, and writes that down. */
  #refuse(passage: Passage, refusal: Refusal): void {
    this.#inspector.readRequest(passage);
    const { status, body } = this.#write(passage, refusal);
    const isOurs = refusal.code === BROKEN;
    passage.notes.push(isOurs ? 'It was not passed on (--fail).' : refusal.message);
    this.#record(passage, { status, headers: {}, body }, 0, 0);
  }

  #write({ request, response, plan, tenant, violations }: Passage, refusal: Refusal) {
    const { status, headers } = refusal;
    const now = formatInstant(tenant.now());
    const rendered =
      plan === undefined
        ? renderProblem(status, problemBody(refusal), headers)
        : plan.response.renderError(status, plan.writeError(refusal, now), headers, request.headers.accept);
    if (violations.length > 0) rendered.headers[VIOLATIONS_HEADER] = violationsHeader(violations);
    rendered.headers.via = VIA;
    writeResponse(request, response, rendered);
    return rendered;
  }

  #record(passage: Passage, answer: ExchangeInput['answer'], size: number, told = answer.status): void {
    const { request, address, tenant, plan, filter, violations, notes, sent } = passage;
    const { method = '' } = request;
    const rawQuery = filter.pairs(address.rawQuery);
    const body = filter.value(passage.requestBody);
    const kept = filter.value(answer.body);
    tenant.apply({
      kind: 'exchange',
      method,
      url: filter.value(address.path),
      rawQuery,
      headers: filter.headers(request.headers) as ExchangeInput['headers'],
      size: sent.size + size + address.path.length + rawQuery.length,
      body: plan?.recorded(body) ?? body,
      answer: { ...answer, headers: filter.headers(answer.headers) as Record<string, string>, body: kept },
      ...(plan !== undefined && { operation: plan.key }),
      ...(violations.length > 0 && { violations }),
      ...(notes.length > 0 && { notes }),
      origin: this.#options.upstream.origin,
      recordedIn: plan === undefined ? 'journal' : 'both',
    });
    this.#options.observe?.({
      tenant: tenant.name,
      operation: plan?.operation,
      method,
      path: passage.path,
      url: rawQuery === '' ? filter.value(address.path) : `${filter.value(address.path)}?${rawQuery}`,
      status: told,
      violations,
      notes,
      body: kept,
    });
  }
}

/** What is left out of a request for a WebSocket: messages that are compressed could not be looked into. */
const UPGRADE_OWN: ReadonlySet<string> = new Set(['sec-websocket-extensions']);

/** Reads a body that is to be looked at before it goes on; what is larger than that is left where it stands. */
function takeBody({ request, sent: copy, held }: Passage, most: number): Promise<boolean | 'client-gone'> {
  return new Promise((resolve) => {
    const onData = (chunk: Buffer): void => {
      copy.add(chunk);
      held.push(chunk);
      if (copy.size > most) finish(false);
    };
    const onEnd = (): void => finish(true);
    const onClose = (): void => {
      if (!request.complete) resolve('client-gone');
    };
    const finish = (isWhole: boolean): void => {
      request.off('data', onData).off('end', onEnd).off('close', onClose);
      if (!isWhole) request.pause();
      resolve(isWhole);
    };
    request.on('data', onData).on('end', onEnd).on('close', onClose);
  });
}

function flat(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, [value].flat().join(', ')]],
    ),
  );
}
