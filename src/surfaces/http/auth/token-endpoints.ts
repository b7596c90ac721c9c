import type { Contract } from '../../../model/contract.ts';
import type { DirectAnswer, DirectRequest, DirectRoute } from '../direct-route.ts';
import { type AuthorizationServers, collectAuthorizationServers, type TokenEndpoint } from './authorization-servers.ts';
import { authorize } from './authorize.ts';
import { authorizeDevice, showDevicePage } from './authorize-device.ts';
import { type Issuing, issueToken } from './issue-token.ts';
import { answeringErrors } from './oauth-request.ts';
import { introspectToken, revokeToken } from './token-status.ts';
import type { Tokens } from './tokens.ts';

/**
 * Makes what gives tokens and tells of them: an endpoint at the path of every `tokenUrl` and `authorizationUrl` in the
 * contracts, beside each token endpoint those that introspect and revoke, the description of the authorization servers,
 * and the key set that tokens are verified with. Any client credentials get a token; it carries the tenant that the
 * request meant.
 *
 * @example
 * createTokenEndpoints({ contracts, tokens }).map(({ path }) => path)
 * // ['/oauth/token', '/oauth/introspect', '/oauth/revoke', '/.well-known/oauth-authorization-server', …]
 */
export function createTokenEndpoints({
  contracts,
  tokens,
}: {
  contracts: readonly Pick<Contract, 'securitySchemes'>[];
  tokens: Tokens;
}): readonly DirectRoute[] {
  const servers = collectAuthorizationServers(contracts);
  const issuingAt = ({ path }: TokenEndpoint): Issuing => {
    const [issuer = ''] = [...servers.issuers].find(([, endpoint]) => endpoint.path === path) ?? [];
    return { tokens, issuer };
  };
  const route = (method: string, path: string, answer: Answerer): DirectRoute => ({
    method,
    path,
    answer: (request) => answeringErrors(() => answer(request)),
    hasCredential: (body) => /(?:^|&)(?:client_secret|password)=[^&]/.test(body),
  });
  const routes = [
    ...servers.endpoints.flatMap((endpoint) => [
      route('POST', endpoint.path, (request) => issueToken(request, endpoint, issuingAt(endpoint))),
      route('POST', beside(endpoint, 'introspect'), (request) => introspectToken(request, tokens)),
      route('POST', beside(endpoint, 'revoke'), (request) => revokeToken(request, tokens)),
    ]),
    ...servers.authorizations.map(({ path, endpoint }) =>
      route('GET', path, (request) => authorize(request, endpoint, issuingAt(endpoint))),
    ),
    ...servers.devices.flatMap((device) => [
      route('POST', device.path, (request) => authorizeDevice(request, device, issuingAt(device.endpoint))),
      route('GET', device.path, showDevicePage),
    ]),
    ...[...servers.issuers].flatMap(([issuer, endpoint]) =>
      wellKnown(issuer).map((path) =>
        route('GET', path, ({ base }) => ({
          status: 200,
          headers: {},
          body: describe(base, issuer, endpoint, servers),
        })),
      ),
    ),
    route('GET', KEYS, async ({ tenantName }) => ({ status: 200, headers: {}, body: await tokens.jwks(tenantName) })),
  ];
  return [...new Map(routes.map((each) => [`${each.method} ${each.path}`, each])).values()];
}

type Answerer = (request: DirectRequest) => DirectAnswer | Promise<DirectAnswer>;

const KEYS = '/.well-known/jwks.json';

/** RFC 8414 puts the name between host and path of an issuer, OpenID Connect Discovery behind both: each in both places. */
function wellKnown(issuer: string): readonly string[] {
  return ['oauth-authorization-server', 'openid-configuration'].flatMap((name) => [
    `/.well-known/${name}${issuer}`,
    ...(issuer === '' ? [] : [`${issuer}/.well-known/${name}`]),
  ]);
}

/** A neighbour of a token endpoint. */
function beside({ path }: Pick<TokenEndpoint, 'path'>, name: string): string {
  return `${path.slice(0, path.lastIndexOf('/'))}/${name}`;
}

/** The metadata of RFC 8414 of one issuer of a tenant. */
function describe(base: string, issuer: string, endpoint: TokenEndpoint, servers: AuthorizationServers) {
  const { grants, path } = endpoint;
  const authorization = servers.authorizations.find((each) => each.endpoint.path === path);
  const device = servers.devices.find((each) => each.endpoint.path === path);
  const methods = ['client_secret_basic', 'client_secret_post'];
  return {
    issuer: base + issuer,
    token_endpoint: base + path,
    ...(authorization !== undefined && { authorization_endpoint: base + authorization.path }),
    ...(device !== undefined && { device_authorization_endpoint: base + device.path }),
    jwks_uri: base + KEYS,
    introspection_endpoint: base + beside(endpoint, 'introspect'),
    revocation_endpoint: base + beside(endpoint, 'revoke'),
    scopes_supported: [...new Set([...grants.values()].flatMap((scopes) => [...scopes]))],
    response_types_supported: [
      ...(grants.has('authorization_code') ? ['code'] : []),
      ...(grants.has('implicit') ? ['token'] : []),
    ],
    grant_types_supported: [...grants.keys()],
    token_endpoint_auth_methods_supported: [...methods, 'none'],
    introspection_endpoint_auth_methods_supported: methods,
    revocation_endpoint_auth_methods_supported: methods,
    code_challenge_methods_supported: ['S256', 'plain'],
    authorization_response_iss_parameter_supported: true,
  };
}
