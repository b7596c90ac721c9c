import axios, { type AxiosError } from 'axios';
import { EventSource } from 'eventsource';
import { Agent, type errors, request } from 'undici';
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { SimulatorTenant } from '../../src/index.ts';
import {
  columnOf,
  EVENT_FAULTS,
  REQUEST_FAULTS,
  STRUCK,
  STRUCK_PATH,
  toBrokenCell,
  toCell,
} from '../support/fault-kinds.ts';
import { startSimulator } from '../support/simulator.ts';

// What docs/faults.md promises that clients see: each kind of fault by clients that we did not write.

const { simulator } = await startSimulator();

const CLIENTS: Readonly<Record<string, (url: string) => Promise<string>>> = {
  async undici(url) {
    const dispatcher = new Agent({ headersTimeout: 600 });
    const began = performance.now();
    let head = 0;
    try {
      const { statusCode, headers, body } = await request(url, { ...STRUCK, dispatcher });
      head = performance.now() - began;
      const text = await body.text();
      return toCell({
        status: statusCode,
        contentType: String(headers['content-type']),
        retryAfter: headers['retry-after'] as string | undefined,
        challenge: headers['www-authenticate'] as string | undefined,
        text,
        head,
        body: performance.now() - began - head,
      });
    } catch (error) {
      return toBrokenCell((error as errors.UndiciError).code, head);
    } finally {
      await dispatcher.destroy();
    }
  },
  async axios(url) {
    const began = performance.now();
    let head = 0;
    try {
      const { status, headers, data } = await axios.post(url, STRUCK.body, {
        headers: STRUCK.headers,
        timeout: 600,
        responseType: 'stream',
        validateStatus: () => true,
      });
      head = performance.now() - began;
      const parts: Buffer[] = [];
      for await (const part of data) parts.push(part);
      return toCell({
        status,
        contentType: String(headers['content-type']),
        retryAfter: headers['retry-after'],
        challenge: headers['www-authenticate'],
        text: Buffer.concat(parts).toString(),
        head,
        body: performance.now() - began - head,
      });
    } catch (error) {
      return toBrokenCell(String((error as AxiosError).code), head);
    }
  },
};

describe.each(Object.entries(CLIENTS))('%s sees', (client, ask) => {
  const promised = columnOf(client);

  test.each(Object.entries(REQUEST_FAULTS))('%s as what docs/faults.md says', async (kind, strike) => {
    await using tenant = simulator.tenant(`${client}-${kind}`);
    await strike(tenant.faults);
    expect(await ask(`${tenant.url}${STRUCK_PATH}`)).toBe(promised[kind]);
    expect(await wasMade(tenant)).toBe(columnOf('is the change made?')[kind]);
  });

  test('every kind of fault that docs/faults.md has for it', () => {
    expect(Object.keys(promised)).toEqual(Object.keys(REQUEST_FAULTS));
  });
});

describe('ws sees', () => {
  test.each(Object.entries(EVENT_FAULTS))('%s as what docs/faults.md says', async (kind, strike) => {
    await using tenant = simulator.tenant(`ws-${kind}`);
    await strike(tenant.faults);
    const socket = new WebSocket(`${tenant.url.replace('http', 'ws')}/customer/created`);
    const ids: string[] = [];
    socket.on('message', (data) => ids.push(JSON.parse(String(data)).eventId));
    await new Promise((done) => socket.once('open', done));
    const closed = new Promise<number>((done) => socket.once('close', done));
    await createTwo(tenant);
    if (kind === 'disconnected') {
      expect(`closed with ${await closed}`).toBe(columnOf('ws')[kind]);
      return;
    }
    const count = kind === 'droppedEvent' ? 1 : 3;
    await expect.poll(() => ids.length).toBe(count);
    socket.close();
    await closed;
    expect(toEventCell(ids)).toBe(columnOf('ws')[kind]);
  });
});

describe('EventSource sees', () => {
  test.each(Object.entries(EVENT_FAULTS))('%s as what docs/faults.md says', async (kind, strike) => {
    await using tenant = simulator.tenant(`sse-${kind}`);
    const source = new EventSource(`${tenant.url}/_simulator/events?channel=customer/created`);
    let ids: string[] = [];
    let isCutOff = false;
    source.onmessage = ({ lastEventId }) => void ids.push(lastEventId);
    source.onerror = () => {
      isCutOff = true;
    };
    await new Promise<void>((done) => {
      source.onopen = () => done();
    });
    // It goes on behind the last event that it has, so that it has to have one.
    await createCustomer(tenant);
    await expect.poll(() => ids.length).toBe(1);
    ids = [];
    await strike(tenant.faults);
    await createTwo(tenant);
    const count = { droppedEvent: 1, duplicatedEvent: 3, disconnected: 2 }[kind];
    await expect.poll(() => ids.length, { timeout: 20_000 }).toBe(count);
    source.close();
    expect(`${isCutOff ? 'cut off, asks again: ' : ''}${toEventCell(ids)}`).toBe(columnOf('EventSource')[kind]);
  });
});

/** Two customers, the first of whose events a fault strikes. */
async function createTwo(tenant: SimulatorTenant): Promise<void> {
  for (let number = 0; number < 2; number += 1) await createCustomer(tenant);
}

async function createCustomer(tenant: SimulatorTenant): Promise<void> {
  expect((await fetch(`${tenant.url}${STRUCK_PATH}`, STRUCK)).status).toBe(201);
}

function toEventCell(ids: readonly string[]): string {
  const count = new Set(ids).size;
  return ids.length > count ? 'twice, with one id' : `${count} of 2`;
}

async function wasMade(tenant: SimulatorTenant): Promise<string> {
  return (await tenant.events.list({ channel: 'customer/created' })).length === 1 ? 'yes' : 'no';
}
