import type { DirectAnswer, DirectRequest } from '../direct-route.ts';
import { basicOf } from './credentials.ts';

/** Why a request of OAuth is not served, with the code of RFC 6749, section 5.2. */
export class OAuthError extends Error {
  readonly code: string;

  constructor(code: string, description: string) {
    super(description);
    this.code = code;
  }
}

/** Answers to such requests are for nobody else, and tell nobody else. */
export const NO_STORE = { 'cache-control': 'no-store', pragma: 'no-cache' };

/** Reads the body of a request of OAuth; throws an `OAuthError` where it is no form, or names something twice. */
export function readForm({ headers, body }: Pick<DirectRequest, 'headers' | 'body'>): URLSearchParams {
  const type = String(headers['content-type'] ?? '')
    .split(';')[0]
    ?.trim()
    .toLowerCase();
  if (type !== 'application/x-www-form-urlencoded') {
    throw new OAuthError('invalid_request', 'the body has to be application/x-www-form-urlencoded');
  }
  const form = new URLSearchParams(body);
  requireOnce(form);
  return form;
}

/** Throws where a parameter is given more than once (RFC 6749, section 3.1); `resource` may be (RFC 8707). */
export function requireOnce(form: URLSearchParams): void {
  const names = [...form.keys()].filter((name) => name !== 'resource');
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined) throw new OAuthError('invalid_request', `${printable(repeated)} is given more than once`);
}

/**
 * The client of a request, by HTTP Basic or in the form: any secret is the right one. Nothing where it does not say;
 * throws an `OAuthError` where it says so in two ways, of which at most one may be used (RFC 6749, section 2.3).
 */
export function clientOf({ headers }: Pick<DirectRequest, 'headers'>, form: URLSearchParams): string | undefined {
  const inForm = form.get('client_id') || undefined;
  // A bearer token says nothing about the client: some send the one they have along with every request.
  if (!/^basic\b/i.test(String(headers.authorization ?? ''))) {
    if (form.get('client_assertion') !== null)
      throw new OAuthError('invalid_client', 'client_secret_basic and client_secret_post are known');
    return form.get('client_secret') === null ? undefined : inForm;
  }
  if (form.get('client_secret') !== null || form.get('client_assertion') !== null) {
    throw new OAuthError('invalid_request', 'the client authenticates in two ways at once');
  }
  const basic = basicOf(headers);
  const client = basic === undefined ? undefined : formDecoded(basic.user);
  if (basic === undefined || client === undefined || formDecoded(basic.password) === undefined)
    throw new OAuthError('invalid_client', 'the Basic credentials cannot be read');
  if (inForm !== undefined && inForm !== client)
    throw new OAuthError('invalid_request', 'client_id is another one than that of the Basic credentials');
  return client;
}

/** As `clientOf`; throws an `OAuthError` where no client says who it is. */
export function needClient(request: Pick<DirectRequest, 'headers'>, form: URLSearchParams): string {
  const client = clientOf(request, form);
  if (client !== undefined) return client;
  throw new OAuthError('invalid_client', 'client_id and client_secret are needed, in the body or by HTTP Basic');
}

/** Answers with what is thrown, where that is an `OAuthError`. */
export async function answeringErrors(answer: () => DirectAnswer | Promise<DirectAnswer>): Promise<DirectAnswer> {
  try {
    return await answer();
  } catch (error) {
    if (error instanceof OAuthError) return failure(error);
    throw error;
  }
}

function failure({ code, message }: OAuthError): DirectAnswer {
  const body = { error: code, error_description: message };
  const isClient = code === 'invalid_client';
  return {
    status: isClient ? 401 : 400,
    headers: { ...NO_STORE, ...(isClient && { 'www-authenticate': 'Basic realm="simulator"' }) },
    body,
    record: { request: {}, response: body },
  };
}

/** Both halves of Basic credentials are written as in a form (RFC 6749, section 2.3.1). */
function formDecoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

/** RFC 6749 allows no quotation marks, backslashes or characters beyond ASCII in a description. */
export function printable(text: string): string {
  return text.replace(/[^\x20-\x21\x23-\x5b\x5d-\x7e]/g, '?').slice(0, 100);
}
