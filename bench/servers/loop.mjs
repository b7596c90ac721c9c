import { createValidationOf } from './shipped.mjs';
import './listen.mjs';

/** A plain loop that builds, validates and stores as many events as the simulated year had, and does nothing else. */
const { BENCH_COUNT: count, BENCH_EVENTS: events } = process.env;
const samples = JSON.parse(events);
const checkOf = await createValidationOf();
const checks = samples.map(({ channel }) => checkOf(channel));
const store = new Map();
const log = [];
for (const [index, { payload }] of samples.entries()) checks[index]?.(payload);
const began = performance.now();
for (let number = 0; number < Number(count); number += 1) {
  const at = number % samples.length;
  const { channel, payload } = samples[at];
  const message = { ...payload, eventId: `event-${number}` };
  checks[at]?.(message);
  store.set(`${channel}/${number}`, message);
  log.push({ id: message.eventId, channel, at: '2026-01-01T00:00:00.000Z', payload: message });
}
const rate = Number(count) / ((performance.now() - began) / 1_000);
process.on('message', (message) => message === 'result' && process.send({ result: { rate } }));
process.send({ port: 1 });
