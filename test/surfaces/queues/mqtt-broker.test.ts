import mqtt from 'mqtt';
import { expect } from 'vitest';
import { openBroker } from '../../../src/surfaces/queues/brokers.ts';
import { type CollectedMessage, messageOf, testBroker, until } from '../../conformance/broker.ts';
import { serviceTest } from '../../support/services.ts';

const PORT = 1883;
const SERVER = `mqtt://127.0.0.1:${PORT}`;
const test = await serviceTest('Mosquitto', '127.0.0.1', PORT);

testBroker('mqtt', test, {
  port: PORT,
  url: (port, run) => `mqtt://127.0.0.1:${port}?prefix=${run}`,
  async collect(run) {
    // By default Mosquitto has twenty under way, and drops what waits behind a thousand more.
    const client = await mqtt.connectAsync(SERVER, { protocolVersion: 5, properties: { receiveMaximum: 65_535 } });
    const messages: CollectedMessage[] = [];
    client.on('message', (topic, body, { properties }) => {
      const { id, ...headers } = (properties?.userProperties ?? {}) as Record<string, string>;
      messages.push({
        id,
        headers,
        address: topic.slice(run.length + 1),
        contentType: properties?.contentType,
        body: body.toString(),
      });
    });
    await client.subscribeAsync(`${run}/#`, { qos: 1 });
    return { received: () => messages, close: () => client.endAsync() };
  },
  async send(run, address, body, userProperties) {
    const client = await mqtt.connectAsync(SERVER, { protocolVersion: 5 });
    await client.publishAsync(`${run}/${address}`, body, {
      qos: 1,
      properties: { userProperties: { ...userProperties } },
    });
    await client.endAsync();
  },
});

test('mqtt: bindings choose to retain a message, and the correlation id goes along', async () => {
  const run = `test${process.pid}m${Math.floor(performance.now() * 1000)}`;
  const channels = [
    { address: 'customer/created', direction: 'send' as const, bindings: { mqtt: { qos: 0, retain: true } } },
  ];
  const broker = await openBroker(`${SERVER}?prefix=${run}`, { channels, prefixTenants: false });
  const link = await broker.connect(() => {});
  await link.publish({ ...messageOf(0), correlationId: 'CUS-1' });
  await link.close();
  const client = await mqtt.connectAsync(SERVER, { protocolVersion: 5 });
  const found: unknown[] = [];
  client.on('message', (_, __, packet) =>
    found.push([packet.retain, packet.qos, packet.properties?.correlationData?.toString()]),
  );
  await client.subscribeAsync(`${run}/#`, { qos: 1 });
  await until(() => found.length > 0);
  // QoS 0 in the document would mean that nobody confirms: 1 is the least.
  expect(found).toEqual([[true, 1, 'CUS-1']]);
  await client.publishAsync(`${run}/customer/created`, '', { retain: true, qos: 1 });
  await client.endAsync();
});
