import type { Tenant } from '../../engine/tenant.ts';
import { DEFAULT_TENANT, type Tenants } from '../../engine/tenants.ts';
import { didYouMean } from '../../lib/nearest-word.ts';
import { Refusal } from '../../model/command.ts';
import type { Contract } from '../../model/contract.ts';
import type { TenantLocator, TenantNeed } from '../surface.ts';
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
 * Finds the tenant of a request: path prefix before `X-Simulator-Tenant` header before the claim of a token of ours,
 * else `default`. Refuses a name that is none with 400, and with 404 one that is not there and has to be.
 *
 * @example createTenantLocator({ tenants, tokens, contracts }).locate({ prefix: '/@acme', headers: {}, query })
 */
export function createTenantLocator({
  tenants,
  tokens,
  contracts,
}: {
  tenants: Tenants;
  tokens: Pick<Tokens, 'verify'>;
  contracts: readonly Pick<Contract, 'securitySchemes'>[];
}): TenantLocator {
  const keyHeaders = keyHeadersOf(contracts);
  return {
    locate({ prefix, headers, query }, need = 'made') {
      if (prefix !== '') return tenantOf(decodeURIComponent(prefix.slice(2)), need);
      const header = headers['x-simulator-tenant'];
      if (header !== undefined) return tenantOf(String(header).trim(), need);
      let claimed = claimOf(bearerOf(headers, query));
      for (const name of keyHeaders) claimed ??= claimOf(headers[name]);
      return tenantOf(claimed ?? DEFAULT_TENANT, need);
    },
  };

  function tenantOf(name: string, need: TenantNeed): Tenant | Refusal {
    if (need !== 'made' && name !== DEFAULT_TENANT && !tenants.has(name)) {
      if (need === 'none') return tenants.get(DEFAULT_TENANT);
      return tenantUnknown(name, tenants.names());
    }
    try {
      return tenants.get(name);
    } catch (error) {
      if (error instanceof Refusal) return error;
      throw error;
    }
  }

  function claimOf(token: string | string[] | undefined): string | undefined {
    return typeof token === 'string' ? tokens.verify(token)?.tenant : undefined;
  }
}

function tenantUnknown(name: string, known: readonly string[]): Refusal {
  const advice = didYouMean(name, known, 'A request for a contract or a change makes it; looking does not.');
  return new Refusal(
    404,
    'TENANT_UNKNOWN',
    `Failed to find the tenant "${name.slice(0, 80)}": there is none. ${advice}`,
  );
}

/** The headers that contracts want a token of ours in, other than `Authorization`; in lower case. */
function keyHeadersOf(contracts: readonly Pick<Contract, 'securitySchemes'>[]): readonly string[] {
  const schemes = contracts.flatMap(({ securitySchemes }) => Object.values(securitySchemes));
  const names = schemes.flatMap((scheme) =>
    scheme.type === 'apiKey' && scheme.in === 'header' && scheme.name !== undefined ? [scheme.name.toLowerCase()] : [],
  );
  return [...new Set(names)];
}
