import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Settings } from '../../config.ts';
import type { Fault } from '../../engine/faults.ts';
import type { SampleHandler } from '../../engine/system.ts';
import type { Tenant } from '../../engine/tenant.ts';
import { type Awaitable, recover, thenMaybe } from '../../lib/awaitable.ts';
import { formatInstant } from '../../lib/time.ts';
import { type Command, type Principal, Refusal } from '../../model/command.ts';
import type { Happening } from '../../model/happening.ts';
import type { Logger } from '../log.ts';
import type { Address, Entrance, StreamingOutcome } from '../surface.ts';
import { type AnyRoute, collectRoutes, type RouteParts } from './collect-routes.ts';
import { isPreflight, preflightHeaders } from './cors.ts';
import type { DirectRoute } from './direct-route.ts';
import { answerFaulty, findFault, rehearsal, writeFaulty } from './faults.ts';
import { type ExchangeParts, HttpExchange } from './http-exchange.ts';
import { samplePreference } from './prefer.ts';
import { hasBody, readBody } from './read-body.ts';
import { createRecords, type Records } from './records.ts';
import {
  internalError,
  invalidRequest,
  methodNotAllowed,
  notAcceptable,
  notFound,
  notImplemented,
} from './refusals.ts';
import { type Rendered, renderProblem } from './render-response.ts';
import type { BodyContent, BodyKind } from './request-body.ts';
import { allowHeader, createRoutes, type Routes } from './routes.ts';
import { streamResponse } from './stream-response.ts';
import { writeResponse } from './write-response.ts';

export interface DispatchOptions extends RouteParts {
  readonly settings: Pick<Settings, 'publicUrl' | 'maxBody' | 'strict' | 'auth'>;
  readonly entrance: Entrance;
  /** Answers `Prefer: code=…`, `example=…`, `dynamic=true`. */
  readonly sample: SampleHandler;
  /** Answers what no route stands at. */
  readonly fallback?: (request: IncomingMessage, response: ServerResponse) => void;
  /** The address listened on, once it is known. */
  readonly ownUrl: () => string;
  readonly log: Logger;
  /** Called with each request that is part of the story, once it has been answered. */
  readonly observe?: (happening: Happening) => void;
}

/** A request for an operation, on its way through. */
interface Call {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly exchange: HttpExchange;
  /** Who asks, once that is known. */
  principal: Principal | undefined;
  /** The fault that it has run into. */
  fault: Fault | undefined;
}

/**
 * Takes a request from bytes to bytes: address, route, tenant, credential, body, validation, command, outcome,
 * validation, JSON, records. A request costs what is written here and no more: everything about the contract has been
 * worked out before. A step that refuses returns its refusal; only the code of systems may throw one.
 *
 * @example const server = createServer(new Dispatcher(options).handle);
 */
export class Dispatcher {
  readonly #options: DispatchOptions;
  readonly #entrance: Entrance;
  readonly #records: Records;
  readonly #parts: ExchangeParts;
  readonly #routes: Routes<AnyRoute>;
  /** Answers that stay open. */
  readonly #streams = new Set<ServerResponse>();
  // Clients come back to the address they know.
  #lastHost: string | undefined;
  #lastOrigin: string | undefined;

  constructor(options: DispatchOptions) {
    const { registry, settings, log } = options;
    this.#options = options;
    this.#entrance = options.entrance;
    this.#records = createRecords({ contracts: registry.contracts, ownUrl: options.ownUrl });
    this.#parts = { records: this.#records, log, isStrict: settings.strict, observe: options.observe };
    this.#routes = createRoutes(collectRoutes(options, (path) => this.#routes.has(path)));
    for (const { method, path } of this.#routes.shadowed)
      log.warn({ method, path }, 'two contracts have the same operation: the first answers');
  }

  /** Answers a request; it never throws. */
  readonly handle = (request: IncomingMessage, response: ServerResponse): void => {
    // A body that is no body is found to be none right after its head has been read: the refusal of that goes first.
    if (hasBody(request)) process.nextTick(this.#begin, request, response);
    else this.#begin(request, response);
  };

  /** Ends the answers that stay open. */
  close(): void {
    for (const response of this.#streams) response.end();
  }

  /** What can be answered at once is: to wait for a promise at every step takes longer than the steps themselves. */
  readonly #begin = (request: IncomingMessage, response: ServerResponse): void => {
    void recover(
      () => this.#route(request, response),
      (error) => this.#giveUp(request, response, error),
    );
  };

  /** Finds what stands at the address, and the tenant that is meant. */
  #route(request: IncomingMessage, response: ServerResponse): Awaitable<void> {
    const { method = '', url = '/', headers } = request;
    const address = this.#entrance.readAddress(url);
    if (address instanceof Refusal) return this.#entrance.refuse(request, response, address, false);
    // A contract may have an OPTIONS of its own; what a browser asks before a request is answered all the same.
    const found = isPreflight(method, headers) ? undefined : this.#routes.find(method, address.path);
    if (found === undefined) return this.#answerUnmatched(request, response, address);
    const { route } = found;
    const tenant = this.#entrance.locate(address, headers, isControl(route));
    if (tenant instanceof Refusal) return this.#entrance.refuse(request, response, tenant, isControl(route));
    if (route.kind !== 'operation') return this.#answerDirectly(request, response, route, tenant, address);
    const { path, prefix, rawQuery, query } = address;
    const origin = this.#options.settings.publicUrl ?? this.#originOf(request);
    const facts = { method, headers, plan: route, tenant, path, rawQuery, origin, prefix };
    const exchange = new HttpExchange(this.#parts, facts);
    const parameters = found.path;
    return this.#answerOperation({
      request,
      response,
      parameters,
      query,
      exchange,
      principal: undefined,
      fault: undefined,
    });
  }

  #answerOperation(call: Call): Awaitable<void> {
    const { request, response } = call;
    const refusal = this.#admit(call);
    if (refusal !== undefined) return this.#write(call, refused(call, refusal));
    const kind = hasBody(request) ? this.#kindOfBody(call) : undefined;
    if (kind instanceof Refusal) return this.#write(call, refused(call, kind));
    if (kind === undefined) return this.#perform(call, undefined, undefined);
    return thenMaybe(readBody(request, response, this.#options.settings.maxBody), (bytes) => {
      if (bytes === 'client-gone') return;
      if (bytes instanceof Refusal) return this.#write(call, refused(call, bytes));
      if (kind.unpack === undefined || bytes === undefined) return this.#perform(call, bytes, kind);
      return kind.unpack(bytes).then((content) => this.#perform(call, content, kind));
    });
  }

  /** Whether who asks may ask, for an answer that there is. */
  #admit(call: Call): Refusal | undefined {
    const { plan, tenant, headers } = call.exchange.facts;
    const { system, security } = plan.operation;
    const principal = this.#entrance.authenticate({ system, security, headers, query: call.query, tenant });
    if (principal instanceof Refusal) return principal;
    if (headers.accept !== undefined && !plan.response.accepts(headers.accept)) return notAcceptable(headers.accept);
    call.principal = principal;
    return undefined;
  }

  /** How the body is to be read; not at all where the contract declares none. */
  #kindOfBody({ exchange }: Call): BodyKind | Refusal | undefined {
    const { plan, headers } = exchange.facts;
    if (plan.body !== undefined) return plan.body.kindOf(headers['content-type']);
    exchange.notes.push('The request has a body, but the contract declares none.');
    return undefined;
  }

  /** Does what is asked for, now that all of the request is there. */
  #perform(call: Call, content: BodyContent | undefined, kind: BodyKind | undefined): Awaitable<void> {
    const answered = recover(
      () => this.#execute(call, content, kind),
      (error) => this.#fail(call, error),
    );
    return thenMaybe(answered, (rendered) => this.#write(call, rendered));
  }

  #execute(
    call: Call,
    content: BodyContent | undefined,
    kind: BodyKind | undefined,
  ): Awaitable<Rendered | StreamingOutcome> {
    const command = toCommand(call, content, kind);
    if (command instanceof Refusal) return refused(call, command);
    const { plan, tenant, path } = call.exchange.facts;
    call.fault = findFault(tenant, plan.operation, plan.isControl, path);
    return call.fault === undefined ? this.#answer(call, command) : this.#answerFaulty(call.fault, command, call);
  }

  /** The control API answers, or a sample that was asked for, or the world. */
  #answer(call: Call, command: Command): Awaitable<Rendered | StreamingOutcome> {
    const { exchange } = call;
    const { plan, tenant } = exchange.facts;
    if (plan.isControl) {
      if (plan.control === undefined) return refused(call, notImplemented(plan.operation.id));
      return thenMaybe(plan.control({ tenant, command, base: exchange.base }), (outcome) =>
        'start' in outcome ? outcome : recorded(exchange, exchange.render(outcome)),
      );
    }
    const preference = samplePreference(command.headers.prefer);
    if (preference === undefined) return tenant.execute(command, exchange);
    return thenMaybe(
      tenant.read((work) => this.#options.sample(work, command)),
      (outcome) => {
        const rendered = exchange.render(outcome);
        rendered.headers['preference-applied'] = preference;
        return recorded(exchange, rendered);
      },
    );
  }

  /** An inbox records what arrives, whatever it then answers: it stands for a receiver, and is no part of the world. */
  async #answerFaulty(fault: Fault, command: Command, call: Call): Promise<Rendered> {
    const { exchange } = call;
    const { plan, tenant } = exchange.facts;
    const received = plan.isControl ? await plan.control?.({ tenant, command, base: exchange.base }) : undefined;
    if (received === undefined || 'start' in received) {
      const answer = async () => (await this.#answer(call, command)) as Rendered;
      return answerFaulty(fault, { exchange, answer, rehearse: rehearsal(tenant, command) });
    }
    const answer = async () => recorded(exchange, exchange.render(received));
    return answerFaulty(fault, { exchange, answer, rehearse: async () => exchange.render(received) });
  }

  /** What a system refused by throwing, or did not foresee. */
  #fail({ exchange }: Call, error: unknown): Rendered {
    // A command that has been recorded has been done: what fails behind it must not deny that.
    if (exchange.recorded !== undefined) {
      const operation = exchange.facts.plan.operation.id;
      this.#options.log.error({ operation, err: error }, 'what followed a command failed');
      return exchange.recorded;
    }
    return recorded(exchange, error instanceof Refusal ? exchange.refuse(error) : exchange.fail(error));
  }

  #write({ request, response, exchange, fault }: Call, rendered: Rendered | StreamingOutcome): Awaitable<void> {
    const { isControl } = exchange.facts.plan;
    if ('start' in rendered) {
      const headers = { ...rendered.headers };
      this.#entrance.share(request.headers, headers, isControl);
      return streamResponse(request, response, { ...rendered, headers }, this.#streams);
    }
    this.#entrance.share(request.headers, rendered.headers, isControl);
    if (fault !== undefined) return writeFaulty(request, response, rendered, fault, exchange.facts.tenant.clock());
    return writeResponse(request, response, rendered);
  }

  async #answerDirectly(
    request: IncomingMessage,
    response: ServerResponse,
    route: DirectRoute,
    tenant: Tenant,
    { path }: Address,
  ): Promise<void> {
    const { maxBody } = this.#options.settings;
    const bytes = hasBody(request) ? await readBody(request, response, maxBody) : undefined;
    if (bytes === 'client-gone') return;
    if (bytes instanceof Refusal) {
      this.#entrance.refuse(request, response, bytes, false);
      return;
    }
    const answer = await route.answer({ tenant, headers: request.headers, body: bytes?.toString('utf8') ?? '' });
    const { status, headers, body, record } = answer;
    const rendered = renderProblem(status, { contentType: 'application/json', body }, headers);
    if (record !== undefined) {
      const exchange = {
        ...NO_CONTRACT,
        method: request.method ?? '',
        path,
        rawQuery: '',
        requestHeaders: request.headers,
        requestBody: record.request,
        status,
        responseHeaders: rendered.headers,
        responseBody: record.response,
      };
      this.#records.keep(tenant, exchange, { inJournal: true, inTranscript: true });
    }
    this.#entrance.share(request.headers, rendered.headers, false);
    writeResponse(request, response, rendered);
  }

  /** No route has the method: a preflight, a wrong method, or a path that no contract has. */
  #answerUnmatched(request: IncomingMessage, response: ServerResponse, address: Address): void {
    const { path, rawQuery } = address;
    const there = this.#routes.at(path);
    const allow = allowHeader(there);
    const isOurs = there.some(isControl);
    const refusal = isOurs ? this.#entrance.refusePage(request.headers) : undefined;
    if (refusal !== undefined) {
      this.#entrance.refuse(request, response, refusal, isOurs);
      return;
    }
    if (request.method === 'OPTIONS' && (there.length > 0 || request.url === '*')) {
      const headers: Record<string, string> = { allow };
      this.#entrance.share(request.headers, headers, isOurs);
      const isShared = headers['access-control-allow-origin'] !== undefined;
      if (isShared && isPreflight(request.method, request.headers))
        Object.assign(headers, preflightHeaders(request.headers, allow));
      writeResponse(request, response, { status: 204, headers, payload: undefined, body: undefined, violations: [] });
      return;
    }
    response.once('finish', () => this.#journalUnmatched(request, response.statusCode, address));
    const [route] = there;
    if (route !== undefined)
      this.#refuseMethod(request, response, route, methodNotAllowed(request.method, path, allow));
    else if (this.#options.fallback === undefined)
      this.#entrance.refuse(request, response, notFound(request.method, path), false);
    else {
      // The site knows no tenants: it is the same for all of them.
      request.url = rawQuery === '' ? path : `${path}?${rawQuery}`;
      this.#options.fallback(request, response);
    }
  }

  #refuseMethod(request: IncomingMessage, response: ServerResponse, route: AnyRoute, refusal: Refusal): void {
    if (route.kind !== 'operation') {
      this.#entrance.refuse(request, response, refusal, false);
      return;
    }
    // It belongs to no tenant, and so to no time.
    const error = route.writeError(refusal, formatInstant(0));
    const rendered = renderProblem(refusal.status, error, refusal.headers);
    this.#entrance.share(request.headers, rendered.headers, route.isControl);
    writeResponse(request, response, rendered);
  }

  /** A call that misses its path is what a journal is most often asked about. */
  #journalUnmatched(request: IncomingMessage, status: number, address: Address): void {
    if (status !== 404 && status !== 405) return;
    const { path, rawQuery } = address;
    const tenant = this.#entrance.locate(address, request.headers, false);
    // A name that is no tenant's has no journal.
    if (tenant instanceof Refusal) return;
    const exchange = {
      ...NO_CONTRACT,
      method: request.method ?? '',
      path,
      rawQuery,
      requestHeaders: request.headers,
      requestBody: undefined,
      status,
      responseHeaders: {},
      responseBody: undefined,
      notes: [`No operation of a contract answers ${request.method} ${path}.`],
    };
    this.#records.keep(tenant, exchange, { inJournal: true, inTranscript: false });
  }

  /** What was thrown outside of any operation. */
  #giveUp(request: IncomingMessage, response: ServerResponse, error: unknown): void {
    const isForeseen = error instanceof Refusal && !response.headersSent;
    if (!isForeseen) this.#options.log.error({ err: error, url: request.url }, 'a request failed unexpectedly');
    if (response.headersSent) response.destroy();
    else this.#entrance.refuse(request, response, isForeseen ? error : internalError('the request'), true);
  }

  #originOf({ headers: { host } }: IncomingMessage): string {
    if (host !== this.#lastHost) {
      this.#lastHost = host;
      this.#lastOrigin = host !== undefined && HOST.test(host) ? `http://${host}` : undefined;
    }
    return this.#lastOrigin ?? this.#options.ownUrl();
  }
}

/** What has no links, and no contract that it could break. */
const NO_CONTRACT = { operation: undefined, violations: [], notes: [], origin: '', prefix: '' } as const;

/** A host with or without a port, and nothing that could mean more once it stands in a link. */
const HOST = /^(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/;

function isControl(route: AnyRoute): boolean {
  return route.kind === 'operation' && route.isControl;
}

/** Everything wrong with a request is reported at once, wherever in it that is. */
function toCommand(
  { parameters, exchange, principal }: Call,
  content: BodyContent | undefined,
  kind: BodyKind | undefined,
): Command | Refusal {
  const { violations, notes } = exchange;
  const { plan, path: rawPath, rawQuery, headers: all } = exchange.facts;
  const { operation } = plan;
  const sources = { path: parameters, rawPath, rawQuery, headers: all };
  const { path, query } = plan.parameters(sources, violations, notes);
  const body = plan.body?.read(content, kind, violations);
  exchange.body = body;
  if (violations.length > 0) return invalidRequest(violations);
  // Only `set-cookie` is ever an array, and no request has it.
  const headers = all as Command['headers'];
  const command: Command = { operation, path, query, rawQuery, headers, body, principal };
  return plan.authorize?.(command) ?? command;
}

function refused({ exchange }: Call, refusal: Refusal): Rendered {
  return recorded(exchange, exchange.refuse(refusal));
}

function recorded(exchange: HttpExchange, rendered: Rendered): Rendered {
  exchange.record(rendered);
  return rendered;
}
