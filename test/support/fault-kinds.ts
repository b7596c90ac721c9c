import { readFileSync } from 'node:fs';
import type { SimulatorTenant } from '../../src/kit/simulator-tenant.ts';

/** The request that the faults of these suites strike: it makes something, so that one can see whether it did. */
export const STRUCK = {
  method: 'POST',
  headers: { authorization: 'Bearer any', 'content-type': 'application/json' },
  body: JSON.stringify({ customerType: 'Individual', email: 'ada@example.com' }),
} as const;

export const STRUCK_PATH = '/v1/customers';

const PLACE = { operationId: 'createCustomer', times: 1 } as const;

/** Milliseconds that a slow answer, or a slow body, takes. */
const SLOW = 400;

/** Faults of requests by the names of the kit, as a test sets them. */
export const REQUEST_FAULTS: Readonly<Record<string, (faults: SimulatorTenant['faults']) => Promise<unknown>>> = {
  timeout: (faults) => faults.timeout(PLACE),
  rateLimited: (faults) => faults.rateLimited({ ...PLACE, retryAfter: 7 }),
  unavailable: (faults) => faults.unavailable({ ...PLACE, retryAfter: 7 }),
  lostAnswer: (faults) => faults.lostAnswer(PLACE),
  reset: (faults) => faults.reset(PLACE),
  slow: (faults) => faults.slow({ ...PLACE, latency: 'PT0.4S' }),
  slowBody: (faults) => faults.slowBody({ ...PLACE, over: 'PT0.4S' }),
  closedMidBody: (faults) => faults.closedMidBody(PLACE),
  malformed: (faults) => faults.malformed(PLACE),
  wrongContentType: (faults) => faults.wrongContentType(PLACE),
  expiredToken: (faults) => faults.expiredToken(PLACE),
};

/** Faults of events, likewise. */
export const EVENT_FAULTS: Readonly<Record<string, (faults: SimulatorTenant['faults']) => Promise<unknown>>> = {
  droppedEvent: (faults) => faults.droppedEvent({ channel: 'customer/created', times: 1 }),
  duplicatedEvent: (faults) => faults.duplicatedEvent({ channel: 'customer/created', times: 1 }),
  disconnected: (faults) => faults.disconnected({ channel: 'customer/created', times: 1 }),
};

/** What a client has met, before it is put into words. */
export interface Met {
  readonly status: number;
  readonly contentType: string;
  readonly retryAfter: string | undefined;
  readonly challenge: string | undefined;
  readonly text: string;
  /** Milliseconds until the head was there, and from it to the end of the body. */
  readonly head: number;
  readonly body: number;
}

/** A cell of the table in `docs/faults.md`. */
export function toCell({ status, contentType, retryAfter, challenge, text, head, body }: Met): string {
  const remarks = [
    retryAfter !== undefined && `\`Retry-After: ${retryAfter}\``,
    challenge?.includes('invalid_token') === true && '`invalid_token`',
    !/json/.test(contentType) && `\`${contentType}\``,
    !isJson(text) && 'no JSON',
    head > SLOW * 0.9 && 'late',
    body > SLOW * 0.5 && 'its body late',
  ].filter((each) => each !== false);
  return [String(status), ...remarks].join(', ');
}

/** The same where the connection breaks, or the client gives up: what it calls that, after the head or before. */
export function toBrokenCell(error: string, head: number): string {
  return `${head > 0 ? 'its head, then ' : ''}\`${error}\``;
}

/** A column of a table of `docs/faults.md`, by the kind of fault that each row is about. */
export function columnOf(title: string): Readonly<Record<string, string>> {
  const lines = readFileSync('docs/faults.md', 'utf8').split('\n');
  const cells = (line = '') => line.split('|').map((cell) => cell.trim());
  const top = lines.findIndex((line) => line.startsWith('| fault |') && cells(line).includes(title));
  const place = cells(lines[top]).indexOf(title);
  const found: Record<string, string> = {};
  for (let at = top + 2; lines[at]?.startsWith('|') === true; at += 1) {
    const row = cells(lines[at]);
    found[(row[1] ?? '').replaceAll('`', '')] = row[place] ?? '';
  }
  return found;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
