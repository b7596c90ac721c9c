import type { ControlClient } from './control-client.ts';
import type { Delivery, Fault, JournalEntry, TenantReport, Trace } from './simulator-tenant.ts';

/** So many of each are shown. */
const MOST_SHOWN = 5;

/**
 * What a failed test is best told about, gathered from what the simulator has written down.
 *
 * @example const { text } = await createReport(client, 'sync-test');
 */
export async function createReport(client: ControlClient, tenant: string): Promise<TenantReport> {
  const [requests, faults, failedDeliveries, { digest }] = await Promise.all([
    client.list<JournalEntry>('/requests'),
    client.list<Fault>('/faults'),
    client.list<Delivery>('/deliveries', { state: 'failed' }),
    client.json<{ digest: string }>('GET', '/transcript/digest'),
  ]);
  const unmatched = requests.filter(isUnmatched);
  const violations = requests.filter((entry) => (entry.violations ?? []).length > 0);
  const struck = faults.filter(({ used }) => used > 0);
  const last = requests.findLast(({ caused }) => caused !== undefined);
  const text = [
    `What the simulator saw in the tenant ${tenant}:`,
    ...section('Requests that no operation answers', unmatched, lineOfUnmatched),
    ...section('Requests that break the contract', violations, linesOfViolations),
    ...section('Faults that struck', struck, lineOfFault),
    ...section('Deliveries that failed', failedDeliveries, lineOfDelivery),
    ...(requests.length === 0
      ? ['No request came.']
      : section('Requests, the newest last', requests.slice(-MOST_SHOWN), lineOf)),
    ...(last === undefined ? [] : await traceLines(client, last.id)),
    `Digest: ${digest}`,
  ].join('\n');
  return { unmatched, violations, faults: struck, failedDeliveries, digest, text };
}

/** So many effects are shown of the newest request that had any. */
const MOST_EFFECTS = 15;

async function traceLines(client: ControlClient, id: string): Promise<readonly string[]> {
  const { root } = await client.json<Trace>('GET', `/activity/${encodeURIComponent(id)}/trace`);
  const lines = [...linesOfTrace(root, '  ')];
  const left = lines.length - MOST_EFFECTS;
  return [`What ${id} led to:`, ...lines.slice(0, MOST_EFFECTS), ...(left > 0 ? [`  and ${left} more`] : [])];
}

function* linesOfTrace({ id, title, effects }: Trace['root'], indent: string): Generator<string> {
  yield `${indent}${id} ${title}`;
  for (const effect of effects) yield* linesOfTrace(effect, `${indent}  `);
}

function lineOf({ id, method, url, operationId, response: { status }, clientGone }: JournalEntry): string {
  const name = operationId === undefined ? '' : ` (${operationId})`;
  return `  ${id} ${method} ${url}${name} -> ${status}${clientGone === true ? ', and the client went away' : ''}`;
}

function isUnmatched({ operationId, response: { status } }: JournalEntry): boolean {
  return operationId === undefined && (status === 404 || status === 405);
}

function section<T>(title: string, items: readonly T[], lineOf: (item: T) => string): string[] {
  if (items.length === 0) return [];
  const left = items.length - MOST_SHOWN;
  return [`${title}:`, ...items.slice(0, MOST_SHOWN).map(lineOf), ...(left > 0 ? [`  and ${left} more`] : [])];
}

function lineOfUnmatched({ id, method, url, response, notes = [] }: JournalEntry): string {
  return [`  ${id} ${method} ${url} -> ${response.status}`, ...notes.map((note) => `    ${note}`)].join('\n');
}

function linesOfViolations({ id, method, url, response, violations = [] }: JournalEntry): string {
  return [
    `  ${id} ${method} ${url} -> ${response.status}`,
    ...violations.slice(0, MOST_SHOWN).map(({ in: place, path, message }) => `    ${place} ${path}: ${message}`),
  ].join('\n');
}

function lineOfFault({ id, used, match, fault }: Fault): string {
  return `  ${id} struck ${used === 1 ? 'once' : `${used} times`}: ${JSON.stringify(fault)} on ${JSON.stringify(match)}`;
}

function lineOfDelivery({ id, kind, target, attempts, reason }: Delivery): string {
  const last = attempts.at(-1);
  return `  ${id} ${kind} to ${target}: ${reason ?? last?.error ?? `answered ${last?.status}`}`;
}
