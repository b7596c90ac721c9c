import { isRevoked } from '../../../engine/state/revoked-tokens.ts';
import type { DirectAnswer, DirectRequest } from '../direct-route.ts';
import { NO_STORE, needClient, OAuthError, readForm } from './oauth-request.ts';
import type { TokenClaims, Tokens } from './tokens.ts';

/** Tells whether a token is good, and what it says (RFC 7662); throws an `OAuthError` for a client that does not say who it is. */
export function introspectToken(request: DirectRequest, tokens: Tokens): DirectAnswer {
  const claims = readClaims(request, tokens);
  const body = claims === undefined ? { active: false } : { active: true, ...described(claims) };
  return { status: 200, headers: NO_STORE, body, record: { request: {}, response: body } };
}

/** Ends a token before its time (RFC 7009); one that is none of ours is ended already. */
export function revokeToken(request: DirectRequest, tokens: Tokens): DirectAnswer {
  const claims = readClaims(request, tokens);
  if (claims !== undefined) request.tenant.apply({ kind: 'revoke', token: claims.id, until: claims.expiresAt });
  return { status: 200, headers: NO_STORE, body: undefined, record: { request: {}, response: undefined } };
}

/** What the token of a request says, where it is still good in this tenant. */
function readClaims(request: DirectRequest, tokens: Tokens): TokenClaims | undefined {
  const form = readForm(request);
  needClient(request, form);
  const token = form.get('token') ?? '';
  if (token === '') throw new OAuthError('invalid_request', 'token is missing');
  const { tenant } = request;
  const claims = tokens.verify(token);
  if (claims === undefined || claims.kind === 'code' || claims.tenant !== tenant.name) return undefined;
  return claims.expiresAt <= tenant.now() || isRevoked(tenant.store, claims.id) ? undefined : claims;
}

function described(claims: TokenClaims): Readonly<Record<string, unknown>> {
  const { id, issuer, audience, clientId, subject, scopes, issuedAt, expiresAt, kind } = claims;
  return {
    scope: scopes.join(' '),
    client_id: clientId,
    ...(kind === 'access' && { token_type: 'Bearer' }),
    exp: expiresAt / 1_000,
    iat: issuedAt / 1_000,
    sub: subject,
    aud: audience.length === 1 ? audience[0] : audience,
    iss: issuer,
    jti: id,
  };
}
