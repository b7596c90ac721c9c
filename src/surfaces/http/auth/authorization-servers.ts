import type { Contract } from '../../../model/contract.ts';

/** What the contracts say of one token endpoint. */
export interface TokenEndpoint {
  /** Its path, without the tenant's prefix. */
  readonly path: string;
  /** Grant types to the scopes that each can give. */
  readonly grants: ReadonlyMap<string, ReadonlySet<string>>;
}

/** A place where users are asked, to the token endpoint that changes what they give. */
export interface AuthorizationEndpoint {
  readonly path: string;
  readonly endpoint: TokenEndpoint;
}

/** What the contracts say of where tokens are from. */
export interface AuthorizationServers {
  readonly endpoints: readonly TokenEndpoint[];
  readonly authorizations: readonly AuthorizationEndpoint[];
  /** Where devices ask to be let in. */
  readonly devices: readonly AuthorizationEndpoint[];
  /** Paths of issuers, `''` for that of the tenant itself, to the endpoint where their tokens are given. */
  readonly issuers: ReadonlyMap<string, TokenEndpoint>;
}

/** What a device asks for a token with (RFC 8628). */
export const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';

const SERVED = ['client_credentials', 'password', 'authorization_code', 'implicit', DEVICE_GRANT];

/** Grants whose tokens can be renewed. */
const RENEWED = ['password', 'authorization_code', DEVICE_GRANT];

/**
 * Collects what the security schemes of all contracts say of authorization servers. Each endpoint stands at the path of
 * its URL, whatever the host.
 *
 * @example collectAuthorizationServers(contracts).endpoints.map(({ path }) => path) // ['/oauth/token']
 */
export function collectAuthorizationServers(
  contracts: readonly Pick<Contract, 'securitySchemes'>[],
): AuthorizationServers {
  const endpoints = new Map<string, Map<string, Set<string>>>();
  const authorizations = new Map<string, AuthorizationEndpoint>();
  const devices = new Map<string, AuthorizationEndpoint>();
  const issuers = new Map<string, TokenEndpoint>();
  const add = (path: string, grant: string, scopes: Iterable<string>): TokenEndpoint => {
    const grants = endpoints.get(path) ?? new Map<string, Set<string>>();
    endpoints.set(path, grants);
    const known = grants.get(grant) ?? new Set<string>();
    for (const scope of scopes) known.add(scope);
    grants.set(grant, known);
    return { path, grants };
  };
  for (const { flows = {}, type, metadataUrl } of contracts.flatMap((each) => Object.values(each.securitySchemes))) {
    let own: TokenEndpoint | undefined;
    for (const [grant, flow] of Object.entries(flows)) {
      const { tokenUrl, scopes, authorizationUrl, refreshUrl, deviceAuthorizationUrl } = flow;
      if (!SERVED.includes(grant)) continue;
      const authorization = pathOf(authorizationUrl);
      // The flow without an endpoint of its own has its tokens checked beside where they are asked for.
      const path = pathOf(tokenUrl) ?? (grant === 'implicit' ? authorization : undefined);
      if (path === undefined) continue;
      const endpoint = add(path, grant, Object.keys(scopes));
      const isDirect = pathOf(tokenUrl) !== undefined;
      if (isDirect) own ??= endpoint;
      if (authorization !== undefined && authorization !== path)
        authorizations.set(authorization, { path: authorization, endpoint });
      const device = pathOf(deviceAuthorizationUrl);
      if (device !== undefined && device !== path) devices.set(device, { path: device, endpoint });
      if (isDirect && RENEWED.includes(grant)) add(pathOf(refreshUrl) ?? path, 'refresh_token', Object.keys(scopes));
    }
    const issuer = issuerOf(metadataUrl);
    if (issuer === undefined) continue;
    if (type === 'openIdConnect') own ??= add(`${issuer}/oauth/token`, 'client_credentials', []);
    if (own !== undefined) issuers.set(issuer, own);
  }
  const all = [...endpoints].map(([path, grants]) => ({ path, grants }));
  const owned = new Set([...issuers.values()].map(({ path }) => path));
  const first = all.find(({ path }) => !owned.has(path));
  if (first !== undefined && !issuers.has('')) issuers.set('', first);
  return { endpoints: all, authorizations: [...authorizations.values()], devices: [...devices.values()], issuers };
}

function pathOf(url: string | undefined): string | undefined {
  return url === undefined || url === '' || !URL.canParse(url, BASE) ? undefined : new URL(url, BASE).pathname;
}

/** The path of the issuer whose description stands at an address, in either of the two forms that there are. */
function issuerOf(url: string | undefined): string | undefined {
  const [, before = '', after = ''] =
    /^(.*?)\/\.well-known\/(?:openid-configuration|oauth-authorization-server)(\/.*)?$/.exec(pathOf(url) ?? '') ?? [
      undefined,
    ];
  return pathOf(url)?.includes('/.well-known/') === true ? (before + after).replace(/\/+$/, '') : undefined;
}

const BASE = 'http://simulator';
