import { createHash, timingSafeEqual } from 'node:crypto';
import type { Settings } from '../../../config.ts';
import { isRevoked } from '../../../engine/state/revoked-tokens.ts';
import { isLoopback } from '../../../lib/loopback.ts';
import { type Principal, Refusal } from '../../../model/command.ts';
import { CONTROL_SYSTEM, type Contract } from '../../../model/contract.ts';
import type { Operation, SecurityScheme } from '../../../model/operation.ts';
import { INBOX } from '../../own-deliveries.ts';
import type { AuthenticationRequest, Authenticator } from '../../surface.ts';
import { isCertified } from '../tls.ts';
import { basicOf, bearerOf, cookieOf, credentialOf, SUBPROTOCOLS, subprotocolsOf } from './credentials.ts';
import type { TokenClaims, Tokens } from './tokens.ts';

/**
 * What a request for an operation is let in by.
 *
 * @example entrance.authenticate(authenticationOf(plan.operation, call));
 */
export function authenticationOf(
  { system, contract, security }: Operation,
  { request, address, tenant }: Asked,
): AuthenticationRequest {
  const { headers, socket } = request;
  const { path, query } = address;
  return { system, contract, security, headers, query, tenant, path, socket };
}

/** Who asks for what of whom. */
interface Asked extends Pick<AuthenticationRequest, 'tenant'> {
  readonly request: Pick<AuthenticationRequest, 'headers' | 'socket'>;
  readonly address: Pick<AuthenticationRequest, 'path' | 'query'>;
}

export interface AuthenticatorOptions {
  readonly contracts: readonly Pick<Contract, 'system' | 'name' | 'securitySchemes'>[];
  readonly tokens: Pick<Tokens, 'verify' | 'isMalformed'>;
  readonly mode: Settings['auth'];
  /** The address listened on: the control API is open on loopback only. */
  readonly host: string;
  /** What the control API demands beyond loopback; without one, it then lets nobody in. */
  readonly adminToken?: string;
  /** Whether clients are asked for certificates. */
  readonly hasClientCa?: boolean;
  /** What opens the inboxes of the control API and nothing else, for the simulator's own deliveries. */
  readonly inboxToken?: string;
}

/** The schemes of a system's contracts by their names: all of them, and those of each contract. */
interface SystemSchemes {
  readonly all: ReadonlyMap<string, SecurityScheme>;
  readonly ofContract: Map<string, ReadonlyMap<string, SecurityScheme>>;
}

/** Anonymous: full access. */
const ANYBODY: Principal = Object.freeze({ subject: 'anybody', scopes: [], isAdministrator: true });

/**
 * Makes what finds out who asks, in the mode of `--auth`.
 *
 * `off`: everybody is an administrator. `any`: where the contract demands a credential, one must be there, but any will
 * do, unless it is an expired one of ours. `strict`: it must be one of ours, live, and hold the demanded scopes. A token
 * acts as administrator unless fewer scopes than there are were asked for when it was issued.
 *
 * @example createAuthenticator({ contracts, tokens, mode: 'any', host: '127.0.0.1' })
 */
export function createAuthenticator(options: AuthenticatorOptions): Authenticator {
  const { tokens, mode } = options;
  const schemes = new Map<string, SystemSchemes>();
  for (const { system, name: contract, securitySchemes } of options.contracts) {
    const own = new Map(Object.entries(securitySchemes));
    const { all, ofContract } = schemes.get(system) ?? { all: new Map(), ofContract: new Map() };
    schemes.set(system, { all: new Map([...all, ...own]), ofContract: ofContract.set(contract, own) });
  }
  /** Two documents of one folder may call different schemes alike; some leave them to the other. */
  const schemeOf = (name: string, { system, contract }: AuthenticationRequest): SecurityScheme | undefined => {
    const known = schemes.get(system);
    return known?.ofContract.get(contract ?? '')?.get(name) ?? known?.all.get(name);
  };
  const authenticateControl = controlRule(options);
  const keys = keysOf(options.contracts);

  const authenticate = (request: AuthenticationRequest): Principal | undefined | Refusal => {
    if (request.system === CONTROL_SYSTEM) return authenticateControl(request);
    if (mode === 'off') return ANYBODY;
    if (request.security.length === 0) return principalIfAny(request, tokens);
    let refusal: Refusal | undefined;
    for (const requirement of request.security) {
      const found = satisfy(requirement, request);
      if (!(found instanceof Refusal)) return found;
      // What came closest to being let in says the most: 403 more than 401.
      if (refusal === undefined || found.status > refusal.status) refusal = found;
    }
    return refusal ?? unauthorized('no credential was sent', BEARER_CHALLENGE);
  };

  return {
    authenticate,
    refuseNewTenant(request) {
      if (isLoopback(options.host)) return undefined;
      const principal = authenticate(request);
      if (principal instanceof Refusal) return principal;
      // Where the contract demands none, one of ours has to be there all the same; where any will do, any.
      const isProven = mode === 'strict' ? principal !== undefined : hasCredential(request, keys);
      return isProven ? undefined : unauthorized(NEW_TENANT, BEARER_CHALLENGE);
    },
  };

  function satisfy(requirement: Requirement, request: AuthenticationRequest): Principal | undefined | Refusal {
    let principal: Principal | undefined;
    let isOptional = true;
    for (const name in requirement) {
      isOptional = false;
      const scheme = schemeOf(name, request);
      const found = checkCredential(scheme, requirement[name] ?? [], request, options);
      if (found instanceof Refusal) return found;
      principal ??= found;
    }
    // `{}` among the alternatives means that the credential is optional.
    return isOptional ? principalIfAny(request, tokens) : principal;
  }
}

const NEW_TENANT = 'beyond loopback a new tenant is made only for who sends a credential';

/** Whether any credential was sent that a contract could mean. */
function hasCredential(request: AuthenticationRequest, keys: readonly SecurityScheme[]): boolean {
  const { headers, query } = request;
  if (String(headers.authorization ?? '') !== '' || bearerOf(headers, query) !== undefined) return true;
  return keys.some((scheme) => (keyOf(scheme, request) ?? '') !== '');
}

function keysOf(contracts: AuthenticatorOptions['contracts']): readonly SecurityScheme[] {
  return contracts.flatMap(({ securitySchemes }) =>
    Object.values(securitySchemes).filter(({ type }) => type === 'apiKey'),
  );
}

/** Schemes, all of which are needed, each with the scopes that its credential must have. */
type Requirement = Readonly<Record<string, readonly string[]>>;

const BEARER_CHALLENGE = 'Bearer realm="simulator"';

/** Whether one scheme's credential is there and good enough; who it stands for. */
function checkCredential(
  scheme: SecurityScheme | undefined,
  scopes: readonly string[],
  request: AuthenticationRequest,
  { tokens, mode, hasClientCa = false }: AuthenticatorOptions,
): Principal | Refusal {
  if (scheme?.type === 'http' && scheme.scheme === 'basic') {
    const basic = basicOf(request.headers);
    if (basic === undefined) return unauthorized('it needs a user and a password', 'Basic realm="simulator"');
    return { ...ANYBODY, subject: basic.user };
  }
  if (scheme?.type === 'apiKey') return checkKey(scheme, request, tokens, mode);
  if (scheme?.type === 'mutualTLS') {
    // A client's certificate is not seen over plain HTTP.
    if (!hasClientCa || isCertified(request.socket)) return ANYBODY;
    return unauthorized('it needs a client certificate that is signed as --tls-client-ca says', BEARER_CHALLENGE);
  }
  // An unknown scheme does not say what to ask for.
  if (scheme?.type === 'other') return ANYBODY;
  if (scheme?.type === 'http' && scheme.scheme !== 'bearer') return checkAuthorization(scheme, request);
  const token = bearerOf(request.headers, request.query) ?? credentialOf(request.headers, 'dpop');
  if (token === undefined) return unauthorized('it needs a bearer token', BEARER_CHALLENGE, ANY_TOKEN[mode]);
  const claims = tokens.verify(token);
  if (claims === undefined) {
    if (tokens.isMalformed(token)) return invalidToken(MALFORMED);
    return mode === 'strict' ? invalidToken('the token is not one of this simulator') : ANYBODY;
  }
  const flaw = flawOf(claims, request, mode);
  if (flaw !== undefined) return invalidToken(flaw);
  const missing = scopes.filter((scope) => !claims.scopes.includes(scope));
  if (mode === 'strict' && missing.length > 0) return insufficientScope(scopes, missing);
  return toPrincipal(claims);
}

/** Digest, DPoP and others of HTTP: what they prove cannot be checked without the secrets of an account. */
function checkAuthorization({ scheme = '' }: SecurityScheme, { headers }: AuthenticationRequest): Principal | Refusal {
  if (credentialOf(headers, scheme) !== undefined) return ANYBODY;
  const name = scheme === 'dpop' ? 'DPoP' : `${scheme.charAt(0).toUpperCase()}${scheme.slice(1)}`;
  return unauthorized(`it needs an Authorization header of the scheme ${name}`, `${name} realm="simulator"`);
}

function checkKey(
  scheme: SecurityScheme,
  request: AuthenticationRequest,
  tokens: AuthenticatorOptions['tokens'],
  mode: Settings['auth'],
): Principal | Refusal {
  const name = scheme.name ?? '';
  const challenge = `ApiKey realm="simulator", in="${scheme.in ?? 'header'}", name="${name}"`;
  const key = keyOf(scheme, request);
  if (key === undefined || key === '')
    return unauthorized(`it needs ${name} in the ${scheme.in ?? 'header'}`, challenge);
  const claims = tokens.verify(key);
  if (claims === undefined) {
    if (tokens.isMalformed(key)) return unauthorized(MALFORMED, challenge);
    return mode === 'strict' ? unauthorized(`the ${name} is not one of this simulator`, challenge) : ANYBODY;
  }
  const isOurs = claims.tenant === request.tenant.name;
  if (isOurs && isExpired(claims, request)) return new Refusal(403, 'TOKEN_EXPIRED', 'Token expired');
  const flaw = flawOf(claims, request, mode);
  if (flaw !== undefined) return unauthorized(flaw, challenge);
  return toPrincipal(claims);
}

function keyOf(
  { in: where, name = '' }: SecurityScheme,
  { headers, query }: AuthenticationRequest,
): string | undefined {
  if (where === 'query') return query.get(name) ?? undefined;
  if (where === 'cookie') return cookieOf(headers, name);
  // A key that is carried so stands last, behind the names of real ones.
  if (name.toLowerCase() === SUBPROTOCOLS) return subprotocolsOf(headers).at(-1);
  const header = headers[name.toLowerCase()];
  return header === undefined ? undefined : String(header);
}

/** On an operation that is open to everybody, a token of ours still says who asks. */
function principalIfAny(request: AuthenticationRequest, tokens: Pick<Tokens, 'verify'>): Principal | undefined {
  const token = bearerOf(request.headers, request.query);
  const claims = token === undefined ? undefined : tokens.verify(token);
  return claims === undefined || flawOf(claims, request, 'any') !== undefined ? undefined : toPrincipal(claims);
}

const MALFORMED = 'the token lacks what every token has';

/** Why a token of ours is not good for a request, if so. */
function flawOf(claims: TokenClaims, request: AuthenticationRequest, mode: Settings['auth']): string | undefined {
  if (claims.tenant !== request.tenant.name) return 'the token is one of another tenant';
  if (claims.kind !== 'access') return 'the token is no access token';
  if (isExpired(claims, request)) return 'the token has expired';
  if (isRevoked(request.tenant.store, claims.id)) return 'the token has been revoked';
  return mode === 'strict' && !isMeantFor(claims, request) ? 'the token is meant for another resource' : undefined;
}

/** Whether the request is among what a token may be used for: all that the tenant serves, or what is below a path. */
function isMeantFor({ base, audience }: TokenClaims, { path }: AuthenticationRequest): boolean {
  return audience.some((resource) => {
    if (resource === base || resource === `${base}/`) return true;
    if (!resource.startsWith(`${base}/`)) return false;
    const below = resource.slice(base.length).replace(/\/+$/, '');
    return path === below || path.startsWith(`${below}/`);
  });
}

function isExpired(claims: TokenClaims, { tenant }: AuthenticationRequest): boolean {
  return claims.expiresAt <= tenant.now();
}

function toPrincipal({ subject, scopes, isAdministrator }: TokenClaims): Principal {
  return { subject, scopes, isAdministrator };
}

/** What tells whether the simulator is ready, and nothing of any tenant. */
const HEALTH = '/_simulator/health';

function controlRule({
  host,
  adminToken,
  inboxToken,
}: AuthenticatorOptions): (request: AuthenticationRequest) => Principal | Refusal {
  const isOpen = isLoopback(host);
  const wanted = adminToken === undefined ? undefined : digest(adminToken);
  const forInbox = inboxToken === undefined ? undefined : digest(inboxToken);
  return (request) => {
    // Balancers that look whether it is ready have no token.
    if (isOpen || request.path === HEALTH) return ANYBODY;
    const token = bearerOf(request.headers, request.query);
    if (token !== undefined && forInbox !== undefined && INBOX.test(request.path)) {
      if (timingSafeEqual(digest(token), forInbox)) return { ...ANYBODY, subject: 'delivery' };
    }
    // Digests are compared, because the comparison needs equal lengths and must not reveal the length either.
    if (token !== undefined && wanted !== undefined && timingSafeEqual(digest(token), wanted)) {
      return { ...ANYBODY, subject: 'administrator' };
    }
    return unauthorized('beyond loopback the control API needs the bearer token of --admin-token', BEARER_CHALLENGE);
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** What a newcomer can send at once, where the mode lets any token in. */
const ANY_TOKEN: Readonly<Partial<Record<Settings['auth'], string>>> = Object.freeze({
  any: 'Any token will do here, for example "Authorization: Bearer any"; --auth strict wants one of its own.',
});

function unauthorized(
  why: string,
  challenge: string,
  advice = 'Send the credential that the contract demands.',
): Refusal {
  return new Refusal(401, 'UNAUTHORIZED', `Failed to authenticate the request: ${why}. ${advice}`, {
    headers: { 'www-authenticate': challenge },
  });
}

function invalidToken(why: string): Refusal {
  return new Refusal(
    401,
    'INVALID_TOKEN',
    `Failed to authenticate the request: ${why}. Ask the token endpoint for a new one.`,
    {
      headers: { 'www-authenticate': `${BEARER_CHALLENGE}, error="invalid_token", error_description="${why}"` },
    },
  );
}

function insufficientScope(scopes: readonly string[], missing: readonly string[]): Refusal {
  return new Refusal(
    403,
    'INSUFFICIENT_SCOPE',
    `Failed to authorize the request: the token lacks ${missing.join(' ')}. Ask for a token with that scope.`,
    {
      headers: { 'www-authenticate': `${BEARER_CHALLENGE}, error="insufficient_scope", scope="${scopes.join(' ')}"` },
    },
  );
}
