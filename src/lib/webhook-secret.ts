const SECRET = /^whsec_((?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)$/;

/**
 * Whether a text is a secret as Standard Webhooks writes it: `whsec_` and the Base64 of 24 to 64 bytes.
 *
 * @example isWebhookSecret('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw') // true
 */
export function isWebhookSecret(text: string): boolean {
  const encoded = SECRET.exec(text)?.[1];
  if (encoded === undefined) return false;
  const size = Buffer.from(encoded, 'base64').length;
  return size >= 24 && size <= 64;
}

/**
 * Writes bytes, given in hexadecimal, as a secret of Standard Webhooks.
 *
 * @example toWebhookSecret('00'.repeat(32))
 */
export function toWebhookSecret(hex: string): string {
  return `whsec_${Buffer.from(hex, 'hex').toString('base64')}`;
}
