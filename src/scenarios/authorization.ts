import type { Instant } from '../lib/time.ts';
import { isRecord } from './json-values.ts';
import type { HttpResponse, OperationCall } from './player.ts';
import { toText } from './scope.ts';

/** Access tokens by the grant and the endpoint they came from. */
export type Tokens = Map<string, Promise<Token>>;

/** What an operation is asked with. */
export interface Token {
  readonly value: string;
  /** When it is to be replaced, on the tenant's clock. */
  readonly until: Instant;
}

/** Asks a token endpoint, by its path, with a form. */
export type AskForToken = (path: string, form: string) => Promise<HttpResponse>;

/** Any credentials get a token from the simulator; these say in its journal who asked. */
const CREDENTIALS = { client_id: 'scenario', client_secret: 'scenario' };
const USER = { username: 'scenario', password: 'scenario' };

/**
 * The bearer token that an operation wants, where OAuth 2.0 is one way to satisfy it: with all scopes of the flow, so
 * that one serves every operation of a workflow. `undefined` where none is needed or none can be had.
 */
export async function tokenFor(
  call: OperationCall,
  tokens: Tokens,
  { ask, now }: { readonly ask: AskForToken; readonly now: () => Promise<Instant> },
): Promise<Token | undefined> {
  const { security } = call.operation;
  if (security.some((requirement) => Object.keys(requirement).length === 0)) return undefined;
  const names = [...new Set(security.flatMap((requirement) => Object.keys(requirement)))];
  const flows = names.flatMap((name) => {
    const scheme = call.contract.securitySchemes[name];
    return scheme?.type === 'oauth2' ? Object.entries(scheme.flows ?? {}) : [];
  });
  const [grant, flow] =
    flows.find(([name]) => name === 'client_credentials') ?? flows.find(([name]) => name === 'password') ?? [];
  if (grant === undefined || flow === undefined) return undefined;
  // The host in the contract is the real system's; the simulator serves the same path.
  const path = new URL(flow.tokenUrl, 'http://simulator').pathname;
  const scope = Object.keys(flow.scopes).join(' ');
  const key = `${grant} ${path} ${scope}`;
  const time = await now();
  const known = await tokens.get(key)?.catch(() => undefined);
  if (known !== undefined && time < known.until) return known;
  const token = fetchToken(path, grant, scope, time, ask);
  tokens.set(key, token);
  return token;
}

async function fetchToken(path: string, grant: string, scope: string, time: Instant, ask: AskForToken): Promise<Token> {
  const form = new URLSearchParams({
    grant_type: grant,
    ...CREDENTIALS,
    ...(grant === 'password' && USER),
    ...(scope !== '' && { scope }),
  });
  const { status, body } = await ask(path, form.toString());
  const token = isRecord(body) ? body.access_token : undefined;
  if (status >= 300 || typeof token !== 'string') {
    throw new Error(`the token endpoint ${path} answered ${status} and no token: ${toText(body).slice(0, 200)}`);
  }
  const lifetime = isRecord(body) && typeof body.expires_in === 'number' ? body.expires_in * 1000 : Infinity;
  return { value: token, until: time + lifetime };
}
