import { expect, test } from 'vitest';
import { ClientTokens, MOST_TOKENS } from '../../../src/surfaces/webhooks/client-tokens.ts';

const of = (clientId: string) => ({ tokenUrl: 'https://crm.example.com/token', clientId, clientSecret: 'secret' });

function tokenEndpoint() {
  const asked: string[] = [];
  const answer = async ({ authorization }: { readonly authorization: string }) => {
    const [clientId = ''] = Buffer.from(authorization.slice(6), 'base64').toString().split(':');
    asked.push(clientId);
    return { status: 200, body: JSON.stringify({ access_token: `token of ${clientId}` }) };
  };
  return { asked, tokens: new ClientTokens(answer, () => 0) };
}

test('a token is asked for once, and sent as long as it is good', async () => {
  const { asked, tokens } = tokenEndpoint();
  expect(await tokens.take('acme', of('crm'))).toEqual({ token: 'token of crm', isNew: true });
  expect(await tokens.take('acme', of('crm'))).toEqual({ token: 'token of crm', isNew: false });
  expect(asked).toEqual(['crm']);
});

test('the newest 1,000 tokens are kept, and an older one is asked for anew', async () => {
  const { asked, tokens } = tokenEndpoint();
  for (let number = 0; number <= MOST_TOKENS; number += 1) await tokens.take('acme', of(`crm-${number}`));
  expect(asked).toHaveLength(1_001);
  expect(await tokens.take('acme', of('crm-1'))).toMatchObject({ isNew: false });
  expect(await tokens.take('acme', of('crm-0'))).toMatchObject({ isNew: true });
});
