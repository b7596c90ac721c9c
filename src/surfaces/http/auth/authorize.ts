import type { DirectAnswer, DirectRequest } from '../direct-route.ts';
import type { TokenEndpoint } from './authorization-servers.ts';
import { audienceOf, type Issuing, scopesOf, signToken } from './issue-token.ts';
import { NO_STORE, OAuthError, requireOnce } from './oauth-request.ts';

/** What somebody is called who is never asked: there is nobody at a simulator who could log in. */
const USER = 'user';

/** Schemes that a browser would run instead of going there. */
const RUNNABLE = /^(javascript|data|vbscript|blob|file):/i;

/**
 * Answers an authorization request (RFC 6749, section 4.1) as if a user had agreed to everything: it sends back to the
 * client at once, with a code or, for the implicit grant, with a token. Throws an `OAuthError` where it must not send
 * anybody anywhere.
 */
export async function authorize(
  request: DirectRequest,
  endpoint: TokenEndpoint,
  issuing: Issuing,
): Promise<DirectAnswer> {
  const { query, base } = request;
  requireOnce(query);
  const clientId = query.get('client_id') ?? '';
  const target = query.get('redirect_uri') ?? '';
  if (clientId === '') throw new OAuthError('invalid_request', 'client_id is missing');
  if (!URL.canParse(target) || RUNNABLE.test(target) || target.includes('#'))
    throw new OAuthError('invalid_request', 'redirect_uri is needed, as an absolute URI without fragment');
  const state = query.get('state');
  const common = { ...(state !== null && { state }), iss: base + issuing.issuer };
  try {
    const type = query.get('response_type');
    const grant = type === 'code' ? 'authorization_code' : type === 'token' ? 'implicit' : undefined;
    const known = grant === undefined ? undefined : endpoint.grants.get(grant);
    if (type === null) throw new OAuthError('invalid_request', 'response_type is missing');
    if (known === undefined) throw new OAuthError('unsupported_response_type', 'the contract has no flow for it');
    const granted = {
      subject: USER,
      clientId,
      ...scopesOf(query.get('scope'), known),
      audience: audienceOf(query, base),
    };
    if (grant === 'implicit') {
      const token = await signToken(request, 'access', granted, issuing);
      return sendTo(target, '#', {
        access_token: token,
        token_type: 'Bearer',
        scope: granted.scopes.join(' '),
        ...common,
      });
    }
    const code = await signToken(
      request,
      'code',
      { ...granted, grant: { redirect_uri: target, ...challengeIn(query) } },
      issuing,
    );
    return sendTo(target, '?', { code, ...common });
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error;
    const separator = query.get('response_type') === 'token' ? '#' : '?';
    return sendTo(target, separator, { error: error.code, error_description: error.message, ...common });
  }
}

function challengeIn(query: URLSearchParams): Record<string, string> {
  const challenge = query.get('code_challenge');
  if (challenge === null) return {};
  const method = query.get('code_challenge_method') ?? 'plain';
  if (method !== 'S256' && method !== 'plain')
    throw new OAuthError('invalid_request', 'code_challenge_method is S256 or plain');
  return { code_challenge: challenge, code_challenge_method: method };
}

function sendTo(target: string, separator: '?' | '#', parameters: Readonly<Record<string, string>>): DirectAnswer {
  const written = new URLSearchParams(parameters).toString();
  const location =
    separator === '?' && target.includes('?') ? `${target}&${written}` : `${target}${separator}${written}`;
  return { status: 302, headers: { ...NO_STORE, location }, body: undefined };
}
