import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Settings } from '../../config.ts';
import type { Fault } from '../../engine/faults.ts';
import type { SampleHandler } from '../../engine/system.ts';
import type { Tenant } from '../../engine/tenant.ts';
import { type Awaitable, chain, mended } from '../../lib/awaitable.ts';
import { type Command, type Principal, Refusal } from '../../model/command.ts';
import type { Happening } from '../../model/happening.ts';
import type { Logger } from '../log.ts';
import type { Authenticator, StreamingOutcome, TenantLocator } from '../surface.ts';
import { type AnyRoute, collectRoutes, type RouteParts } from './collect-routes.ts';
import { preflightHeaders } from './cors.ts';
import type { DirectRoute } from './direct-route.ts';
import { problemBody } from './error-body.ts';
import { answerFaulty, findFault, rehearsal, writeFaulty } from './faults.ts';
import { type ExchangeParts, HttpExchange } from './http-exchange.ts';
import type { OperationPlan } from './operation-plan.ts';
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

/** A request whose route is known. */
interface Arrival {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly target: RequestTarget;
  readonly query: URLSearchParams;
}

/**
 * Makes what takes a request from bytes to bytes: match, tenant, authentication, body, validation, command, outcome,
 * validation, JSON, records. A request costs what is written here and no more: everything about the contract has been
 * worked out before.
 *
 * @example const server = createServer(createDispatch(options));
 */
export function createDispatch(options: DispatchOptions): Dispatch {
  const { registry, settings, locator, authenticator, sample, log } = options;
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
    // What can be answered at once is: to wait for a promise at every step takes longer than the steps themselves.
    void mended(
      // A body that is no body is found to be none right after its head has been told of: the refusal of that goes first.
      () => (hasBody(request) ? Promise.resolve().then(() => handle(request, response)) : handle(request, response)),
      (error) => {
        if (error instanceof ClientGone) return;
        log.error({ err: error, url: request.url }, 'a request failed unexpectedly');
        if (!response.headersSent) writeProblem(request, response, internalError('the request'));
        else response.destroy();
      },
    );
  };

  function handle(request: IncomingMessage, response: ServerResponse): Awaitable<void> {
    return mended(
      () => {
        const target = readTarget(request.url ?? '/');
        const { path } = splitPrefix(target.path);
        const found = routes.find(request.method ?? '', path);
        if (found === undefined) return answerUnmatched(request, response, target, path);
        const query = target.rawQuery === '' ? noQuery : new URLSearchParams(target.rawQuery);
        const arrival: Arrival = { request, response, target, query };
        const { tenant, prefix } = locator.locate({ path: target.path, headers: request.headers, query });
        const { route } = found;
        if (route.kind === 'operation') return answerOperation(arrival, route, found.path, tenant, path, prefix);
        return answerDirectly(arrival, route, tenant, path);
      },
      (error) => {
        if (!(error instanceof Refusal)) throw error;
        writeProblem(request, response, error);
      },
    );
  }

  function answerOperation(
    arrival: Arrival,
    plan: OperationPlan,
    pathParameters: Readonly<Record<string, string>>,
    tenant: Tenant,
    path: string,
    prefix: string,
  ): Awaitable<void> {
    const { request, response, target } = arrival;
    const { method = '', headers } = request;
    const origin = settings.publicUrl ?? originOf(request);
    const base = origin + prefix;
    const { rawQuery } = target;
    const exchange = new HttpExchange(parts, { method, headers, plan, tenant, path, rawQuery, origin, prefix });
    let fault: Fault | undefined;
    const answer = mended<Rendered | StreamingOutcome>(
      () =>
        chain(readCommand(arrival, plan, pathParameters, tenant, exchange), (command) => {
          fault = findFault(tenant, plan.operation, plan.isControl, path);
          if (fault === undefined) return execute(command, plan, tenant, exchange, base);
          return executeFaulty(fault, command, plan, tenant, exchange, base);
        }),
      (error) => {
        if (error instanceof ClientGone) throw error;
        // A command that has been recorded has been done: what fails behind it must not deny that.
        if (exchange.recorded !== undefined) {
          log.error({ operation: plan.operation.id, err: error }, 'what followed a command failed');
          return exchange.recorded;
        }
        return settle(error instanceof Refusal ? exchange.refuse(error) : exchange.fail(error), exchange);
      },
    );
    return chain(answer, (rendered) => {
      if ('start' in rendered) return streamResponse(request, response, rendered);
      if (fault !== undefined) return writeFaulty(request, response, rendered, fault, tenant.clock());
      return writeResponse(request, response, rendered);
    });
  }

  function readCommand(
    arrival: Arrival,
    plan: OperationPlan,
    path: Readonly<Record<string, string>>,
    tenant: Tenant,
    exchange: HttpExchange,
  ): Awaitable<Command> {
    const { request, response, query } = arrival;
    const { headers } = request;
    return chain(authenticate(plan, tenant, headers, query), (principal) => {
      if (headers.accept !== undefined && !plan.response.accepts(headers.accept)) throw notAcceptable(headers.accept);
      if (!hasBody(request)) return toCommand(arrival, plan, path, principal, exchange, undefined, undefined);
      if (plan.body === undefined) {
        exchange.notes.push('The request has a body, which the contract has not.');
        return toCommand(arrival, plan, path, principal, exchange, undefined, undefined);
      }
      const kind = plan.body.kindOf(headers['content-type']);
      return readBody(request, response, settings.maxBody).then((bytes) =>
        toCommand(arrival, plan, path, principal, exchange, bytes, kind),
      );
    });
  }

  /** Everything wrong with a request is told at once, wherever in it that is. */
  function toCommand(
    { request: { headers: all }, target, query }: Arrival,
    plan: OperationPlan,
    path: Readonly<Record<string, string>>,
    principal: Principal | undefined,
    exchange: HttpExchange,
    bytes: Bytes,
    kind: BodyKind | undefined,
  ): Command {
    const { operation } = plan;
    const { violations, notes } = exchange;
    const { rawQuery } = target;
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

  function authenticate(
    { operation: { system, security } }: OperationPlan,
    tenant: Tenant,
    headers: IncomingMessage['headers'],
    query: URLSearchParams,
  ): Awaitable<Principal | undefined> {
    return authenticator.authenticate({ system, security, headers, query, tenant });
  }

  function execute(
    command: Command,
    plan: OperationPlan,
    tenant: Tenant,
    exchange: HttpExchange,
    base: string,
  ): Awaitable<Rendered | StreamingOutcome> {
    if (plan.isControl) {
      if (plan.control === undefined) throw notImplemented(plan.operation.id);
      return chain(plan.control({ tenant, command, base }), (outcome) =>
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
  async function executeFaulty(
    fault: Fault,
    command: Command,
    plan: OperationPlan,
    tenant: Tenant,
    exchange: HttpExchange,
    base: string,
  ): Promise<Rendered> {
    const received = plan.isControl ? await plan.control?.({ tenant, command, base }) : undefined;
    if (received === undefined || 'start' in received) {
      const answer = async () => (await execute(command, plan, tenant, exchange, base)) as Rendered;
      return answerFaulty(fault, { exchange, answer, rehearse: rehearsal(tenant, command) });
    }
    const answer = async () => settle(exchange.render(received), exchange);
    return answerFaulty(fault, { exchange, answer, rehearse: async () => exchange.render(received) });
  }

  async function answerDirectly(
    { request, response }: Arrival,
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
    if (request.method === 'OPTIONS' && (there.length > 0 || request.url === '*')) {
      const headers = preflightHeaders(request.headers, allow);
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
    writeResponse(request, response, renderProblem(405, route.writeError(refusal), refusal.headers));
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

function writeProblem(request: IncomingMessage, response: ServerResponse, refusal: Refusal): void {
  writeResponse(request, response, renderProblem(refusal.status, problemBody(refusal), refusal.headers));
}
