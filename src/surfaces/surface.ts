import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Caused } from '../engine/input.ts';
import type { TenantElsewhere } from '../engine/keeping/commit-log.ts';
import type { Tenant } from '../engine/tenant.ts';
import type { AskedRequest } from '../model/asked-request.ts';
import type { Command, Outcome, Principal, Refusal } from '../model/command.ts';
import type { SecurityRequirement } from '../model/operation.ts';

/**
 * What the surfaces share: types and names only, so that no surface imports another; `simulator.ts` passes one to the
 * other.
 */

/** The header of a request that another process has passed on: it is passed on no further. */
export const PASSED_ON = 'x-simulator-passed-on';

/** Passes on what is for a tenant of another process; each rejects with a `Refusal` where nobody can be reached. */
export interface PassOn {
  request(
    request: IncomingMessage,
    response: ServerResponse,
    elsewhere: TenantElsewhere,
    tenant: string,
  ): Promise<void>;
  upgrade(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    elsewhere: TenantElsewhere,
    tenant: string,
  ): Promise<void>;
  /** Asks the process that has a tenant by itself; answers what it says. */
  ask(
    asked: AskedRequest,
    elsewhere: TenantElsewhere,
    tenant: string,
  ): Promise<{ readonly status: number; readonly text: string }>;
  close(): void;
}

/** What stands in front of a simulator, and answers in its place all that is not for its control API. */
export interface Front {
  /** It never throws. */
  handle(request: IncomingMessage, response: ServerResponse): void;
  /** Whether it takes a connection over. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  close(): void;
}

/**
 * Answers one operation of the control contract that looks, or that acts on a tenant as a whole. What changes the world
 * inside is a command, answered like an operation of any system; see `control/commands.ts`.
 */
export type ControlHandler = (
  context: ControlContext,
) => Promise<Outcome | StreamingOutcome> | Outcome | StreamingOutcome;

export interface ControlContext {
  /** The request's tenant. */
  readonly tenant: Tenant;
  readonly command: Command;
  /** Origin and tenant prefix that links of this request start with, for example `http://127.0.0.1:4010/@acme`. */
  readonly base: string;
  /** The request as the cause of the inputs that it leads to; absent where it only reads. */
  readonly caused?: Caused;
  /** Whether the client still waits for the answer. */
  readonly isAwaited: () => boolean;
}

/** An answer that stays open, for example server-sent events. */
export interface StreamingOutcome {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Called once the head has been sent; answers what to do when the client has gone. */
  readonly start: (sink: StreamSink) => () => void;
}

export interface StreamSink {
  /** Writes a piece of text; `false` where the reader is too slow for it. */
  write(text: string): boolean;
  /** Bytes that wait for a slow reader. */
  buffered(): number;
  end(): void;
}

/** What HTTP and WebSocket share: every request comes in by the same steps, and is refused alike. */
export interface Entrance extends Pick<Authenticator, 'authenticate'>, Pick<PageGuard, 'refusePage'> {
  /** Reads the address of a request, which may be malformed. */
  readAddress(url: string): Address | Refusal;
  /**
   * The tenant that a request means; why it is not for who asks, if so. It is made where it is not there, but not for
   * who only looks.
   */
  locate(
    address: Address,
    request: Pick<IncomingMessage, 'headers' | 'socket'>,
    goal: Goal,
    need?: TenantNeed,
  ): Tenant | Refusal;
  /** To be waited for before the tenant that a request means is located; nothing where there is nothing to wait for. */
  opening?(address: Address, headers: RequestHeaders): Promise<void> | undefined;
  /** The tenant that a request means, if it is there. */
  find(address: Address, headers: RequestHeaders): Tenant | undefined;
  /** The name of the tenant that a request means, which need not be there, nor be good. */
  nameOf(address: Address, headers: RequestHeaders): string;
  /** Adds what lets a page of another origin read an answer: any page, or for the control API those that are allowed. */
  share(request: RequestHeaders, response: Record<string, string>, isControl: boolean): void;
  /** Answers a request that no operation answers for. */
  refuse(request: IncomingMessage, response: ServerResponse, refusal: Refusal, isControl: boolean): void;
}

/** What a request is for, as far as it matters to whether its tenant is there for it. */
export interface Goal {
  readonly system: string;
  /** The contract that demands the security. */
  readonly contract?: string;
  readonly security: readonly SecurityRequirement[];
  readonly isControl: boolean;
  /** Whether its body holds a credential. */
  readonly hasCredential?: boolean;
}

/** Where a request goes, still percent-encoded. */
export interface Address {
  /** Without the tenant's prefix. */
  readonly path: string;
  /** `''` or for example `/@acme`. */
  readonly prefix: string;
  /** Without `?`. */
  readonly rawQuery: string;
  readonly query: QueryLookup;
}

/** The first value of a name in the query. */
export type QueryLookup = Pick<URLSearchParams, 'get'>;

/** Lower-case names, as `node:http` gives them. */
export type RequestHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** Finds out who asks; a refusal (401, 403) where that is not enough for the security demanded. */
export interface Authenticator {
  authenticate(request: AuthenticationRequest): Principal | undefined | Refusal;
  /** Why who asks may not bring a tenant into being, if so. */
  refuseNewTenant(request: AuthenticationRequest): Refusal | undefined;
}

export interface AuthenticationRequest {
  readonly system: string;
  /** The contract that demands it; absent where none does. */
  readonly contract?: string;
  readonly security: readonly SecurityRequirement[];
  readonly headers: RequestHeaders;
  readonly query: QueryLookup;
  /** Without the tenant's prefix; still percent-encoded. */
  readonly path: string;
  readonly tenant: Pick<Tenant, 'name' | 'now'> & { readonly store: Pick<Tenant['store'], 'get'> };
  /** What it came by. */
  readonly socket: object;
}

/** Keeps pages of other origins away from the control API. */
export interface PageGuard {
  /** Why a request with these headers is not answered, if so. */
  refusePage(headers: RequestHeaders): Refusal | undefined;
  /** Whether pages of this origin may use it although they are of another. */
  isAllowed(origin: unknown): boolean;
}

/** What a request wants of its tenant: that it is made, that it is there already, or nothing. */
export type TenantNeed = 'made' | 'there' | 'none';

/** Which tenant a request means: path prefix before header before token claim. */
export interface TenantLocator {
  nameOf(request: Pick<Address, 'prefix' | 'query'> & { readonly headers: RequestHeaders }): string;
}
