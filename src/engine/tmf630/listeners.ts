import { pickPaths } from '../../lib/pick-paths.ts';
import { Refusal } from '../../model/command.ts';
import { findCredentials } from '../delivery/credentials.ts';
import { type Filter, matches } from '../state/store/filter.ts';
import type { Entity } from '../state/store/store.ts';
import type { Work } from '../state/work.ts';

/** What a listener wants to hear. */
export interface ListenerQuery {
  readonly filter?: Filter;
  /** Members of the event to send, as dotted paths; default: all. */
  readonly fields?: readonly string[];
}

/**
 * Reads the query of a listener: comparisons of members of the event by dotted path, joined by `&` (and) or by `;` and
 * commas (or), not by both; and `fields`. What an event is about is wrapped in `event` or, in older contracts, in
 * `payload`: both are understood.
 *
 * @example parseListenerQuery('eventType=BillingAccountStateChangeEvent&payload.billingAccount.state=Suspended')
 */
function parseListenerQuery(query: string): ListenerQuery {
  let fields: readonly string[] | undefined;
  const filters: Filter[] = [];
  const parts = query.split('&').filter((part) => part !== '');
  for (const part of parts) {
    const terms = part.split(';').map((term) => toComparison(term, query));
    const [first] = terms;
    if (terms.length === 1 && first?.path === 'fields') fields = first.values.map((field) => field.trim());
    else filters.push(...toFilters(terms));
  }
  const isMixed = filters.length > 1 && filters.some((filter) => filter.op === 'or');
  if (isMixed) throw invalidQuery(query, 'it mixes "and" (&) with "or" (; or a comma)');
  const [only] = filters;
  return { filter: filters.length > 1 ? { op: 'and', filters } : only, fields };
}

/** Refuses a listener that nothing can be posted to, or whose query cannot be read. */
export function requireListener({ callback, query }: Entity): void {
  if (!isHttpUrl(callback)) throw invalidAddress(String(callback), '/callback');
  if (typeof query === 'string') parseListenerQuery(query);
}

/** Sends an event to every listener of a hub that wants it. */
export function sendToListeners(work: Work, hub: string, message: Entity, eventId: string): void {
  const { items } = work.query(hub);
  // Nearly always: what follows is not prepared for nobody.
  if (items.length === 0) return;
  const { event, payload } = message;
  const seen = { ...message, event: event ?? payload, payload: payload ?? event };
  const asWritten = (path: string) =>
    path.replace(/^(event|payload)(?=\.|$)/, event === undefined ? 'payload' : 'event');
  for (const { id, callback, query } of items) {
    // A contract may take any text for an address, and for a query.
    if (!isHttpUrl(callback)) continue;
    const { filter, fields } = typeof query === 'string' ? readable(query) : {};
    if (filter !== undefined && !matches(filter, seen)) continue;
    const body = fields === undefined ? message : pickPaths(message, fields.map(asWritten));
    // A lane of its own: a listener that is registered twice at one address hears each event twice, and a dead one
    // keeps nobody waiting.
    work.deliver({
      kind: 'hub',
      url: String(callback),
      body,
      eventId,
      lane: `hub/${String(id)}`,
      ...(findCredentials(work, credentialsOf(hub, id)) !== undefined && { credentials: credentialsOf(hub, id) }),
    });
  }
}

/** The name of what a listener of a hub asks for. */
export function credentialsOf(hub: string, id: unknown): string {
  return `${hub}/${String(id)}`;
}

/** A listener whose query nobody can read hears everything. */
function readable(query: string): ListenerQuery {
  try {
    return parseListenerQuery(query);
  } catch {
    return {};
  }
}

interface Condition {
  readonly path: string;
  readonly values: readonly string[];
}

function toComparison(term: string, query: string): Condition {
  const [, name, value] = /^([^=]+)=(.*)$/.exec(term) ?? [];
  if (name === undefined || value === undefined) throw invalidQuery(query, `"${term}" is no comparison`);
  try {
    return { path: decodeURIComponent(name), values: decodeURIComponent(value).split(',') };
  } catch {
    throw invalidQuery(query, `"${term}" is no valid percent-encoding`);
  }
}

function toFilters(terms: readonly Condition[]): readonly Filter[] {
  const filters = terms.flatMap(({ path, values }) => values.map((value): Filter => ({ op: 'eq', path, value })));
  return filters.length > 1 ? [{ op: 'or', filters }] : filters;
}

function isHttpUrl(text: unknown): boolean {
  return typeof text === 'string' && URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

/** Refuses credentials whose tokens nobody could be asked for. */
export function requireTokenEndpoint(tokenUrl: unknown): void {
  if (tokenUrl !== undefined && !isHttpUrl(tokenUrl)) throw invalidAddress(String(tokenUrl), '/credentials/tokenUrl');
}

function invalidAddress(address: string, path: string): Refusal {
  return new Refusal(
    400,
    'INVALID_CALLBACK',
    `Failed to register the listener: nothing can be posted to "${address}". Give an http or https URL.`,
    {
      violations: [{ in: 'body', path, message: 'must be an http or https URL' }],
    },
  );
}

function invalidQuery(query: string, why: string): Refusal {
  return new Refusal(
    400,
    'INVALID_QUERY',
    `Failed to register the listener: the query "${query}" cannot be read, ${why}. Write it like eventType=BillingAccountStateChangeEvent.`,
    {
      violations: [{ in: 'body', path: '/query', message: why }],
    },
  );
}
