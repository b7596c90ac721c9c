import type { FaultRequest } from '../../engine/faults/fault.ts';
import type { ControlContext, ControlHandler } from '../surface.ts';
import { pageOf } from './paging.ts';

/** A fault, or some, under a name by which people know it. */
export interface Playbook {
  readonly id: string;
  readonly title: string;
  readonly purpose: string;
  /** What it strikes; the match of its faults may be narrowed by what belongs to that. */
  readonly strikes: 'requests' | 'events' | 'deliveries';
  /** Each as `POST /faults` takes it. */
  readonly faults: readonly FaultRequest[];
}

/**
 * Answers which faults there are by name. A playbook is started by adding its faults, and ended by removing them, so that
 * there is one way for a thing to go wrong.
 *
 * @example createPlaybookHandlers().listPlaybooks({ tenant, command, base });
 */
export function createPlaybookHandlers() {
  return {
    listPlaybooks: ({ command }: ControlContext) => ({
      status: 200,
      body: pageOf(PLAYBOOKS, ({ id }) => id, command),
    }),
  } satisfies Record<string, ControlHandler>;
}

const EVERY_REQUEST = { path: '*' } as const;
const EVERY_EVENT = { channel: '*' } as const;
const EVERY_RECEIVER = { target: '*' } as const;

/** Those that integrations meet in production, the commonest first. */
const PLAYBOOKS: readonly Playbook[] = [
  {
    id: 'unavailable',
    title: 'Back end unavailable',
    purpose:
      'Every request is answered 503 with Retry-After, as during maintenance. A client should wait and try again.',
    strikes: 'requests',
    faults: [{ match: EVERY_REQUEST, fault: { status: 503, headers: { 'Retry-After': '30' } } }],
  },
  {
    id: 'slow',
    title: 'Slow answers',
    purpose: 'Answers take two seconds of wall time. A client should have a time-out, and show that it waits.',
    strikes: 'requests',
    faults: [{ match: EVERY_REQUEST, fault: { latency: 'PT2S', real: true } }],
  },
  {
    id: 'flaky',
    title: 'One request in four fails',
    purpose:
      'A quarter of the requests is answered 500, the same ones for the same seed. A client should repeat what is safe.',
    strikes: 'requests',
    faults: [{ match: EVERY_REQUEST, fault: { status: 500 }, probability: 0.25 }],
  },
  {
    id: 'rate-limit',
    title: 'Rate limit',
    purpose:
      'Sixty requests a minute of the tenant’s clock pass; what comes beyond is answered 429. A client should slow down.',
    strikes: 'requests',
    faults: [{ match: EVERY_REQUEST, fault: { status: 429, headers: { 'Retry-After': '60' } }, perMinute: 60 }],
  },
  {
    id: 'lost-answer',
    title: 'Done, but the answer is lost',
    purpose:
      'What is asked for is done, and the connection breaks in place of the answer. A client should look before it repeats.',
    strikes: 'requests',
    faults: [{ match: EVERY_REQUEST, fault: { lostAnswer: true } }],
  },
  {
    id: 'reset',
    title: 'Connections break',
    purpose: 'The connection is reset before anything is done.',
    strikes: 'requests',
    faults: [{ match: EVERY_REQUEST, fault: { reset: true } }],
  },
  {
    id: 'garbled',
    title: 'Garbled answers',
    purpose:
      'Answers are no JSON, as when a proxy answers with a page of its own. Nothing is changed by such a request.',
    strikes: 'requests',
    faults: [{ match: EVERY_REQUEST, fault: { malformed: true } }],
  },
  {
    id: 'events-lost',
    title: 'Events get lost',
    purpose:
      'One event in five never reaches who listens; the log has it. A listener should compare from time to time.',
    strikes: 'events',
    faults: [{ match: EVERY_EVENT, fault: { drop: true }, probability: 0.2 }],
  },
  {
    id: 'events-twice',
    title: 'Events come twice',
    purpose: 'Every event is delivered twice with the same id. A listener should be idempotent.',
    strikes: 'events',
    faults: [{ match: EVERY_EVENT, fault: { duplicate: true } }],
  },
  {
    id: 'events-out-of-order',
    title: 'Events out of order',
    purpose:
      'Every second event lets the next one on its channel go first. A listener should go by the time in the event.',
    strikes: 'events',
    faults: [{ match: EVERY_EVENT, fault: { reorder: true }, every: 2 }],
  },
  {
    id: 'events-late',
    title: 'Events come late',
    purpose: 'Every event is held up for five minutes of the tenant’s clock.',
    strikes: 'events',
    faults: [{ match: EVERY_EVENT, fault: { latency: 'PT5M' } }],
  },
  {
    id: 'listeners-cut-off',
    title: 'Listeners are cut off',
    purpose: 'WebSockets and event streams break before every tenth event. A listener should resume and miss nothing.',
    strikes: 'events',
    faults: [{ match: EVERY_EVENT, fault: { disconnect: true }, every: 10 }],
  },
  {
    id: 'receiver-down',
    title: 'Receivers are down',
    purpose: 'Every webhook, callback and notification is answered 503, and tried again by the retry schedule.',
    strikes: 'deliveries',
    faults: [{ match: EVERY_RECEIVER, fault: { status: 503 } }],
  },
  {
    id: 'receiver-hangs',
    title: 'Receivers hang',
    purpose: 'Every attempt is held up for thirty seconds of the tenant’s clock before its answer comes.',
    strikes: 'deliveries',
    faults: [{ match: EVERY_RECEIVER, fault: { latency: 'PT30S' } }],
  },
  {
    id: 'deliveries-twice',
    title: 'Deliveries come twice',
    purpose: 'Every webhook, callback and notification is sent twice with the same id.',
    strikes: 'deliveries',
    faults: [{ match: EVERY_RECEIVER, fault: { duplicate: true } }],
  },
];
