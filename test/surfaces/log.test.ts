import { expect, test } from 'vitest';
import { createLogger } from '../../src/surfaces/log.ts';

function createLog(level: string) {
  const lines: Record<string, unknown>[] = [];
  const logger = createLogger(level, { write: (line) => void lines.push(JSON.parse(line)) });
  return { logger, lines };
}

test('what is grave enough is written, a line each', () => {
  const { logger, lines } = createLog('warn');

  logger.info({}, 'nobody needs to know');
  logger.warn({ operation: 'readCustomer' }, 'odd');
  logger.error({ error: new Error('broken') }, 'bad');

  expect(lines).toMatchObject([
    { msg: 'odd', operation: 'readCustomer' },
    { msg: 'bad', error: { name: 'Error', message: 'broken' } },
  ]);
});

test('secrets are not written, wherever they stand', () => {
  const { logger, lines } = createLog('info');
  const body = { secret: 'whsec_1', nested: [{ client_secret: 'c', access_token: 'a', Password: 'p' }] };

  logger.info(
    { request: { headers: { Authorization: 'Bearer abcdef', 'aps-token': 't' } }, body, adminToken: 'x' },
    'sent Bearer abcdef',
  );
  logger.info({ url: '/events?access_token=abcdef&after=1' }, 'wants a bearer token');

  expect(lines).toMatchObject([
    {
      msg: 'sent Bearer ***',
      request: { headers: { Authorization: '***', 'aps-token': '***' } },
      body: { secret: '***', nested: [{ client_secret: '***', access_token: '***', Password: '***' }] },
      adminToken: '***',
    },
    { msg: 'wants a bearer token', url: '/events?access_token=***&after=1' },
  ]);
});

test('a silent logger writes nothing', () => {
  const { logger, lines } = createLog('silent');

  logger.error({}, 'bad');

  expect(lines).toEqual([]);
});
