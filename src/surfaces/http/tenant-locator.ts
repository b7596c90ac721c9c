import { DEFAULT_TENANT } from '../../engine/tenants.ts';
import type { Contract } from '../../model/contract.ts';
import type { TenantLocator } from '../surface.ts';
import { bearerOf } from './auth/credentials.ts';
import type { Tokens } from './auth/tokens.ts';

/** A path without its tenant prefix. */
export interface PrefixedPath {
  readonly path: string;
  /** `''` or for example `/@acme`. */
  readonly prefix: string;
}

/**
 * Takes the tenant prefix off a path.
 *
 * @example splitPrefix('/@acme/v1/customers') // { path: '/v1/customers', prefix: '/@acme' }
 */
export function splitPrefix(path: string): PrefixedPath {
  if (!path.startsWith('/@')) return path.startsWith(WELL_KNOWN) ? splitWellKnown(path) : { path, prefix: '' };
  const end = path.indexOf('/', 2);
  return end < 0 ? { path: '/', prefix: path } : { path: path.slice(end), prefix: path.slice(0, end) };
}

const WELL_KNOWN = '/.well-known/';

/** RFC 8414 puts the path of an issuer, which a tenant's prefix is, behind the well-known name. */
function splitWellKnown(path: string): PrefixedPath {
  const [, name, prefix, rest = ''] = /^(\/\.well-known\/[^/]+)(\/@[^/]*)(\/.*)?$/.exec(path) ?? [];
  return name === undefined || prefix === undefined ? { path, prefix: '' } : { path: name + rest, prefix };
}

/**
 * Makes what reads the name of a request's tenant: path prefix before `X-Simulator-Tenant` header before the claim of a
 * token of ours, else `default`.
 *
 * @example createTenantLocator({ tokens, contracts }).nameOf({ prefix: '/@acme', headers: {}, query }) // 'acme'
 */
export function createTenantLocator({
  tokens,
  contracts,
}: {
  tokens: Pick<Tokens, 'verify'>;
  contracts: readonly Pick<Contract, 'securitySchemes'>[];
}): TenantLocator {
  const keyHeaders = keyHeadersOf(contracts);
  return {
    nameOf({ prefix, headers, query }) {
      if (prefix !== '') return decodeURIComponent(prefix.slice(2));
      const header = headers['x-simulator-tenant'];
      if (header !== undefined) return String(header).trim();
      let claimed = claimOf(bearerOf(headers, query));
      for (const name of keyHeaders) claimed ??= claimOf(headers[name]);
      return claimed ?? DEFAULT_TENANT;
    },
  };

  function claimOf(token: string | string[] | undefined): string | undefined {
    return typeof token === 'string' ? tokens.verify(token)?.tenant : undefined;
  }
}

/** The headers that contracts want a token of ours in, other than `Authorization`; in lower case. */
function keyHeadersOf(contracts: readonly Pick<Contract, 'securitySchemes'>[]): readonly string[] {
  const schemes = contracts.flatMap(({ securitySchemes }) => Object.values(securitySchemes));
  const names = schemes.flatMap((scheme) =>
    scheme.type === 'apiKey' && scheme.in === 'header' && scheme.name !== undefined ? [scheme.name.toLowerCase()] : [],
  );
  return [...new Set(names)];
}
