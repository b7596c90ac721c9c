import { createPrivateKey, createPublicKey, hkdfSync, type KeyObject, verify } from 'node:crypto';
import type { JWK } from 'jose';
import { isObject } from '../../../lib/json-object.ts';

/** What a token is for: an access token (RFC 9068), one that renews it, or a code that is changed for it. */
export type TokenKind = 'access' | 'refresh' | 'code';

/** What a token of ours says. */
export interface TokenClaims {
  readonly kind: TokenKind;
  /** Unique in its tenant. */
  readonly id: string;
  readonly issuer: string;
  /** The address that the tenant was asked at, which an issuer may lie below. */
  readonly base: string;
  /** What it is good for: all below that address, or some addresses below it. */
  readonly audience: readonly string[];
  readonly clientId: string;
  readonly subject: string;
  readonly scopes: readonly string[];
  /** The only one that it is good for. */
  readonly tenant: string;
  readonly isAdministrator: boolean;
  /** What it was asked for with, which has to be the same when it is changed or renewed. */
  readonly grant?: Readonly<Record<string, string>>;
  /** Milliseconds since 1970 on the clock of the tenant. */
  readonly issuedAt: number;
  /** Milliseconds since 1970 on the clock of the tenant. */
  readonly expiresAt: number;
}

export interface TokenRequest extends Omit<TokenClaims, 'issuedAt' | 'expiresAt'> {
  /** Virtual time, milliseconds since 1970. */
  readonly now: number;
  /** Seconds. */
  readonly lifetime: number;
}

export interface Tokens {
  issue(request: TokenRequest): Promise<string>;
  /**
   * What a token says, if it is one of ours. Its lifetime is for the caller to compare, who knows the tenant's clock
   * (the tenant stands in this very token).
   */
  verify(token: string): TokenClaims | undefined;
  /** Whether a token has our signature and yet not what we write: whoever knows a seed can sign anything. */
  isMalformed(token: string): boolean;
  /** The public key of a tenant, as published at `/.well-known/jwks.json`. */
  jwks(tenant: string): Promise<{ keys: readonly JWK[] }>;
}

/** The types that tokens carry in their head; that of access tokens is the one of RFC 9068. */
const TYPES: Readonly<Record<TokenKind, string>> = { access: 'at+jwt', refresh: 'rt+jwt', code: 'code+jwt' };

const KINDS = Object.entries(TYPES) as readonly (readonly [TokenKind, string])[];

/** A PKCS #8 wrapper of an Ed25519 key: these bytes, then the key (RFC 8410). */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

/** Verified tokens, and keys, that are kept: the same few come with every request, and a signature costs more than that. */
const MOST_CACHED = 1_000;

/**
 * Makes the tokens of one simulator: JWTs signed with Ed25519 by a key that is derived from a secret and the tenant, so
 * that the same request at the same virtual time gives the same bytes, and a token of one tenant is none of another.
 *
 * @example
 * const tokens = createTokens('seed 1');
 * await tokens.issue({ kind: 'access', id: '1', tenant: 'acme', subject: 'me', clientId: 'me', scopes: [], … });
 */
export function createTokens(secret: string): Tokens {
  const pairs = new Map<string, KeyPair>();
  const keysOf = (tenant: string): KeyPair => {
    const pair = pairs.get(tenant) ?? deriveKeys(secret, tenant);
    if (pairs.size >= MOST_CACHED) pairs.clear();
    pairs.set(tenant, pair);
    return pair;
  };
  const known = new Map<string, TokenClaims | 'malformed' | undefined>();
  // A request is looked at twice, for its tenant and for who asks; and clients come back with the token they have.
  let last: { readonly token: string; readonly claims: TokenClaims | 'malformed' | undefined } | undefined;

  const readAnew = (token: string): TokenClaims | 'malformed' | undefined => {
    const [head = '', body = '', signature, ...more] = token.split('.', 4);
    if (!token.startsWith('eyJ') || signature === undefined || more.length > 0) return undefined;
    const payload = parsedPart(body);
    // Whose key it has to be signed with stands in what is not proven yet; the key of another does not fit.
    const tenant = isObject(payload) && typeof payload.tenant === 'string' ? payload.tenant : '';
    const signed = Buffer.from(`${head}.${body}`);
    // By `node:crypto`, because who the tenant is has to be known before anything can be waited for.
    if (!verify(null, signed, keysOf(tenant).publicKey, Buffer.from(signature, 'base64url'))) return undefined;
    return claimsOf(parsedPart(head), payload) ?? 'malformed';
  };
  const read = (token: string): TokenClaims | 'malformed' | undefined => {
    if (last?.token === token) return last.claims;
    const claims = known.has(token) ? known.get(token) : readAnew(token);
    if (known.size >= MOST_CACHED) known.clear();
    known.set(token, claims);
    last = { token, claims };
    return claims;
  };

  return {
    async issue({
      kind,
      id,
      issuer,
      base,
      audience,
      clientId,
      subject,
      scopes,
      tenant,
      isAdministrator,
      grant,
      ...times
    }) {
      // Loaded when the first token is asked for: a start that waits for it is felt.
      const { SignJWT } = await import('jose');
      const issuedAt = Math.floor(times.now / 1_000);
      return new SignJWT({
        client_id: clientId,
        ...(base !== issuer && { base }),
        scope: scopes.join(' '),
        tenant,
        ...(isAdministrator && { admin: true }),
        ...(grant !== undefined && { grant }),
      })
        .setProtectedHeader({ alg: 'EdDSA', typ: TYPES[kind], kid: tenant })
        .setIssuer(issuer)
        .setAudience(audience.length === 1 ? String(audience[0]) : [...audience])
        .setSubject(subject)
        .setJti(id)
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + times.lifetime)
        .sign(keysOf(tenant).privateKey);
    },
    verify(token) {
      const claims = read(token);
      return claims === 'malformed' ? undefined : claims;
    },
    isMalformed: (token) => read(token) === 'malformed',
    async jwks(tenant) {
      const { exportJWK } = await import('jose');
      return { keys: [{ ...(await exportJWK(keysOf(tenant).publicKey)), kid: tenant, alg: 'EdDSA', use: 'sig' }] };
    },
  };
}

interface KeyPair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

function deriveKeys(secret: string, tenant: string): KeyPair {
  const derived = hkdfSync('sha256', secret, '', `bss-simulator token key of ${tenant}`.slice(0, MOST_INFO), 32);
  const key = Buffer.concat([PKCS8_PREFIX, Buffer.from(derived)]);
  const privateKey = createPrivateKey({ key, format: 'der', type: 'pkcs8' });
  return { privateKey, publicKey: createPublicKey(privateKey) };
}

/** Bytes that HKDF takes at the most are 1,024; no name of a tenant is as long as these characters. */
const MOST_INFO = 200;

/** The JSON of one part of a token; `undefined` where it is none. */
function parsedPart(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}

/** What a signed token says, if it says all that `issue` writes. */
function claimsOf(head: unknown, payload: unknown): TokenClaims | undefined {
  if (!isObject(head) || head.alg !== 'EdDSA' || !isObject(payload)) return undefined;
  const [kind] = KINDS.find(([, type]) => type === head.typ) ?? [];
  const {
    iss,
    base = iss,
    aud,
    client_id: clientId,
    jti,
    iat,
    exp,
    grant,
    sub,
    scope,
    tenant,
    admin = false,
  } = payload;
  const audience = [aud].flat();
  const texts = [iss, base, clientId, jti, sub, scope, tenant, ...audience];
  if (kind === undefined || !texts.every((text) => typeof text === 'string')) return undefined;
  if (!Number.isFinite(iat) || !Number.isFinite(exp) || typeof admin !== 'boolean') return undefined;
  if (grant !== undefined && !(isObject(grant) && Object.values(grant).every((text) => typeof text === 'string')))
    return undefined;
  const claims = { ...payload, base, audience, clientId } as unknown as Checked;
  return {
    kind,
    id: claims.jti,
    issuer: claims.iss,
    base: claims.base,
    audience: claims.audience,
    clientId: claims.clientId,
    ...(claims.grant !== undefined && { grant: claims.grant }),
    subject: claims.sub,
    scopes: claims.scope === '' ? [] : claims.scope.split(' '),
    tenant: claims.tenant,
    isAdministrator: admin,
    issuedAt: claims.iat * 1_000,
    expiresAt: claims.exp * 1_000,
  };
}

interface Checked extends Pick<TokenClaims, 'base' | 'audience' | 'clientId' | 'grant' | 'tenant'> {
  readonly iss: string;
  readonly jti: string;
  readonly iat: number;
  readonly sub: string;
  readonly scope: string;
  readonly exp: number;
}
