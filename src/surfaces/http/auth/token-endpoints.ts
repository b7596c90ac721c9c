import type { Contract } from '../../../model/contract.ts';
import type { DirectAnswer, DirectRequest, DirectRoute } from '../direct-route.ts';
import { basicOf, type Headers } from './credentials.ts';
import type { Tokens } from './tokens.ts';

/** Seconds, on the tenant's virtual clock. */
const LIFETIME = 3_600;

/** The series that token ids count in. */
const TOKENS = '$tokens';

/** What the contracts say about one token endpoint: grant type to the scopes it can give. */
type Grants = Map<string, Set<string>>;

/**
 * Makes the token endpoints, one at the path of every `tokenUrl` in the contracts, and the key set that tokens are
 * verified with. Any client credentials get a token; it carries the tenant that the request meant.
 *
 * @example createTokenEndpoints({ contracts, tokens }).map(({ path }) => path) // ['/oauth/token', '/.well-known/jwks.json']
 */
export function createTokenEndpoints({
  contracts,
  tokens,
}: {
  contracts: readonly Pick<Contract, 'securitySchemes'>[];
  tokens: Tokens;
}): readonly DirectRoute[] {
  const endpoints = [...collectEndpoints(contracts)].map(
    ([path, grants]): DirectRoute => ({
      method: 'POST',
      path,
      answer: (request) => issueToken(request, grants, tokens),
    }),
  );
  const keys: DirectRoute = {
    method: 'GET',
    path: '/.well-known/jwks.json',
    answer: async () => ({ status: 200, headers: {}, body: await tokens.jwks() }),
  };
  return [...endpoints, keys];
}

function collectEndpoints(contracts: readonly Pick<Contract, 'securitySchemes'>[]): ReadonlyMap<string, Grants> {
  const endpoints = new Map<string, Grants>();
  for (const scheme of contracts.flatMap(({ securitySchemes }) => Object.values(securitySchemes))) {
    for (const [grant, { tokenUrl, scopes }] of Object.entries(scheme.flows ?? {})) {
      if (tokenUrl === '' || !URL.canParse(tokenUrl, 'http://simulator')) continue;
      const path = new URL(tokenUrl, 'http://simulator').pathname;
      const grants = endpoints.get(path) ?? new Map<string, Set<string>>();
      endpoints.set(path, grants);
      const known = grants.get(grant) ?? new Set<string>();
      for (const scope of Object.keys(scopes)) known.add(scope);
      grants.set(grant, known);
    }
  }
  return endpoints;
}

/** Errors are those of RFC 6749, section 5.2. */
async function issueToken(request: DirectRequest, grants: Grants, tokens: Tokens): Promise<DirectAnswer> {
  const type = String(request.headers['content-type'] ?? '')
    .split(';')[0]
    ?.trim()
    .toLowerCase();
  if (type !== 'application/x-www-form-urlencoded') {
    return failure('invalid_request', 'the body has to be application/x-www-form-urlencoded');
  }
  const form = new URLSearchParams(request.body);
  const names = [...form.keys()];
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined) return failure('invalid_request', `${printable(repeated)} is given more than once`);

  const grant = form.get('grant_type');
  if (grant === null || grant === '') return failure('invalid_request', 'grant_type is missing');
  const known = grants.get(grant);
  if (known === undefined || !(grant === 'client_credentials' || grant === 'password')) {
    return failure('unsupported_grant_type', `the contract has ${[...grants.keys()].join(' and ')}`);
  }
  const subject = grant === 'password' ? form.get('username') : clientOf(request.headers, form);
  if (grant === 'password' && (!subject || !form.get('password'))) {
    return failure('invalid_request', 'username and password are needed');
  }
  if (!subject)
    return failure('invalid_client', 'client_id and client_secret are needed, in the body or by HTTP Basic');

  const asked = (form.get('scope') ?? '').split(' ').filter((scope) => scope !== '');
  const unknown = asked.filter((scope) => !known.has(scope) && scope !== ADMINISTRATOR);
  if (unknown.length > 0) {
    return failure('invalid_scope', `${printable(unknown.join(' '))} is unknown; known are: ${[...known].join(' ')}`);
  }
  const scopes = asked.length > 0 ? [...new Set(asked)] : [...known];
  const isAdministrator = scopes.includes(ADMINISTRATOR) || [...known].every((scope) => scopes.includes(scope));

  const { tenant } = request;
  const now = tenant.now();
  const number = tenant.apply({ kind: 'number', series: TOKENS }).outcome?.body;
  const accessToken = await tokens.issue({
    id: `${tenant.name}-${number}`,
    subject,
    scopes,
    tenant: tenant.name,
    isAdministrator,
    now,
    lifetime: LIFETIME,
  });
  const body = { token_type: 'Bearer', expires_in: LIFETIME, scope: scopes.join(' ') };
  return {
    status: 200,
    headers: NO_STORE,
    body: { access_token: accessToken, ...body },
    record: { request: { grant_type: grant, ...(asked.length > 0 && { scope: asked.join(' ') }) }, response: body },
  };
}

/** A scope of ours that every endpoint knows: with it, a token acts as administrator whatever else it may do. */
const ADMINISTRATOR = 'admin';

const NO_STORE = { 'cache-control': 'no-store', pragma: 'no-cache' };

function clientOf(headers: Headers, form: URLSearchParams): string | null {
  // A bearer token says nothing about the client: some send the one they have along with every request.
  if (/^basic\b/i.test(String(headers.authorization ?? ''))) {
    const basic = basicOf(headers);
    return basic === undefined ? null : basic.user;
  }
  return form.get('client_secret') === null ? null : form.get('client_id');
}

function failure(error: string, description: string): DirectAnswer {
  const body = { error, error_description: description };
  const isClient = error === 'invalid_client';
  return {
    status: isClient ? 401 : 400,
    headers: { ...NO_STORE, ...(isClient && { 'www-authenticate': 'Basic realm="simulator"' }) },
    body,
    record: { request: {}, response: body },
  };
}

/** RFC 6749 allows no quotation marks, backslashes or characters beyond ASCII in a description. */
function printable(text: string): string {
  return text.replace(/[^\x20-\x21\x23-\x5b\x5d-\x7e]/g, '?').slice(0, 100);
}
