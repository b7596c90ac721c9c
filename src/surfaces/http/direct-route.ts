import type { Tenant } from '../../engine/tenant.ts';
import type { Route } from './routes.ts';

/** A route that no contract describes as an operation, for example a token endpoint; it answers by itself. */
export interface DirectRoute extends Route {
  answer(request: DirectRequest): Promise<DirectAnswer> | DirectAnswer;
  /** Whether a body holds the credential of a client. */
  readonly hasCredential?: (body: string) => boolean;
}

export interface DirectRequest {
  readonly tenantName: string;
  /** Made when it is first asked for, where there is none of the name: whoever is refused makes none. */
  readonly tenant: Tenant;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly query: URLSearchParams;
  /** The address that the tenant was asked at, for example `http://127.0.0.1:4010/@acme`. */
  readonly base: string;
  /** The body as text, `''` where there is none. */
  readonly body: string;
}

export interface DirectAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  /** What records keep in place of bodies that hold secrets; nothing is recorded without it. */
  readonly record?: { readonly request: unknown; readonly response: unknown };
}
