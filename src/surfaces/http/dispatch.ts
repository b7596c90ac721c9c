import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Settings } from '../../config.ts';
import type { Fault } from '../../engine/faults.ts';
import type { SampleHandler } from '../../engine/system.ts';
import type { Tenant } from '../../engine/tenant.ts';
import { type Awaitable, chain, mended } from '../../lib/awaitable.ts';
import { type Command, type Principal, Refusal } from '../../model/command.ts';
import type { Happening } from '../../model/happening.ts';
import type { Logger } from '../log.ts';
import type { Authenticator, PageGuard, StreamingOutcome, TenantLocator } from '../surface.ts';
import { type AnyRoute, collectRoutes, type RouteParts } from './collect-routes.ts';
import { allowOrigin, preflightHeaders } from './cors.ts';
import type { DirectRoute } from './direct-route.ts';
import { problemBody } from './error-body.ts';
import { answerFaulty, findFault, rehearsal, writeFaulty } from './faults.ts';
import { type ExchangeParts, HttpExchange } from './http-exchange.ts';
import { samplePreference } from './prefer.ts';
import { type Bytes, ClientGone, hasBody, readBody } from './read-body.ts';
import { createRecords } from './records.ts';
import {
  internalError,
  invalidRequest,
  methodNotAllowed,
  notAcceptable,
  notFound,
  notImplemented,
} from './refusals.ts';
import { type Rendered, renderProblem } from './render-response.ts';
import type { BodyKind } from './request-body.ts';
import { type RequestTarget, readTarget } from './request-target.ts';
import { allowHeader, createRoutes, type Routes } from './routes.ts';
import { streamResponse } from './stream-response.ts';
import { splitPrefix } from './tenant-locator.ts';
import { writeResponse } from './write-response.ts';

export interface DispatchOptions extends RouteParts {
  readonly settings: Pick<Settings, 'publicUrl' | 'maxBody' | 'strict' | 'auth'>;
  readonly locator: TenantLocator;
  readonly authenticator: Authenticator;
  readonly pageGuard: PageGuard;
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

export type Dispatch = (request: IncomingMessage, response: ServerResponse) => void;

/** A request for an operation, on its way through. */
interface Call {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly exchange: HttpExchange;
  /** The fault that it has run into. */
  fault: Fault | undefined;
}

/**
 * Makes what takes a request from bytes to bytes: match, tenant, authentication, body, validation, command, outcome,
 * validation, JSON, records. A request costs what is written here and no more: everything about the contract has been
 * worked out before.
 *
 * @example const server = createServer(createDispatch(options));
 */
export function createDispatch(options: DispatchOptions): Dispatch {
  const { registry, settings, locator, authenticator, pageGuard, sample, log } = options;
  const records = createRecords({ contracts: registry.contracts, ownUrl: options.ownUrl });
  const parts: ExchangeParts = { records, log, isStrict: settings.strict, observe: options.observe };
  const routes: Routes<AnyRoute> = createRoutes(collectRoutes(options, (path) => routes.has(path)));
  for (const { method, path } of routes.shadowed)
    log.warn({ method, path }, 'two contracts have the same operation: the first answers');
  const noQuery = new URLSearchParams();
  // Clients come back to the address they know.
  let lastHost: string | undefined;
  let lastOrigin: string | undefined;

  return (request, response) => {
    // A body that is no body is found to be none right after its head has been told of: the refusal of that goes first.
    if (hasBody(request)) process.nextTick(answer, request, response);
    else answer(request, response);
  };

  /** What can be answered at once is: to wait for a promise at every step takes longer than the steps themselves. */
  function answer(request: IncomingMessage, response: ServerResponse): void {
    try {
      const answered = handle(request, response);
      if (answered instanceof Promise) answered.catch((error) => giveUp(request, response, error));
    } catch (error) {
      giveUp(request, response, error);
    }
  }

  function giveUp(request: IncomingMessage, response: ServerResponse, error: unknown): void {
    if (error instanceof ClientGone) return;
    if (error instanceof Refusal && !response.headersSent) {
      writeProblem(request, response, error);
      return;
    }
    log.error({ err: error, url: request.url }, 'a request failed unexpectedly');
    if (!response.headersSent) writeProblem(request, response, internalError('the request'));
    else response.destroy();
  }

  function handle(request: IncomingMessage, response: ServerResponse): Awaitable<void> {
    const { method = '', headers } = request;
    const target = readTarget(request.url ?? '/');
    const { path, prefix } = splitPrefix(target.path);
    const { rawQuery } = target;
    const found = routes.find(method, path);
    if (found === undefined) return answerUnmatched(request, response, target, path);
    // Before the tenant is known: a page that is refused makes none, and stands in no record.
    const refusal = isControl(found.route) ? pageGuard.refusal(headers) : undefined;
    if (refusal !== undefined) return writeResponse(request, response, renderRefusal(refusal));
    const query = rawQuery === '' ? noQuery : new URLSearchParams(rawQuery);
    const { tenant } = locator.locate({ path: target.path, headers, query });
    const { route } = found;
    if (route.kind !== 'operation') return answerDirectly(request, response, route, tenant, path);
    const origin = settings.publicUrl ?? originOf(request);
    const facts = { method, headers, plan: route, tenant, path, rawQuery, origin, prefix };
    const exchange = new HttpExchange(parts, facts);
    return answerOperation({ request, response, parameters: found.path, query, exchange, fault: undefined });
  }

  function answerOperation(call: Call): Awaitable<void> {
    const { request, response, query, exchange } = call;
    const { plan, tenant, headers } = exchange.facts;
    try {
      const { system, security } = plan.operation;
      const principal = authenticator.authenticate({ system, security, headers, query, tenant });
      if (headers.accept !== undefined && !plan.response.accepts(headers.accept)) throw notAcceptable(headers.accept);
      if (!hasBody(request)) return perform(call, principal, undefined, undefined);
      if (plan.body === undefined) {
        exchange.notes.push('The request has a body, which the contract has not.');
        return perform(call, principal, undefined, undefined);
      }
      const kind = plan.body.kindOf(headers['content-type']);
      return readBody(request, response, settings.maxBody).then(
        (bytes) => perform(call, principal, bytes, kind),
        (error) => write(call, mend(call, error)),
      );
    } catch (error) {
      return write(call, mend(call, error));
    }
  }

  /** Does what is asked for, now that all of the request is there; what it throws has been answered. */
  function perform(
    call: Call,
    principal: Principal | undefined,
    bytes: Bytes,
    kind: BodyKind | undefined,
  ): Awaitable<void> {
    const answered = mended(
      () => {
        const command = toCommand(call, principal, bytes, kind);
        const { plan, tenant, path } = call.exchange.facts;
        call.fault = findFault(tenant, plan.operation, plan.isControl, path);
        return call.fault === undefined ? execute(command, call) : executeFaulty(call.fault, command, call);
      },
      (error) => mend(call, error),
    );
    return chain(answered, (rendered) => write(call, rendered));
  }

  function mend({ exchange }: Call, error: unknown): Rendered {
    if (error instanceof ClientGone) throw error;
    // A command that has been recorded has been done: what fails behind it must not deny that.
    if (exchange.recorded !== undefined) {
      log.error({ operation: exchange.facts.plan.operation.id, err: error }, 'what followed a command failed');
      return exchange.recorded;
    }
    return settle(error instanceof Refusal ? exchange.refuse(error) : exchange.fail(error), exchange);
  }

  function write({ request, response, exchange, fault }: Call, rendered: Rendered | StreamingOutcome): Awaitable<void> {
    if ('start' in rendered) return streamResponse(request, response, rendered);
    if (!exchange.facts.plan.isControl) allowOrigin(request.headers, rendered.headers);
    if (fault !== undefined) return writeFaulty(request, response, rendered, fault, exchange.facts.tenant.clock());
    return writeResponse(request, response, rendered);
  }

  /** Everything wrong with a request is told at once, wherever in it that is. */
  function toCommand(
    { parameters: path, query, exchange }: Call,
    principal: Principal | undefined,
    bytes: Bytes,
    kind: BodyKind | undefined,
  ): Command {
    const { violations, notes } = exchange;
    const { plan, rawQuery, headers: all } = exchange.facts;
    const { operation } = plan;
    const values = plan.parameters({ path, rawQuery, query, headers: all }, violations, notes);
    const body = plan.body?.read(bytes, kind, violations);
    exchange.body = body;
    if (violations.length > 0) throw invalidRequest(violations);
    // Only `set-cookie` is ever an array, and no request has it.
    const headers = all as Command['headers'];
    const command: Command = { operation, path, query: values, rawQuery, headers, body, principal };
    const refusal = plan.authorize?.(command);
    if (refusal !== undefined) throw refusal;
    return command;
  }

  function execute(command: Command, { exchange }: Call): Awaitable<Rendered | StreamingOutcome> {
    const { plan, tenant } = exchange.facts;
    if (plan.isControl) {
      if (plan.control === undefined) throw notImplemented(plan.operation.id);
      return chain(plan.control({ tenant, command, base: exchange.base }), (outcome) =>
        'start' in outcome ? outcome : settle(exchange.render(outcome), exchange),
      );
    }
    const preference = samplePreference(command.headers.prefer);
    if (preference === undefined) return tenant.execute(command, exchange);
    return chain(
      tenant.read((work) => sample(work, command)),
      (outcome) => {
        const rendered = exchange.render(outcome);
        rendered.headers['preference-applied'] = preference;
        return settle(rendered, exchange);
      },
    );
  }

  /** An inbox records what arrives, whatever it then answers: it stands for a receiver, and is no part of the world. */
  async function executeFaulty(fault: Fault, command: Command, call: Call): Promise<Rendered> {
    const { exchange } = call;
    const { plan, tenant } = exchange.facts;
    const received = plan.isControl ? await plan.control?.({ tenant, command, base: exchange.base }) : undefined;
    if (received === undefined || 'start' in received) {
      const answer = async () => (await execute(command, call)) as Rendered;
      return answerFaulty(fault, { exchange, answer, rehearse: rehearsal(tenant, command) });
    }
    const answer = async () => settle(exchange.render(received), exchange);
    return answerFaulty(fault, { exchange, answer, rehearse: async () => exchange.render(received) });
  }

  async function answerDirectly(
    request: IncomingMessage,
    response: ServerResponse,
    route: DirectRoute,
    tenant: Tenant,
    path: string,
  ): Promise<void> {
    const bytes = hasBody(request) ? await readBody(request, response, settings.maxBody) : undefined;
    const answer = await route.answer({ tenant, headers: request.headers, body: bytes?.toString('utf8') ?? '' });
    const { status, headers, body, record } = answer;
    const rendered = renderProblem(status, { contentType: 'application/json', body }, headers);
    if (record !== undefined) {
      const recorded = {
        method: request.method ?? '',
        path,
        rawQuery: '',
        operation: undefined,
        requestHeaders: request.headers,
        requestBody: record.request,
        status,
        responseHeaders: rendered.headers,
        responseBody: record.response,
        ...NOWHERE,
      };
      records.keep(tenant, recorded, { inJournal: true, inTranscript: true });
    }
    allowOrigin(request.headers, rendered.headers);
    writeResponse(request, response, rendered);
  }

  /** No route has the method: a preflight, a wrong method, or a path that no contract has. */
  function answerUnmatched(
    request: IncomingMessage,
    response: ServerResponse,
    target: RequestTarget,
    path: string,
  ): void {
    const there = routes.at(path);
    const allow = allowHeader(there);
    const isOurs = there.some(isControl);
    const refused = isOurs ? pageGuard.refusal(request.headers) : undefined;
    if (refused !== undefined) {
      writeResponse(request, response, renderRefusal(refused));
      return;
    }
    if (request.method === 'OPTIONS' && (there.length > 0 || request.url === '*')) {
      const headers = isOurs ? { allow } : preflightHeaders(request.headers, allow);
      if (!isOurs) allowOrigin(request.headers, headers);
      writeResponse(request, response, { status: 204, headers, payload: undefined, body: undefined, violations: [] });
      return;
    }
    const [route] = there;
    if (route === undefined) {
      response.once('finish', () => journalUnmatched(request, response.statusCode, target, path));
      if (options.fallback === undefined) throw notFound(request.method, path);
      // The site knows no tenants: it is the same for all of them.
      request.url = target.rawQuery === '' ? path : `${path}?${target.rawQuery}`;
      options.fallback(request, response);
      return;
    }
    const refusal = methodNotAllowed(request.method, path, allow);
    response.once('finish', () => journalUnmatched(request, response.statusCode, target, path));
    if (route.kind !== 'operation') throw refusal;
    const rendered = renderProblem(405, route.writeError(refusal), refusal.headers);
    if (!isOurs) allowOrigin(request.headers, rendered.headers);
    writeResponse(request, response, rendered);
  }

  /** A call that misses its path is what a journal is most often asked about. */
  function journalUnmatched(request: IncomingMessage, status: number, target: RequestTarget, path: string): void {
    if (status !== 404 && status !== 405) return;
    const query = new URLSearchParams(target.rawQuery);
    try {
      const { tenant } = locator.locate({ path: target.path, headers: request.headers, query });
      const recorded = {
        ...NOWHERE,
        method: request.method ?? '',
        path,
        rawQuery: target.rawQuery,
        operation: undefined,
        requestHeaders: request.headers,
        requestBody: undefined,
        status,
        responseHeaders: {},
        responseBody: undefined,
        notes: [`No operation of a contract answers ${request.method} ${path}.`],
      };
      records.keep(tenant, recorded, { inJournal: true, inTranscript: false });
    } catch (error) {
      // A name that is no tenant's has no journal.
      if (!(error instanceof Refusal)) throw error;
    }
  }

  function originOf({ headers: { host } }: IncomingMessage): string {
    if (host !== lastHost) {
      lastHost = host;
      lastOrigin = host !== undefined && HOST.test(host) ? `http://${host}` : undefined;
    }
    return lastOrigin ?? options.ownUrl();
  }
}

/** What has no links, and no contract that it could break. */
const NOWHERE = { violations: [], notes: [], origin: '', prefix: '' } as const;

/** A host with or without a port, and nothing that could mean more once it stands in a link. */
const HOST = /^(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/;

function settle(rendered: Rendered, exchange: HttpExchange): Rendered {
  exchange.record(rendered);
  return rendered;
}

function isControl(route: AnyRoute): boolean {
  return route.kind === 'operation' && route.isControl;
}

function writeProblem(request: IncomingMessage, response: ServerResponse, refusal: Refusal): void {
  const rendered = renderRefusal(refusal);
  allowOrigin(request.headers, rendered.headers);
  writeResponse(request, response, rendered);
}

function renderRefusal(refusal: Refusal): Rendered {
  return renderProblem(refusal.status, problemBody(refusal), refusal.headers);
}
