import { connect } from 'amqplib';
import { expect } from 'vitest';
import { serviceTest } from '../support/services.ts';
import { startSimulator } from '../support/simulator.ts';

const rabbitTest = await serviceTest('RabbitMQ', '127.0.0.1', 5672);

rabbitTest(
  'a customer created by REST arrives on a queue of RabbitMQ, under the routing key of its channel',
  async () => {
    const exchange = `simulator-test-${process.pid}`;
    const connection = await connect('amqp://guest:guest@127.0.0.1');
    const channel = await connection.createChannel();
    await channel.assertExchange(exchange, 'topic', { durable: true });
    const { queue } = await channel.assertQueue('', { exclusive: true });
    await channel.bindQueue(queue, exchange, 'customer.*');
    const received = new Promise<{ key: string; id: unknown; body: Record<string, unknown> }>((resolve) => {
      channel.consume(queue, (message) => {
        if (message === null) return;
        resolve({
          key: message.fields.routingKey,
          id: message.properties.messageId,
          body: JSON.parse(message.content.toString()),
        });
      });
    });
    const { ask } = await startSimulator({ queue: [`amqp://guest:guest@127.0.0.1?exchange=${exchange}`] });
    const { body: customer } = await ask('POST', '/v1/customers', {
      customerType: 'Individual',
      email: 'ada@example.com',
    });
    const { key, id, body } = await received;
    expect(key).toBe('customer.created');
    expect(body).toMatchObject({ eventId: id, customerId: customer.customerId, status: 'Active' });
    await channel.deleteExchange(exchange);
    await connection.close();
  },
);
