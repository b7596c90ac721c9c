import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import { isWebhookSecret } from '../../../src/lib/webhook-secret.ts';
import { signatureOf } from '../../../src/surfaces/webhooks/signature.ts';

const secretOf = (bytes: Uint8Array) => `whsec_${Buffer.from(bytes).toString('base64')}`;
const secrets = fc.uint8Array({ minLength: 24, maxLength: 64 }).map(secretOf);

test('the signature is the one of the standardwebhooks library, whatever is signed', () => {
  fc.assert(
    fc.property(fc.uuid(), fc.nat(), fc.string({ unit: 'grapheme' }), secrets, (id, timestamp, body, secret) => {
      const expected = new Webhook(secret).sign(id, new Date(timestamp * 1000), body);
      expect(signatureOf({ id, timestamp, body }, [secret])).toBe(expected);
    }),
  );
});

test('each secret gives a signature of its own, newest first', () => {
  const content = { id: 'a', timestamp: 1, body: '{}' };
  const [first, second] = [secretOf(new Uint8Array(24)), secretOf(new Uint8Array(24).fill(1))];
  expect(signatureOf(content, [first, second])).toBe(
    `${signatureOf(content, [first])} ${signatureOf(content, [second])}`,
  );
});

test('a secret is whsec_ and the base64 of 24 to 64 bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
      expect(isWebhookSecret(secretOf(bytes))).toBe(bytes.length >= 24 && bytes.length <= 64);
    }),
  );
  const good = secretOf(new Uint8Array(32));
  for (const bad of [good.slice(6), `${good} `, good.replace('=', ''), 'whsec_', `whsec_${'-'.repeat(44)}`, '']) {
    expect(isWebhookSecret(bad)).toBe(false);
  }
});
