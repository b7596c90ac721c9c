import { createHash } from 'node:crypto';
import type { DirectAnswer, DirectRequest } from '../direct-route.ts';
import { type AuthorizationEndpoint, DEVICE_GRANT } from './authorization-servers.ts';
import { audienceOf, type Issuing, LIFETIMES, scopesOf, signToken } from './issue-token.ts';
import { clientOf, NO_STORE, OAuthError, readForm } from './oauth-request.ts';

/**
 * Answers a device that asks to be let in (RFC 8628, section 3.2) as if its user had agreed at once: its code gets a token
 * the first time that it asks. Throws an `OAuthError` where the request makes no sense.
 */
export async function authorizeDevice(
  request: DirectRequest,
  { path, endpoint }: AuthorizationEndpoint,
  issuing: Issuing,
): Promise<DirectAnswer> {
  const form = readForm(request);
  const clientId = clientOf(request, form) ?? form.get('client_id') ?? '';
  if (clientId === '') throw new OAuthError('invalid_request', 'client_id is missing');
  const known = endpoint.grants.get(DEVICE_GRANT) ?? new Set<string>();
  const grant = {
    subject: clientId,
    clientId,
    ...scopesOf(form.get('scope'), known),
    audience: audienceOf(form, request.base),
    grant: { type: DEVICE_GRANT },
  };
  const code = await signToken(request, 'code', grant, issuing);
  const page = request.base + path;
  const userCode = userCodeOf(code);
  return {
    status: 200,
    headers: NO_STORE,
    body: {
      device_code: code,
      user_code: userCode,
      verification_uri: page,
      verification_uri_complete: `${page}?user_code=${userCode}`,
      expires_in: LIFETIMES.code,
      interval: 1,
    },
  };
}

/** Says what there is to do for the user of a device: nothing. */
export function showDevicePage(): DirectAnswer {
  return { status: 200, headers: NO_STORE, body: { message: 'The device has been let in. Go back to it.' } };
}

/** Letters that nobody takes for others, as RFC 8628 recommends (section 6.1). */
const LETTERS = 'BCDFGHJKLMNPQRSTVWXZ';

function userCodeOf(code: string): string {
  const bytes = createHash('sha256').update(code).digest();
  const text = Array.from(bytes.subarray(0, 8), (byte) => LETTERS[byte % LETTERS.length]).join('');
  return `${text.slice(0, 4)}-${text.slice(4)}`;
}
