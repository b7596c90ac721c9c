import { isRecord } from './json-values.ts';
import type { HttpResponse, OperationCall } from './player.ts';
import { toText } from './scope.ts';

/** Access tokens by the endpoint and grant they came from. */
export type Tokens = Map<string, Promise<string>>;

/** Asks a token endpoint, by its path, with a form. */
export type AskForToken = (path: string, form: string) => Promise<HttpResponse>;

/** Any credentials get a token from the simulator; these say in its journal who asked. */
const CREDENTIALS = { client_id: 'scenario', client_secret: 'scenario' };
const USER = { username: 'scenario', password: 'scenario' };

/**
 * The `Authorization` header that an operation wants, where OAuth 2.0 is one way to satisfy it: a token with all scopes
 * of the flow, so that one serves every operation of a workflow. `undefined` where none is needed or none can be had.
 */
export async function authorizationFor(
  call: OperationCall,
  tokens: Tokens,
  ask: AskForToken,
): Promise<string | undefined> {
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
  const key = `${grant} ${path}`;
  const token = tokens.get(key) ?? fetchToken(path, grant, Object.keys(flow.scopes), ask);
  tokens.set(key, token);
  return `Bearer ${await token}`;
}

async function fetchToken(path: string, grant: string, scopes: readonly string[], ask: AskForToken): Promise<string> {
  const form = new URLSearchParams({
    grant_type: grant,
    ...CREDENTIALS,
    ...(grant === 'password' && USER),
    ...(scopes.length > 0 && { scope: scopes.join(' ') }),
  });
  const { status, body } = await ask(path, form.toString());
  const token = isRecord(body) ? body.access_token : undefined;
  if (status >= 300 || typeof token !== 'string') {
    throw new Error(`the token endpoint ${path} answered ${status} and no token: ${toText(body).slice(0, 200)}`);
  }
  return token;
}
