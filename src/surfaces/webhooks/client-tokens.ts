import type { ClientCredentials } from '../../engine/delivery/delivery.ts';
import { isObject } from '../../lib/json-object.ts';

/** What a token endpoint answered; `error` where nothing was answered. */
export interface TokenAnswer {
  readonly status?: number;
  readonly error?: string;
  readonly body?: string;
}

/** What a token endpoint is asked: a form, with the client's name and secret beside it. */
export interface TokenRequest {
  readonly url: string;
  readonly authorization: string;
  readonly form: string;
}

/** A token, or why there is none. */
export type Taken = { readonly token: string; readonly isNew: boolean } | { readonly refused: string };

/** Tokens that are kept at once; the oldest go first, and are asked for again. */
export const MOST_TOKENS = 1_000;

/**
 * The tokens that receivers are sent theirs with: each is asked for at its receiver's token endpoint when it is first
 * needed (RFC 6749, section 4.4), kept as long as it is good, and asked for anew when it is over.
 *
 * @example
 * const taken = await tokens.take('acme', { tokenUrl, clientId: 'crm', clientSecret: 'secret' });
 */
export class ClientTokens {
  readonly #ask: (request: TokenRequest, tenant: string) => Promise<TokenAnswer>;
  readonly #wallNow: () => number;
  readonly #kept = new Map<string, { readonly token: string; readonly until: number }>();

  constructor(ask: (request: TokenRequest, tenant: string) => Promise<TokenAnswer>, wallNow: () => number) {
    this.#ask = ask;
    this.#wallNow = wallNow;
  }

  /** The token that is kept, or a new one. */
  async take(tenant: string, credentials: ClientCredentials): Promise<Taken> {
    const key = keyOf(tenant, credentials);
    const known = this.#kept.get(key);
    if (known !== undefined && known.until > this.#wallNow()) return { token: known.token, isNew: false };
    return this.#renew(tenant, credentials, key);
  }

  /** Gives a token up that its receiver takes no more. */
  forget(tenant: string, credentials: ClientCredentials): void {
    this.#kept.delete(keyOf(tenant, credentials));
  }

  async #renew(tenant: string, credentials: ClientCredentials, key: string): Promise<Taken> {
    const { tokenUrl, clientId, clientSecret, scope } = credentials;
    const form = new URLSearchParams({ grant_type: 'client_credentials', ...(scope !== undefined && { scope }) });
    const client = [clientId, clientSecret].map(encodeURIComponent).join(':');
    const authorization = `Basic ${Buffer.from(client).toString('base64')}`;
    const { status, error, body } = await this.#ask({ url: tokenUrl, authorization, form: String(form) }, tenant);
    if (error !== undefined) return { refused: `no token could be asked for: ${error}` };
    const { token, seconds } = readToken(body);
    if (status !== 200 || token === undefined) {
      return { refused: `the token endpoint answered ${status}${status === 200 ? ' without a token' : ''}` };
    }
    this.#kept.delete(key);
    this.#kept.set(key, { token, until: this.#wallNow() + seconds * 1000 });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MOST_TOKENS && oldest !== undefined) this.#kept.delete(oldest);
    return { token, isNew: true };
  }
}

/** Without `expires_in` a token is good until it is refused. */
function readToken(body = ''): { readonly token?: string; readonly seconds: number } {
  try {
    const answer: unknown = JSON.parse(body);
    if (!isObject(answer) || typeof answer.access_token !== 'string') return { seconds: 0 };
    const seconds = typeof answer.expires_in === 'number' ? answer.expires_in : Number.POSITIVE_INFINITY;
    return { token: answer.access_token, seconds };
  } catch {
    return { seconds: 0 };
  }
}

function keyOf(tenant: string, { tokenUrl, clientId, clientSecret, scope }: ClientCredentials): string {
  return JSON.stringify([tenant, tokenUrl, clientId, clientSecret, scope]);
}
