import type { Tenant } from '../engine/tenant.ts';
import type { Command, Outcome, Principal, Refusal } from '../model/command.ts';
import type { SecurityRequirement } from '../model/operation.ts';

/**
 * What the surfaces share: types only, so that no surface imports another; `simulator.ts` passes one to the other.
 */

/** Answers one operation of the control contract. */
export type ControlHandler = (
  context: ControlContext,
) => Promise<Outcome | StreamingOutcome> | Outcome | StreamingOutcome;

export interface ControlContext {
  /** The request's tenant. */
  readonly tenant: Tenant;
  readonly command: Command;
  /** Origin and tenant prefix that links of this request start with, for example `http://127.0.0.1:4010/@acme`. */
  readonly base: string;
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

/** Finds out who asks; throws a `Refusal` (401, 403) where that is not enough for the security demanded. */
export interface Authenticator {
  authenticate(request: AuthenticationRequest): Principal | undefined;
}

export interface AuthenticationRequest {
  readonly system: string;
  readonly security: readonly SecurityRequirement[];
  /** Lower-case header names. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly query: URLSearchParams;
  readonly tenant: Tenant;
}

/** Keeps pages of other origins away from the control API. */
export interface PageGuard {
  /** Why a request with these headers is not answered, if so; lower-case header names. */
  refusal(headers: Readonly<Record<string, string | string[] | undefined>>): Refusal | undefined;
}

/** Which tenant a request means and what remains of its path: path prefix before header before token claim. */
export interface TenantLocator {
  locate(request: {
    readonly path: string;
    readonly headers: Readonly<Record<string, string | string[] | undefined>>;
    readonly query: URLSearchParams;
  }): { readonly tenant: Tenant; readonly path: string; readonly prefix: string };
}
