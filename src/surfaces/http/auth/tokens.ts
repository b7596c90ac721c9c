import { createPrivateKey, createPublicKey, hkdfSync, verify } from 'node:crypto';
import type { JWK } from 'jose';

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
  readonly tenant?: string;
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
   * (the tenant may well stand in this very token).
   */
  verify(token: string): TokenClaims | undefined;
  /** The public key, as published at `/.well-known/jwks.json`. */
  jwks(): Promise<{ keys: readonly JWK[] }>;
}

/** The claims that are read back. */
interface Payload {
  readonly iss: string;
  readonly base?: string;
  readonly aud: string | readonly string[];
  readonly client_id: string;
  readonly jti: string;
  readonly iat: number;
  readonly grant?: Readonly<Record<string, string>>;
  readonly sub: string;
  readonly scope: string;
  readonly tenant?: string;
  readonly admin?: boolean;
  readonly exp: number;
}

/** The types that tokens carry in their head; that of access tokens is the one of RFC 9068. */
const TYPES: Readonly<Record<TokenKind, string>> = { access: 'at+jwt', refresh: 'rt+jwt', code: 'code+jwt' };

const KEY_ID = 'simulator';

/** A PKCS #8 wrapper of an Ed25519 key: these bytes, then the key (RFC 8410). */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

/** Verified tokens in the cache; the same few come with every request, and a signature costs more than the request. */
const MOST_CACHED = 1_000;

/**
 * Makes the tokens of one seed: JWTs signed with Ed25519 by a key derived from it, so that the same request at the same
 * virtual time gives the same bytes.
 *
 * @example
 * const tokens = createTokens(1);
 * await tokens.issue({ kind: 'access', id: '1', subject: 'me', clientId: 'me', scopes: [], … });
 */
export function createTokens(seed: number): Tokens {
  const secret = hkdfSync('sha256', `seed ${seed}`, '', 'bss-simulator token key', 32);
  const privateKey = createPrivateKey({
    key: Buffer.concat([PKCS8_PREFIX, Buffer.from(secret)]),
    format: 'der',
    type: 'pkcs8',
  });
  const publicKey = createPublicKey(privateKey);
  const verified = new Map<string, TokenClaims | undefined>();
  // A request is looked at twice, for its tenant and for who asks; and clients come back with the token they have.
  let last: { readonly token: string; readonly claims: TokenClaims | undefined } | undefined;

  const read = (token: string): TokenClaims | undefined => {
    const end = token.lastIndexOf('.');
    if (!token.startsWith('eyJ') || token.indexOf('.') === end) return undefined;
    const signature = Buffer.from(token.slice(end + 1), 'base64url');
    // By `node:crypto`, because who the tenant is has to be known before anything can be waited for.
    if (!verify(null, Buffer.from(token.slice(0, end)), publicKey, signature)) return undefined;
    // Signed by us, so it is what `issue` wrote.
    const payload = Buffer.from(token.slice(token.indexOf('.') + 1, end), 'base64url').toString('utf8');
    const { typ } = JSON.parse(Buffer.from(token.slice(0, token.indexOf('.')), 'base64url').toString('utf8'));
    const {
      iss,
      base = iss,
      aud,
      client_id,
      jti,
      iat,
      grant,
      sub,
      scope,
      tenant,
      admin,
      exp,
    } = JSON.parse(payload) as Payload;
    return {
      kind: typ === TYPES.access ? 'access' : typ === TYPES.code ? 'code' : 'refresh',
      id: jti,
      issuer: iss,
      base,
      audience: [aud].flat(),
      clientId: client_id,
      issuedAt: iat * 1_000,
      ...(grant !== undefined && { grant }),
      subject: sub,
      scopes: scope === '' ? [] : scope.split(' '),
      ...(tenant !== undefined && { tenant }),
      isAdministrator: admin === true,
      expiresAt: exp * 1_000,
    };
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
        ...(tenant !== undefined && { tenant }),
        ...(isAdministrator && { admin: true }),
        ...(grant !== undefined && { grant }),
      })
        .setProtectedHeader({ alg: 'EdDSA', typ: TYPES[kind], kid: KEY_ID })
        .setIssuer(issuer)
        .setAudience(audience.length === 1 ? String(audience[0]) : [...audience])
        .setSubject(subject)
        .setJti(id)
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + times.lifetime)
        .sign(privateKey);
    },
    verify(token) {
      if (last?.token === token) return last.claims;
      if (!verified.has(token)) {
        const claims = read(token);
        if (verified.size >= MOST_CACHED) verified.clear();
        verified.set(token, claims);
      }
      last = { token, claims: verified.get(token) };
      return last.claims;
    },
    async jwks() {
      const { exportJWK } = await import('jose');
      return { keys: [{ ...(await exportJWK(publicKey)), kid: KEY_ID, alg: 'EdDSA', use: 'sig' }] };
    },
  };
}
