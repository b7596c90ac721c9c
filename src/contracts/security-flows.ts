import type { SecurityScheme } from '../model/operation.ts';
import { objectOr, type PlainObject, stringOr } from './plain-object.ts';

/** Grant types on the wire, by what the two formats call their flows. */
const GRANT_TYPES: Readonly<Record<string, string>> = {
  accessCode: 'authorization_code',
  application: 'client_credentials',
  authorizationCode: 'authorization_code',
  clientCredentials: 'client_credentials',
  deviceAuthorization: 'urn:ietf:params:oauth:grant-type:device_code',
};

/** The flows of OAuth 2 that a scheme declares, by grant type. AsyncAPI 3 calls its scopes available. */
export function flowsOf(flows: PlainObject): NonNullable<SecurityScheme['flows']> {
  return Object.fromEntries(
    Object.entries(flows)
      .filter(([name]) => !name.startsWith('x-'))
      .map(([name, value]) => {
        const { tokenUrl, availableScopes, scopes = availableScopes } = objectOr(value);
        const { authorizationUrl, refreshUrl, deviceAuthorizationUrl } = objectOr(value);
        const described = Object.entries(objectOr(scopes)).map(([scope, text]) => [scope, String(text)]);
        return [
          GRANT_TYPES[name] ?? name,
          {
            tokenUrl: stringOr(tokenUrl) ?? '',
            scopes: Object.fromEntries(described),
            ...(typeof authorizationUrl === 'string' && { authorizationUrl }),
            ...(typeof refreshUrl === 'string' && { refreshUrl }),
            ...(typeof deviceAuthorizationUrl === 'string' && { deviceAuthorizationUrl }),
          },
        ];
      }),
  );
}
