import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Settings } from '../../config.ts';
import type { Fault } from '../../engine/faults.ts';
import type { OperationHandler } from '../../engine/system.ts';
import type { Tenant } from '../../engine/tenant.ts';
import { type Command, type Principal, Refusal } from '../../model/command.ts';
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
import { type RequestTarget, readTarget } from './request-target.ts';
import { allowHeader, createRoutes, type FoundRoute, type Routes } from './routes.ts';
import { streamResponse } from './stream-response.ts';
import { splitPrefix } from './tenant-locator.ts';
import { writeResponse } from './write-response.ts';

export interface DispatchOptions extends RouteParts {
  readonly settings: Pick<Settings, 'publicUrl' | 'maxBody' | 'strict' | 'auth'>;
  readonly locator: TenantLocator;
  readonly authenticator: Authenticator;
  /** Answers `Prefer: code=…`, `example=…`, `dynamic=true`. */
  readonly sample: OperationHandler;
  /** Answers what no route stands at. */
  readonly fallback?: (request: IncomingMessage, response: ServerResponse) => void;
  /** The address listened on, once it is known. */
  readonly ownUrl: () => string;
  readonly log: Logger;
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
  const records = createRecords(registry.contracts);
  const parts: ExchangeParts = { records, log, isStrict: settings.strict };
  const routes: Routes<AnyRoute> = createRoutes(collectRoutes(options, (path) => routes.has(path)));
  for (const { method, path } of routes.shadowed)
    log.warn({ method, path }, 'two contracts have the same operation: the first answers');
  const noQuery = new URLSearchParams();

  return (request, response) => {
    handle(request, response).catch((error: unknown) => {
      if (error instanceof ClientGone) return;
      log.error({ err: error, url: request.url }, 'a request failed unexpectedly');
      if (!response.headersSent) writeProblem(request, response, internalError('the request'));
      else response.destroy();
    });
  };

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let arrival: Arrival;
    let found: FoundRoute<AnyRoute> | undefined;
    try {
      const target = readTarget(request.url ?? '/');
      const { path } = splitPrefix(target.path);
      found = routes.find(request.method ?? '', path);
      if (found === undefined) return answerUnmatched(request, response, target, path);
      const query = target.rawQuery === '' ? noQuery : new URLSearchParams(target.rawQuery);
      arrival = { request, response, target, query };
      const { tenant, prefix } = locator.locate({ path: target.path, headers: request.headers, query });
      const { route } = found;
      if (route.kind === 'operation') await answerOperation(arrival, route, found.path, tenant, path, prefix);
      else await answerDirectly(arrival, route, tenant, path);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      writeProblem(request, response, error);
    }
  }

  async function answerOperation(
    arrival: Arrival,
    plan: OperationPlan,
    pathParameters: Readonly<Record<string, string>>,
    tenant: Tenant,
    path: string,
    prefix: string,
  ): Promise<void> {
    const { request, response, target } = arrival;
    const origin = settings.publicUrl ?? originOf(request);
    const base = origin + prefix;
    const origins = originsOf(origin, prefix);
    const exchange = new HttpExchange(parts, { request, plan, tenant, path, rawQuery: target.rawQuery, base, origins });
    let rendered: Rendered | StreamingOutcome;
    let fault: Fault | undefined;
    try {
      const command = await readCommand(arrival, plan, pathParameters, tenant, exchange);
      fault = await findFault(tenant, plan.operation, plan.isControl, path);
      rendered =
        fault === undefined
          ? await execute(command, plan, tenant, exchange, base)
          : await executeFaulty(fault, command, plan, tenant, exchange, base);
    } catch (error) {
      if (error instanceof ClientGone) throw error;
      // A command that has been recorded has been done: what fails behind it must not deny that.
      if (exchange.recorded !== undefined)
        log.error({ operation: plan.operation.id, err: error }, 'what followed a command failed');
      rendered = exchange.recorded ?? (error instanceof Refusal ? exchange.refuse(error) : exchange.fail(error));
      if (exchange.recorded === undefined) exchange.record(rendered);
    }
    if ('start' in rendered) streamResponse(request, response, rendered);
    else if (fault !== undefined) await writeFaulty(request, response, rendered, fault, tenant.clock());
    else writeResponse(request, response, rendered);
  }

  /** Everything wrong with a request is told at once, wherever in it that is. */
  async function readCommand(
    { request, response, target, query }: Arrival,
    plan: OperationPlan,
    path: Readonly<Record<string, string>>,
    tenant: Tenant,
    exchange: HttpExchange,
  ): Promise<Command> {
    const { operation } = plan;
    const { headers } = request;
    const principal = await authenticate(plan, tenant, headers, query);
    if (headers.accept !== undefined && !plan.response.accepts(headers.accept)) throw notAcceptable(headers.accept);

    let bytes: Bytes;
    let kind: ReturnType<NonNullable<OperationPlan['body']>['kindOf']> | undefined;
    if (hasBody(request)) {
      if (plan.body === undefined) {
        exchange.notes.push('The request has a body, which the contract has not.');
      } else {
        kind = plan.body.kindOf(headers['content-type']);
        bytes = await readBody(request, response, settings.maxBody);
      }
    }
    const { violations, notes } = exchange;
    const values = plan.parameters({ path, rawQuery: target.rawQuery, query, headers }, violations, notes);
    const body = plan.body?.read(bytes, kind, violations);
    exchange.body = body;
    if (violations.length > 0) throw invalidRequest(violations);

    const command: Command = {
      operation,
      path,
      query: values,
      rawQuery: target.rawQuery,
      // Only `set-cookie` is ever an array, and no request has it.
      headers: headers as Command['headers'],
      body,
      principal,
    };
    const refusal = plan.authorize?.(command);
    if (refusal !== undefined) throw refusal;
    return command;
  }

  function authenticate(
    { operation: { system, security } }: OperationPlan,
    tenant: Tenant,
    headers: IncomingMessage['headers'],
    query: URLSearchParams,
  ): Promise<Principal | undefined> {
    return authenticator.authenticate({ system, security, headers, query, tenant });
  }

  async function execute(
    command: Command,
    plan: OperationPlan,
    tenant: Tenant,
    exchange: HttpExchange,
    base: string,
  ): Promise<Rendered | StreamingOutcome> {
    if (plan.isControl) {
      if (plan.control === undefined) throw notImplemented(plan.operation.id);
      const outcome = await plan.control({ tenant, command, base });
      return 'start' in outcome ? outcome : settle(exchange.render(outcome), exchange);
    }
    const preference = samplePreference(command.headers.prefer);
    if (preference === undefined) return tenant.execute(command, exchange);
    const outcome = await tenant.read(async (work) => sample(work, command));
    const rendered = exchange.render(outcome);
    rendered.headers['preference-applied'] = preference;
    return settle(rendered, exchange);
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
      const answer = () => execute(command, plan, tenant, exchange, base) as Promise<Rendered>;
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
        tenant,
        method: request.method ?? '',
        path,
        rawQuery: '',
        operation: undefined,
        request: { headers: request.headers, body: record.request },
        response: { status, headers: rendered.headers, body: record.response },
        violations: [],
        notes: [],
        origins: [],
      };
      records.journal(recorded);
      records.transcript(recorded);
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
      records.journal({
        tenant,
        method: request.method ?? '',
        path,
        rawQuery: target.rawQuery,
        operation: undefined,
        request: { headers: request.headers, body: undefined },
        response: { status, headers: {}, body: undefined },
        violations: [],
        notes: [`No operation of a contract answers ${request.method} ${path}.`],
        origins: [],
      });
    } catch (error) {
      // A name that is no tenant's has no journal.
      if (!(error instanceof Refusal)) throw error;
    }
  }

  function originOf({ headers }: IncomingMessage): string {
    const { host } = headers;
    return host !== undefined && HOST.test(host) ? `http://${host}` : options.ownUrl();
  }

  function originsOf(origin: string, prefix: string): readonly string[] {
    const own = options.ownUrl();
    const all = own === origin ? [origin] : [origin, own];
    return prefix === '' ? all : [...all.map((each) => each + prefix), ...all];
  }
}

/** A host with or without a port, and nothing that could mean more once it stands in a link. */
const HOST = /^(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/;

function settle(rendered: Rendered, exchange: HttpExchange): Rendered {
  exchange.record(rendered);
  return rendered;
}

function writeProblem(request: IncomingMessage, response: ServerResponse, refusal: Refusal): void {
  writeResponse(request, response, renderProblem(refusal.status, problemBody(refusal), refusal.headers));
}
