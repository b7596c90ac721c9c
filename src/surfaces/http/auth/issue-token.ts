import { createHash } from 'node:crypto';
import { isRevoked } from '../../../engine/state/revoked-tokens.ts';
import type { DirectAnswer, DirectRequest } from '../direct-route.ts';
import { DEVICE_GRANT, type TokenEndpoint } from './authorization-servers.ts';
import { clientOf, NO_STORE, needClient, OAuthError, printable, readForm } from './oauth-request.ts';
import type { TokenClaims, TokenKind, Tokens } from './tokens.ts';

/** Seconds, on the tenant's virtual clock. */
export const LIFETIMES: Readonly<Record<TokenKind, number>> = { access: 3_600, refresh: 86_400, code: 60 };

/** The series that token ids count in. */
const TOKENS = '$tokens';

/** A scope of ours that every endpoint knows: with it, a token acts as administrator whatever else it may do. */
const ADMINISTRATOR = 'admin';

/** Who gets a token, and for what. */
export interface Grant {
  readonly subject: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly audience: readonly string[];
  readonly isAdministrator: boolean;
  readonly grant?: TokenClaims['grant'];
}

/** What signs tokens, and in which issuer's name: its path below the address of the tenant. */
export interface Issuing {
  readonly tokens: Tokens;
  readonly issuer: string;
}

/** Answers a token request by the grants of its endpoint; throws an `OAuthError`, those of RFC 6749, section 5.2. */
export async function issueToken(
  request: DirectRequest,
  endpoint: TokenEndpoint,
  issuing: Issuing,
): Promise<DirectAnswer> {
  const form = readForm(request);
  const type = form.get('grant_type') ?? '';
  if (type === '') throw new OAuthError('invalid_request', 'grant_type is missing');
  const known = endpoint.grants.get(type);
  const read = READERS[type];
  if (known === undefined || read === undefined) {
    const served = [...endpoint.grants.keys()].filter((name) => name !== 'implicit');
    throw new OAuthError('unsupported_grant_type', `the contract has ${served.join(' and ')}`);
  }
  const grant = await read(request, form, known, issuing.tokens);
  const accessToken = await signToken(request, 'access', grant, issuing);
  const isRenewed = type !== 'client_credentials' && endpoint.grants.has('refresh_token');
  const renewal = isRenewed ? await signToken(request, 'refresh', grant, issuing) : undefined;
  const asked = form.get('scope') ?? '';
  const body = { token_type: 'Bearer', expires_in: LIFETIMES.access, scope: grant.scopes.join(' ') };
  return {
    status: 200,
    headers: NO_STORE,
    body: { access_token: accessToken, ...body, ...(renewal !== undefined && { refresh_token: renewal }) },
    record: { request: { grant_type: type, ...(asked !== '' && { scope: asked }) }, response: body },
  };
}

/** Signs a token of the tenant, with the next of its ids. */
export function signToken(
  { tenant, base }: Pick<DirectRequest, 'tenant' | 'base'>,
  kind: TokenKind,
  grant: Grant,
  { tokens, issuer }: Issuing,
): Promise<string> {
  const now = tenant.now();
  const number = tenant.apply({ kind: 'number', series: TOKENS }).outcome?.body;
  const id = `${tenant.name}-${number}`;
  return tokens.issue({
    kind,
    id,
    issuer: base + issuer,
    base,
    ...grant,
    tenant: tenant.name,
    now,
    lifetime: LIFETIMES[kind],
  });
}

/** The scopes that are asked for, all that there are where none is; throws where one is unknown. */
export function scopesOf(asked: string | null, known: ReadonlySet<string>): Pick<Grant, 'scopes' | 'isAdministrator'> {
  const wanted = (asked ?? '').split(' ').filter((scope) => scope !== '');
  const unknown = wanted.filter((scope) => !known.has(scope) && scope !== ADMINISTRATOR);
  if (unknown.length > 0) {
    throw new OAuthError(
      'invalid_scope',
      `${printable(unknown.join(' '))} is unknown; known are: ${[...known].join(' ')}`,
    );
  }
  const scopes = wanted.length > 0 ? [...new Set(wanted)] : [...known];
  const isAdministrator = scopes.includes(ADMINISTRATOR) || [...known].every((scope) => scopes.includes(scope));
  return { scopes, isAdministrator };
}

/** What a token is asked for (RFC 8707); all that its issuer serves, where nothing is said. */
export function audienceOf(form: URLSearchParams, base: string): readonly string[] {
  const resources = form.getAll('resource');
  const wrong = resources.find((resource) => !URL.canParse(resource) || resource.includes('#'));
  if (wrong !== undefined)
    throw new OAuthError('invalid_target', `${printable(wrong)} is no absolute URI without fragment`);
  return resources.length === 0 ? [base] : [...new Set(resources)];
}

type GrantReader = (
  request: DirectRequest,
  form: URLSearchParams,
  known: ReadonlySet<string>,
  tokens: Tokens,
) => Grant | Promise<Grant>;

const READERS: Readonly<Record<string, GrantReader | undefined>> = {
  client_credentials(request, form, known) {
    const clientId = needClient(request, form);
    return {
      subject: clientId,
      clientId,
      ...scopesOf(form.get('scope'), known),
      audience: audienceOf(form, request.base),
    };
  },

  password(request, form, known) {
    const client = clientOf(request, form);
    const subject = form.get('username');
    if (!subject || !form.get('password')) throw new OAuthError('invalid_request', 'username and password are needed');
    const clientId = client ?? (form.get('client_id') || subject);
    return { subject, clientId, ...scopesOf(form.get('scope'), known), audience: audienceOf(form, request.base) };
  },

  authorization_code(request, form, _known, tokens) {
    const claims = takeToken(request, 'code', form.get('code'), tokens);
    const { redirect_uri: uri, code_challenge: challenge, code_challenge_method: method } = claims.grant ?? {};
    if (claims.grant?.type !== undefined) throw new OAuthError('invalid_grant', 'it is the code of a device');
    requireClient(request, form, claims);
    if ((form.get('redirect_uri') ?? '') !== (uri ?? ''))
      throw new OAuthError('invalid_grant', 'redirect_uri is another one than that of the authorization request');
    const verifier = form.get('code_verifier');
    if (challenge !== undefined && (verifier === null || challengeOf(verifier, method) !== challenge))
      throw new OAuthError('invalid_grant', 'code_verifier does not fit the code_challenge');
    if (challenge === undefined && verifier !== null)
      throw new OAuthError('invalid_grant', 'there was no code_challenge in the authorization request');
    const { subject, clientId, scopes, audience, isAdministrator } = claims;
    return { subject, clientId, scopes, audience, isAdministrator };
  },

  [DEVICE_GRANT](request, form, _known, tokens) {
    const claims = takeToken(request, 'code', form.get('device_code'), tokens);
    if (claims.grant?.type !== DEVICE_GRANT) throw new OAuthError('invalid_grant', 'it is not the code of a device');
    requireClient(request, form, claims);
    const { subject, clientId, scopes, audience, isAdministrator } = claims;
    return { subject, clientId, scopes, audience, isAdministrator };
  },

  refresh_token(request, form, _known, tokens) {
    const claims = takeToken(request, 'refresh', form.get('refresh_token'), tokens);
    requireClient(request, form, claims);
    const { subject, clientId, audience } = claims;
    const asked = form.get('scope');
    // What is renewed can be less, and never more.
    const scopes = asked === null ? claims : scopesOf(asked, new Set(claims.scopes));
    return {
      subject,
      clientId,
      audience,
      scopes: scopes.scopes,
      isAdministrator: claims.isAdministrator && scopes.isAdministrator,
    };
  },
};

/** Reads a code or a token of renewal, each of which is good once. */
function takeToken({ tenant }: DirectRequest, kind: TokenKind, token: string | null, tokens: Tokens): TokenClaims {
  if (token === null || token === '')
    throw new OAuthError('invalid_request', `${kind === 'code' ? 'the code' : 'refresh_token'} is missing`);
  const claims = tokens.verify(token);
  const isGood =
    claims !== undefined &&
    claims.kind === kind &&
    claims.tenant === tenant.name &&
    claims.expiresAt > tenant.now() &&
    !isRevoked(tenant.store, claims.id);
  if (!isGood) throw new OAuthError('invalid_grant', 'it is unknown, used, expired or revoked');
  tenant.apply({ kind: 'revoke', token: claims.id, until: claims.expiresAt });
  return claims;
}

function requireClient(request: DirectRequest, form: URLSearchParams, { clientId }: TokenClaims): void {
  const client = clientOf(request, form) ?? form.get('client_id');
  if (client !== null && client !== clientId) throw new OAuthError('invalid_grant', 'it was given to another client');
}

/** RFC 7636, section 4.6. */
function challengeOf(verifier: string, method: string | undefined): string {
  return method === 'S256' ? createHash('sha256').update(verifier).digest('base64url') : verifier;
}
