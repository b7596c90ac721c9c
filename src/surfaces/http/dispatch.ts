import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { Settings } from '../../config.ts';
import type { Commit } from '../../engine/commit.ts';
import { type Caused, type ExchangeInput, type OperationInput, toCommand } from '../../engine/input.ts';
import { TenantElsewhere } from '../../engine/keeping/commit-log.ts';
import type { Registry } from '../../engine/registry.ts';
import type { Tenant } from '../../engine/tenant.ts';
import { type Awaitable, recover, thenMaybe } from '../../lib/awaitable.ts';
import { LongText } from '../../lib/long-text.ts';
import { formatInstant } from '../../lib/time.ts';
import { type Principal, Refusal, toRefusal, toRefusalFacts } from '../../model/command.ts';
import type { Violation } from '../../model/schema.ts';
import type { Logger } from '../log.ts';
import {
  type Address,
  type ControlHandler,
  type Entrance,
  type Goal,
  PASSED_ON,
  type PassOn,
  type StreamingOutcome,
  type TenantNeed,
} from '../surface.ts';
import { authenticationOf } from './auth/authenticate.ts';
import { BrowserRetries } from './browser-retries.ts';
import type { AnyRoute, RouteTable } from './collect-routes.ts';
import { isPreflight, preflightHeaders } from './cors.ts';
import type { DirectRoute } from './direct-route.ts';
import { FairTurns } from './fair-turns.ts';
import { writeFaulty } from './faults.ts';
import { isSafe } from './http-words.ts';
import type { OperationPlan } from './operation-plan.ts';
import type { PathAdvice } from './path-advice.ts';
import { samplePreference } from './prefer.ts';
import { hasBody, readBody } from './read-body.ts';
import {
  internalError,
  invalidRequest,
  methodNotAllowed,
  misdirected,
  notAcceptable,
  notFound,
  notImplemented,
} from './refusals.ts';
import { type Rendered, renderProblem } from './render-response.ts';
import type { HttpRenderer } from './renderer.ts';
import { headLength, Repeats } from './repeats.ts';
import type { BodyContent, BodyKind } from './request-body.ts';
import type { ParameterSources } from './request-parameters.ts';
import { allowHeader, type Routes } from './routes.ts';
import { streamResponse } from './stream-response.ts';
import { readTraceparent } from './trace-context.ts';
import { Uploads } from './uploads.ts';
import { setLength, writeResponse } from './write-response.ts';

export interface DispatchOptions {
  readonly settings: Pick<Settings, 'publicUrl' | 'maxBody'>;
  readonly routes: RouteTable['routes'];
  readonly registry: Pick<Registry, 'hasHandler'>;
  /** What answers the operations of the control API that are no commands, by operation id. */
  readonly control: Readonly<Record<string, ControlHandler>>;
  readonly renderer: HttpRenderer;
  readonly entrance: Entrance;
  /** Answers what no route stands at. */
  readonly fallback?: (request: IncomingMessage, response: ServerResponse) => void;
  /** What whoever missed a path is told. */
  readonly advise?: PathAdvice;
  /** Passes on what is for tenants of other processes, where there are such. */
  readonly passOn?: Pick<PassOn, 'request'> | undefined;
  /** The address listened on, once it is known. */
  readonly ownUrl: () => string;
  readonly log: Logger;
}

/** A request for an operation, on its way through. */
interface Call extends ParameterSources {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly plan: OperationPlan;
  readonly tenant: Tenant;
  readonly address: Address;
  /** Decoded values of the path's parameters, its encoded text, and what else parameters stand in. */
  readonly path: Readonly<Record<string, string>>;
  readonly rawPath: string;
  readonly rawQuery: string;
  readonly headers: IncomingHttpHeaders;
  /** Scheme and host of links, before the tenant's prefix. */
  readonly origin: string;
  readonly notes: string[];
  readonly repeats: Repeats;
  /** Who asks, once that is known. */
  principal: Principal | undefined;
  /** What came of it. */
  commit: Commit | undefined;
  /** Whether it looks at nothing but what lasts. */
  seesLasting: boolean;
}

/**
 * Takes a request from bytes to bytes: address, route, tenant, credential, body, validation, input, answer, JSON. A
 * request costs what is written here and no more: everything about the contract has been worked out before. A step that
 * refuses returns its refusal; only the code of systems may throw one.
 *
 * @example const server = createServer(new Dispatcher(options).handle);
 */
export class Dispatcher {
  readonly #options: DispatchOptions;
  readonly #entrance: Entrance;
  readonly #routes: Routes<AnyRoute>;
  /** Answers that stay open. */
  readonly #streams = new Set<ServerResponse>();
  /** Operations that have been asked for, and those that are for the first time. */
  readonly #known = new WeakSet<OperationPlan>();
  readonly #preparing = new Map<OperationPlan, Promise<void>>();
  readonly #retries = new BrowserRetries();
  readonly #repeats = new Repeats();
  readonly #turns = new FairTurns();
  readonly #bodies: { readonly maxBody: number; readonly uploads: Uploads };
  // Clients come back to the address they know.
  #lastHost: string | undefined;
  #lastOrigin: string | undefined;

  constructor(options: DispatchOptions) {
    this.#options = options;
    this.#entrance = options.entrance;
    this.#routes = options.routes;
    this.#bodies = { maxBody: options.settings.maxBody, uploads: new Uploads() };
    for (const { method, path } of this.#routes.shadowed)
      options.log.warn({ method, path }, 'two contracts have the same operation: the first answers');
  }

  /** Answers a request; it never throws. */
  readonly handle = (request: IncomingMessage, response: ServerResponse): void => {
    // A body that is no body is found to be none right after its head has been read: the refusal of that goes first.
    if (hasBody(request)) process.nextTick(this.#begin, request, response);
    else {
      // Node lets a body that nobody has asked for run out after the answer, also where there is none.
      request.read();
      this.#begin(request, response);
    }
  };

  /** Ends the answers that stay open. */
  close(): void {
    for (const response of this.#streams) response.end();
  }

  /** What can be answered at once is: to wait for a promise at every step takes longer than the steps themselves. */
  readonly #begin = (request: IncomingMessage, response: ServerResponse): void => {
    try {
      const answered = this.#route(request, response);
      if (answered instanceof Promise) answered.catch((error) => this.#giveUp(request, response, error));
    } catch (error) {
      this.#giveUp(request, response, error);
    }
  };

  /** Finds what stands at the address, and the tenant that is meant. */
  #route(request: IncomingMessage, response: ServerResponse): Awaitable<void> {
    if (this.#retries.isRepeated(request)) {
      request.socket.resetAndDestroy();
      return;
    }
    const { url = '/', headers } = request;
    const address = this.#entrance.readAddress(url);
    if (address instanceof Refusal) return this.#entrance.refuse(request, response, address, false);
    if (this.#options.passOn !== undefined)
      return this.#routeOrPassOn(request, response, address, this.#options.passOn);
    const opening = this.#entrance.opening?.(address, headers);
    if (opening !== undefined) return opening.then(() => this.#routeTo(request, response, address));
    return this.#routeTo(request, response, address);
  }

  /** What is for a tenant of another process is passed on to it; what needs none is answered here. */
  async #routeOrPassOn(
    request: IncomingMessage,
    response: ServerResponse,
    address: Address,
    passOn: Pick<PassOn, 'request'>,
  ): Promise<void> {
    const { method = '', headers } = request;
    // No record shows by which way it came.
    const isPassedOn = headers[PASSED_ON] !== undefined;
    delete headers[PASSED_ON];
    const found = isPreflight(method, headers) ? undefined : this.#routes.find(method, address.path);
    const needsNone = found?.route.kind === 'operation' && found.route.need === 'none';
    try {
      if (!needsNone) await this.#entrance.opening?.(address, headers);
    } catch (error) {
      if (!(error instanceof TenantElsewhere)) throw error;
      if (isPassedOn) throw misdirected(error);
      return passOn.request(request, response, error, this.#entrance.nameOf(address, headers));
    }
    return this.#routeTo(request, response, address);
  }

  #routeTo(request: IncomingMessage, response: ServerResponse, address: Address): Awaitable<void> {
    const { method = '', headers } = request;
    // A contract may have an OPTIONS of its own; what a browser asks before a request is answered all the same.
    const found = isPreflight(method, headers) ? undefined : this.#routes.find(method, address.path);
    if (found === undefined) return this.#answerUnmatched(request, response, address);
    const { route } = found;
    if (route.kind !== 'operation') return this.#answerDirectly(request, response, route, address);
    const tenant = this.#entrance.locate(address, request, route.goal, needOf(route, headers));
    if (tenant instanceof Refusal) return this.#entrance.refuse(request, response, tenant, route.isControl);
    const origin = this.#options.settings.publicUrl ?? this.#originOf(request);
    return this.#answerOperation({
      request,
      response,
      plan: route,
      tenant,
      address,
      path: found.path,
      rawPath: address.path,
      rawQuery: address.rawQuery,
      headers,
      origin,
      notes: [],
      repeats: this.#repeats,
      principal: undefined,
      commit: undefined,
      seesLasting: false,
    });
  }

  #answerOperation(call: Call): Awaitable<void> {
    const { request, response } = call;
    const refusal = this.#admit(call);
    if (refusal !== undefined) return this.#finish(call, refusal);
    const kind = hasBody(request) ? this.#kindOfBody(call) : undefined;
    if (kind === undefined || kind instanceof Refusal) return this.#finish(call, kind);
    return thenMaybe(readBody(request, response, this.#bodies), (bytes) => {
      if (bytes === 'client-gone') return;
      if (bytes === undefined || bytes instanceof Refusal || kind.unpack === undefined)
        return this.#finish(call, bytes, kind);
      return kind.unpack(bytes).then(
        (content) => this.#finish(call, content, kind),
        (error) => this.#write(call, this.#fail(call, error)),
      );
    });
  }

  /** Whether who asks may ask, for an answer that there is. */
  #admit(call: Call): Refusal | undefined {
    const { plan, request } = call;
    const { headers } = request;
    const principal = this.#entrance.authenticate(authenticationOf(plan.operation, call));
    if (principal instanceof Refusal) return principal;
    if (headers.accept !== undefined && !plan.response.accepts(headers.accept)) return notAcceptable(headers.accept);
    call.principal = principal;
    return undefined;
  }

  /** How the body is to be read; not at all where the contract declares none. */
  #kindOfBody({ request, plan, notes }: Call): BodyKind | Refusal | undefined {
    if (plan.body !== undefined) return plan.body.kindOf(request.headers['content-type']);
    notes.push('The request has a body, but the contract declares none.');
    return undefined;
  }

  /** Answers a request that has come in whole, later where many have come at the same moment. */
  #finish(call: Call, content: BodyContent | Refusal | undefined, kind?: BodyKind): Awaitable<void> {
    if (!this.#turns.isOver()) return this.#finishInTurn(call, content, kind);
    const size = content instanceof Refusal ? 0 : sizeOf(content);
    return this.#turns.wait(call.tenant, call.plan, size, () => this.#finishInTurn(call, content, kind));
  }

  /**
   * Answers a request, in its place where it is a receiver's. The first for an operation compiles what it is checked by,
   * which takes as long as all else: that has a turn of its own.
   */
  #finishInTurn(call: Call, content: BodyContent | Refusal | undefined, kind?: BodyKind): Awaitable<void> {
    const { plan } = call;
    if (this.#known.has(plan)) return this.#finishKnown(call, content, kind);
    const ready = this.#preparing.get(plan) ?? this.#prepare(call, content, kind);
    return ready.then(() => this.#finishKnown(call, content, kind));
  }

  #prepare(call: Call, content: BodyContent | Refusal | undefined, kind?: BodyKind): Promise<void> {
    const { plan } = call;
    try {
      if (!(content instanceof Refusal)) readInput({ ...call, notes: [] }, content, kind);
    } catch {
      // It is read once more, where what it throws is answered.
    }
    // The first comes before further requests are read.
    const turn = new Promise<void>((resolve) => setImmediate(() => setImmediate(resolve)));
    const ready = turn.then(() => {
      this.#preparing.delete(plan);
      this.#known.add(plan);
    });
    this.#preparing.set(plan, ready);
    return ready;
  }

  #finishKnown(call: Call, content: BodyContent | Refusal | undefined, kind?: BodyKind): Awaitable<void> {
    const inPlace = call.tenant.sending > 0 && !call.plan.isControl ? inPlaceOf(call) : undefined;
    return inPlace === undefined
      ? this.#answer(call, content, kind)
      : inPlace.then(() => this.#answer(call, content, kind));
  }

  /** Writes what a request is answered with; what nobody foresaw has changed nothing. */
  #answer(call: Call, content: BodyContent | Refusal | undefined, kind?: BodyKind): Awaitable<void> {
    let answered: Awaitable<Rendered | StreamingOutcome>;
    const unkept = call.tenant.refusal && this.#stopUnkept(call, call.tenant.refusal);
    if (unkept !== undefined) return this.#write(call, this.#refuseUnkept(call, unkept));
    const fullness = isSafe(call.request) ? undefined : call.tenant.fullness;
    if (fullness !== undefined && mayGrow(call)) return this.#write(call, this.#refuseUnkept(call, fullness));
    try {
      answered = content instanceof Refusal ? this.#refuse(call, content) : this.#perform(call, content, kind);
    } catch (error) {
      answered = this.#fail(call, error);
    }
    if (!(answered instanceof Promise)) return this.#write(call, answered);
    return answered.catch((error) => this.#fail(call, error)).then((rendered) => this.#write(call, rendered));
  }

  /** What cannot be kept is not begun. Looking goes on, at what lasts: nothing that is shown is taken back. */
  #stopUnkept(call: Call, refusal: Refusal): Refusal | undefined {
    const { request, plan, tenant } = call;
    if (!isSafe(request)) return refusal;
    call.seesLasting = true;
    return plan.tellsAll ? tenant.recordsRefusal : tenant.readRefusal;
  }

  #fail(call: Call, error: unknown): Rendered {
    return this.#options.renderer.fail(toInput(call, {}), error, call.tenant.now());
  }

  /** Does what is asked for, now that all of the request is there. */
  #perform(
    call: Call,
    content: BodyContent | undefined,
    kind: BodyKind | undefined,
  ): Awaitable<Rendered | StreamingOutcome> {
    const { plan, tenant } = call;
    const input = readInput(call, content, kind);
    if (input.refusal !== undefined) return this.#settle(call, input);
    const { control, registry } = this.#options;
    const steer = plan.isControl && Object.hasOwn(control, plan.operation.id) ? control[plan.operation.id] : undefined;
    if (steer !== undefined) return this.#steer(call, input, steer);
    if (plan.isControl && !registry.hasHandler(plan.key)) {
      return this.#refuse(call, notImplemented(plan.operation.id));
    }
    if (plan.isControl && plan.recordedIn !== 'none') return this.#command(call, input);
    const commit = tenant.apply(input);
    return commit instanceof Promise ? commit.then((each) => takeAnswer(call, each)) : takeAnswer(call, commit);
  }

  /** Lets the control API change the world; it is written down once all that it has set off at once is done. */
  #command({ tenant, plan }: Call, input: OperationInput): Awaitable<Rendered> {
    return thenMaybe(tenant.apply({ ...input, recordedIn: 'none' }), (commit) => {
      const { id: cause, root, outcome, refusal } = commit;
      commit.takeAnswer();
      const answer = { kind: 'answer', request: input, cause, root } as const;
      if (outcome !== undefined) return tenant.apply({ ...answer, outcome }).takeAnswer() as Rendered;
      const refused = toRefusalFacts(refusal ?? internalError(plan.operation.id));
      return tenant.apply({ ...answer, refusal: refused }).takeAnswer() as Rendered;
    });
  }

  /** Lets the control API look, or act on the tenant as a whole. What only looks leaves no trace. */
  #steer(call: Call, input: OperationInput, handle: ControlHandler): Awaitable<Rendered | StreamingOutcome> {
    const { tenant, plan, response } = call;
    const { renderer } = this.#options;
    const isAwaited = (): boolean => !response.destroyed;
    const command = toCommand(input, plan.operation);
    const context = { tenant, command, base: input.origin + input.prefix, isAwaited };
    if (plan.recordedIn === 'none') {
      return recover(
        () =>
          thenMaybe(handle(context), (outcome) =>
            'start' in outcome ? outcome : renderer.renderList(input, outcome, (values) => tenant.inTurns(values)),
          ),
        (error) =>
          error instanceof Refusal
            ? renderer.refuse(input, error, tenant.now())
            : renderer.fail(input, error, tenant.now()),
      );
    }
    const { id: cause, root } = tenant.apply({ ...input, kind: 'control' });
    const caused: Caused = { cause, root };
    const answer = { kind: 'answer', request: input, ...caused } as const;
    return recover(
      () =>
        thenMaybe(handle({ ...context, caused }), (outcome) =>
          'start' in outcome ? outcome : (tenant.apply({ ...answer, outcome }).takeAnswer() as Rendered),
        ),
      (error) => {
        const { id } = plan.operation;
        const isForeseen = error instanceof Refusal;
        if (!isForeseen) this.#options.log.error({ operation: id, err: error }, 'an operation failed unexpectedly');
        const refusal = toRefusalFacts(isForeseen ? error : internalError(id));
        return tenant.apply({ ...answer, refusal }).takeAnswer() as Rendered;
      },
    );
  }

  #refuse(call: Call, refusal: Refusal): Awaitable<Rendered> {
    return this.#settle(call, toInput(call, { refusal }));
  }

  /** A request that could not be read stands in the records all the same. */
  #settle({ tenant, plan }: Call, input: OperationInput): Awaitable<Rendered> {
    if (plan.recordedIn !== 'none') return thenMaybe(tenant.apply(input), (commit) => commit.takeAnswer() as Rendered);
    return this.#options.renderer.refuse(
      input,
      toRefusal(input.refusal ?? toRefusalFacts(internalError('the request'))),
      tenant.now(),
    );
  }

  /** Answers once what has been changed until now lasts. */
  #write(call: Call, rendered: Rendered | StreamingOutcome): Awaitable<void> {
    const { request, response, plan, tenant } = call;
    const { isControl } = plan;
    if ('start' in rendered) {
      const headers = { ...rendered.headers };
      this.#entrance.share(request.headers, headers, isControl);
      return streamResponse(request, response, { ...rendered, headers }, this.#streams);
    }
    this.#entrance.share(request.headers, rendered.headers, isControl);
    const lasting = call.seesLasting && tenant.refusal !== undefined ? undefined : tenant.lasting();
    if (lasting === undefined) return this.#writeWhole(call, rendered);
    // What is kept of it has the headers that it leaves with.
    setLength(rendered);
    return lasting.then(
      () => this.#writeNow(call, rendered),
      (error) => {
        const refused = error instanceof Refusal ? this.#refuseUnkept(call, error) : this.#fail(call, error);
        this.#entrance.share(request.headers, refused.headers, isControl);
        return this.#writeNow(call, refused);
      },
    );
  }

  #refuseUnkept(call: Call, refusal: Refusal): Rendered {
    return this.#options.renderer.refuse(toInput(call, {}), refusal, call.tenant.now());
  }

  /** What is left of a very long text is written in turns: all that it says is known. */
  #writeWhole(call: Call, rendered: Rendered): Awaitable<void> {
    const { payload } = rendered;
    if (!(payload instanceof LongText) || payload.isWhole) return this.#writeNow(call, rendered);
    return payload.complete((pieces) => call.tenant.inTurns(pieces)).then(() => this.#writeNow(call, rendered));
  }

  #writeNow({ request, response, tenant, commit }: Call, rendered: Rendered): Awaitable<void> {
    const fault = commit?.fault;
    if (commit !== undefined && fault !== undefined) {
      const writing = writeFaulty(request, response, rendered, fault, tenant.clock(), this.#retries);
      return writing.then((isWhole) => {
        if (!isWhole) this.#options.renderer.noteClientGone(commit);
      });
    }
    return writeResponse(request, response, rendered);
  }

  async #answerDirectly(
    request: IncomingMessage,
    response: ServerResponse,
    route: DirectRoute,
    address: Address,
  ): Promise<void> {
    const { path, prefix, rawQuery } = address;
    const { publicUrl } = this.#options.settings;
    const bytes = hasBody(request) ? await readBody(request, response, this.#bodies) : undefined;
    if (bytes === 'client-gone') return;
    if (bytes instanceof Refusal) {
      this.#entrance.refuse(request, response, bytes, false);
      return;
    }
    const base = (publicUrl ?? this.#originOf(request)) + prefix;
    const { headers: sent } = request;
    const text = bytes?.toString('utf8') ?? '';
    const goal: Goal = { ...FOR_EVERYBODY, hasCredential: route.hasCredential?.(text) };
    const entrance = this.#entrance;
    const answer = await route.answer({
      tenantName: entrance.nameOf(address, sent),
      get tenant() {
        const found = entrance.locate(address, request, goal);
        if (found instanceof Refusal) throw found;
        return found;
      },
      headers: sent,
      query: new URLSearchParams(rawQuery),
      base,
      body: text,
    });
    const { status, headers, body, record } = answer;
    const rendered = renderProblem(status, { contentType: 'application/json', body }, headers);
    // Who is refused makes no tenant.
    const tenant = record === undefined ? undefined : entrance.find(address, sent);
    const isUnkept = tenant?.refusal !== undefined;
    if (record !== undefined && tenant !== undefined) {
      tenant.apply({
        kind: 'exchange',
        method: request.method ?? '',
        url: path,
        rawQuery: '',
        headers: request.headers,
        body: record.request,
        size: path.length + headLength(sent) + text.length,
        answer: { status, headers: rendered.headers, body: record.response },
        recordedIn: 'both',
      });
    }
    this.#entrance.share(request.headers, rendered.headers, false);
    // A token is written down, and changes nothing: who only looks needs one while nothing can be kept, too.
    if (!isUnkept) await tenant?.lasting();
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
    const tenant = this.#entrance.find(address, request.headers);
    // A name that is no tenant's has no journal.
    if (tenant === undefined) return;
    const { method = '' } = request;
    const advice = this.#options.advise?.(method, path);
    const exchange: ExchangeInput = {
      kind: 'exchange',
      method,
      url: path,
      rawQuery,
      headers: request.headers,
      answer: { status, headers: {} },
      size: path.length + rawQuery.length + headLength(request.headers),
      notes: [`No operation of a contract answers ${method} ${path}.`, ...(advice === undefined ? [] : [advice])],
      recordedIn: 'journal',
    };
    tenant.apply(exchange);
  }

  /** What was thrown outside of any operation. */
  #giveUp(request: IncomingMessage, response: ServerResponse, error: unknown): void {
    const isForeseen = error instanceof Refusal && !response.headersSent;
    if (!isForeseen) this.#options.log.error({ err: error, url: request.url }, 'a request failed unexpectedly');
    if (response.headersSent) response.destroy();
    else this.#entrance.refuse(request, response, isForeseen ? error : internalError('the request'), true);
  }

  #originOf({ headers: { host }, socket }: IncomingMessage): string {
    if (host !== this.#lastHost) {
      this.#lastHost = host;
      this.#lastOrigin =
        host !== undefined && HOST.test(host) ? `${'encrypted' in socket ? 'https' : 'http'}://${host}` : undefined;
    }
    return this.#lastOrigin ?? this.#options.ownUrl();
  }
}

/** What needs no credential of a contract. */
const FOR_EVERYBODY: Goal = { system: '', security: [], isControl: false };

/** A host with or without a port, and nothing that could mean more once it stands in a link. */
const HOST = /^(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/;

/** Waits for the place of the delivery that a receiver calls back about; nothing where it is about none, or its turn has come. */
function inPlaceOf({ tenant, headers: { traceparent } }: Call): Promise<void> | undefined {
  const span = traceparent === undefined ? undefined : readTraceparent(String(traceparent))?.span;
  return span === undefined ? undefined : tenant.inPlaceOf(span);
}

/** What only looks makes no tenant; who follows what will happen does. */
function needOf(route: OperationPlan, { accept }: IncomingHttpHeaders): TenantNeed {
  return route.need === 'there' && accept?.includes('text/event-stream') === true ? 'made' : route.need;
}

/** Whether a change may make a world larger; those that never do are how room is made. */
function mayGrow({ request, plan }: Call): boolean {
  return request.method !== 'DELETE' && !(plan.isControl && NEVER_LARGER.has(plan.operation.id));
}

const NEVER_LARGER: ReadonlySet<string> = new Set([
  'resetTenant',
  'restoreSnapshot',
  'setClock',
  'verifyRequests',
  // What it does comes by here as requests of its own.
  'receiveMcp',
]);

function isControl(route: AnyRoute): boolean {
  return route.kind === 'operation' && route.isControl;
}

/** Bytes of a request that records need not count one by one. */
const SMALL = 2_048;
/** Bytes of a refused body that are kept whole. */
const KEPT_WHOLE = 16_384;
/** Characters that are kept of a larger one. */
const KEPT_START = 1_000;

/** What is kept of a body that was refused: a large one is cut, because nothing will ever refer to it. */
function cutBody(body: unknown, content: BodyContent | undefined): unknown {
  const size = sizeOf(content);
  if (size <= KEPT_WHOLE) return body;
  const start = content instanceof Uint8Array ? content.subarray(0, KEPT_START).toString() : '';
  return `${start}… (cut: ${size} bytes)`;
}

function sizeOf(content: BodyContent | undefined): number {
  if (content === undefined || 'problem' in content) return 0;
  if (content instanceof Uint8Array) return content.length;
  return content.reduce((sum, { bytes }) => sum + bytes.length, 0);
}

/** What has been found out about a request. */
interface Findings {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  readonly isSample?: boolean;
  /** Bytes of the body. */
  readonly size?: number;
  readonly refusal?: Refusal;
}

function takeAnswer(call: Call, commit: Commit): Rendered {
  call.commit = commit;
  return commit.takeAnswer() as Rendered;
}

/** Everything wrong with a request is reported at once, wherever in it that is. */
function readInput(call: Call, content: BodyContent | undefined, kind: BodyKind | undefined): OperationInput {
  const { plan, notes } = call;
  const violations: Violation[] = [];
  const { path, query } = plan.parameters(call, violations, notes);
  const body = plan.body?.read(content, kind, violations);
  const isSample = wantsSample(call);
  if (violations.length > 0) {
    return toInput(call, { body: cutBody(body, content), isSample, refusal: invalidRequest(violations) });
  }
  const input = toInput(call, { path, query, body, isSample, size: sizeOf(content) });
  const refusal = plan.authorize?.(toCommand(input, plan.operation));
  return refusal === undefined
    ? input
    : toInput(call, { path, query, body: cutBody(body, content), isSample, refusal });
}

/** Whether a client prefers a sample that there is; the control API answers as it is. */
function wantsSample({ plan, headers: { prefer }, notes }: Call): boolean {
  if (prefer === undefined || plan.isControl) return false;
  const { applied, notes: remarks } = samplePreference(String(prefer), plan.operation);
  notes.push(...remarks);
  return applied !== undefined;
}

/** What few requests have is left out of those that have not: records hold thousands of them. */
function toInput(
  call: Call,
  { path: parameters = call.path, query: values = NO_VALUES, body, isSample, size = 0, refusal }: Findings,
): OperationInput {
  const { plan, request, address, principal, origin, notes } = call;
  const isBinary = body instanceof Uint8Array;
  const given = {
    url: address.path,
    rawQuery: address.rawQuery,
    path: parameters,
    query: values,
    headers: call.headers,
  };
  const { url, rawQuery, path, query, headers } = call.repeats.of(request, given);
  const { traceparent } = headers;
  const input: Writable<OperationInput> = {
    kind: 'operation',
    operation: plan.key,
    method: request.method ?? '',
    url,
    path,
    query,
    rawQuery,
    headers,
    body: isBinary ? undefined : body,
    principal,
    origin,
    prefix: address.prefix,
    recordedIn: plan.recordedIn,
  };
  if (isBinary) input.bytes = Buffer.from(body).toString('base64');
  // What is the same as before is held already.
  const whole = size + url.length + rawQuery.length + (headers === call.headers ? headLength(headers) : 0);
  if (whole > SMALL) input.size = whole;
  if (notes.length > 0) input.notes = notes;
  if (isSample === true) input.isSample = true;
  if (traceparent !== undefined) input.trace = readTraceparent(String(traceparent))?.trace;
  if (refusal !== undefined) input.refusal = toRefusalFacts(refusal);
  return input;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

const NO_VALUES: Readonly<Record<string, unknown>> = Object.freeze({});
