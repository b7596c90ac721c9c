import { connect } from 'amqplib';
import { expect } from 'vitest';
import { openBroker } from '../../../src/surfaces/queues/brokers.ts';
import { type CollectedMessage, messageOf, testBroker, until } from '../../conformance/broker.ts';
import { serviceTest } from '../../support/services.ts';

const PORT = 5672;
const test = await serviceTest('RabbitMQ', '127.0.0.1', PORT);

testBroker('amqp', test, {
  port: PORT,
  url: (port, run) => `amqp://guest:guest@127.0.0.1:${port}?exchange=${run}`,
  async collect(run) {
    const connection = await connect(`amqp://guest:guest@127.0.0.1:${PORT}`);
    const channel = await connection.createChannel();
    const { queue } = await channel.assertQueue('', { exclusive: true });
    await channel.bindQueue(queue, run, '#');
    const messages: CollectedMessage[] = [];
    await channel.consume(
      queue,
      (message) => {
        if (message === null) return;
        const { messageId, contentType, headers } = message.properties;
        const address = message.fields.routingKey.replaceAll('.', '/');
        messages.push({
          id: messageId,
          address,
          contentType,
          headers: headers as Record<string, string>,
          body: message.content.toString(),
        });
      },
      { noAck: true },
    );
    return {
      received: () => messages,
      async close() {
        await channel.deleteExchange(run);
        await channel.deleteQueue(`${run}.work.requested`);
        await connection.close();
      },
    };
  },
  async send(run, address, body, headers) {
    const connection = await connect(`amqp://guest:guest@127.0.0.1:${PORT}`);
    const channel = await connection.createConfirmChannel();
    channel.publish(run, address.replaceAll('/', '.'), Buffer.from(body), { headers: { ...headers } });
    await channel.waitForConfirms();
    await connection.close();
  },
});

test('amqp: messages are persistent and carry application, type and time', async () => {
  const { broker, channel, connection, exchange } = await ownExchange({});
  const { queue } = await channel.assertQueue('', { exclusive: true });
  await (await broker.connect(() => {})).close();
  await channel.bindQueue(queue, exchange, 'customer.*');
  const link = await broker.connect(() => {});
  await link.publish({ ...messageOf(2), correlationId: 'CUS-1' });
  const message = await channel.get(queue, { noAck: true });
  expect((message || undefined)?.properties).toMatchObject({
    deliveryMode: 2,
    appId: 'bss-simulator',
    type: 'customer/created',
    messageId: 'EVT-2',
    correlationId: 'CUS-1',
    timestamp: Date.parse('2026-01-01T00:00:00Z') / 1000,
  });
  await link.close();
  await channel.deleteExchange(exchange);
  await connection.close();
});

test('amqp: bindings choose another exchange or a queue for a channel', async () => {
  const queue = `queue-${process.pid}`;
  const other = `other-${process.pid}`;
  const { broker, channel, connection, exchange } = await ownExchange({
    'customer/created': { amqp: { is: 'queue', queue: { name: queue } } },
    'billing/invoice/paid': { amqp: { is: 'routingKey', exchange: { name: other, type: 'direct' } } },
  });
  const link = await broker.connect(() => {});
  const { queue: bound } = await channel.assertQueue('', { exclusive: true });
  await channel.bindQueue(bound, other, 'billing.invoice.paid');
  await link.publish(messageOf(0));
  await link.publish(messageOf(1));
  const [first, second] = [await channel.get(queue, { noAck: true }), await channel.get(bound, { noAck: true })];
  expect([first, second].map((message) => (message || undefined)?.properties.messageId)).toEqual(['EVT-0', 'EVT-1']);
  await link.close();
  await channel.deleteQueue(queue);
  await channel.deleteExchange(other);
  await channel.deleteExchange(exchange);
  await connection.close();
});

test('amqp: an exchange that goes away ends the connection, and the next one declares it again', async () => {
  const { broker, channel, connection, exchange } = await ownExchange({});
  let isClosed = false;
  const link = await broker.connect(() => {
    isClosed = true;
  });
  await channel.deleteExchange(exchange);
  await expect(link.publish(messageOf(0))).rejects.toThrow();
  await until(() => isClosed);
  const next = await broker.connect(() => {});
  await next.publish(messageOf(0));
  await next.close();
  await channel.deleteExchange(exchange);
  await connection.close();
});

async function ownExchange(bindings: Readonly<Record<string, Readonly<Record<string, unknown>>>>) {
  const exchange = `test${process.pid}x${Math.floor(performance.now() * 1000)}`;
  const channels = ['customer/created', 'billing/invoice/paid'].map((address) => ({
    address,
    direction: 'send' as const,
    bindings: bindings[address] ?? {},
  }));
  const broker = await openBroker(`amqp://guest:guest@127.0.0.1:${PORT}?exchange=${exchange}`, {
    channels,
    prefixTenants: false,
  });
  const connection = await connect(`amqp://guest:guest@127.0.0.1:${PORT}`);
  return { broker, connection, exchange, channel: await connection.createChannel() };
}
