import { createHmac } from 'node:crypto';

/** What of an attempt is signed. */
export interface SignedContent {
  readonly id: string;
  /** Seconds since 1970. */
  readonly timestamp: number;
  /** Exactly the bytes that are sent. */
  readonly body: string;
}

/**
 * The value of `webhook-signature` after Standard Webhooks: one signature for each secret, separated by spaces, so that
 * a receiver that knows any of them can verify it.
 *
 * @example signatureOf({ id: 'evt-1', timestamp: 1767225600, body: '{}' }, ['whsec_…']) // 'v1,…'
 */
export function signatureOf({ id, timestamp, body }: SignedContent, secrets: readonly string[]): string {
  return secrets
    .map((secret) => {
      const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
      return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
    })
    .join(' ');
}
