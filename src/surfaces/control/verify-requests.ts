import { isDeepStrictEqual } from 'node:util';
import { channelMatcher } from '../../engine/records/event-log.ts';
import type { JournalEntry } from '../../engine/records/journal.ts';
import { memberOf } from '../../lib/json-object.ts';
import { pointerTo, valueAt } from '../../lib/json-pointer.ts';
import { countValues } from '../../lib/value-size.ts';
import type { Check, Schema } from '../../model/schema.ts';
import { isRecord } from './input.ts';

/** What requests are compared with; what is left out does not matter. */
export interface RequestPattern {
  /** `*` stands for any text. */
  readonly operationId?: string;
  readonly method?: string;
  /** `*` stands for any text. */
  readonly path?: string;
  /** Of the answer. */
  readonly status?: number;
  /** Of the request, by name in any case; `*` stands for any text. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Part of the body. */
  readonly body?: unknown;
  /** JSONPaths, each of which must find something in the body. */
  readonly jsonPath?: readonly string[];
  /** What the body has to fit. */
  readonly schema?: Schema;
}

/** A pattern, and how many requests are to meet it. */
export interface Expectation extends RequestPattern {
  /** Exactly so many. */
  readonly count?: number;
  /** So many or more; one unless told. */
  readonly atLeast?: number;
  /** Only what came before the first request that meets this counts. */
  readonly before?: RequestPattern;
}

export interface Verification {
  readonly matched: number;
  readonly ok: boolean;
  /** Where it is not as expected: what comes nearest to the pattern without meeting it. */
  readonly nearest: readonly Miss[];
  /** All of it, to be read. */
  readonly text: string;
}

export interface Miss {
  readonly id: string;
  readonly method: string;
  readonly url: string;
  readonly operationId?: string;
  readonly differences: readonly Difference[];
}

export interface Difference {
  /** JSON Pointer into the pattern. */
  readonly path: string;
  readonly expected: unknown;
  readonly actual: unknown;
}

/** What comparing takes that is loaded or compiled elsewhere. */
export interface Comparison {
  readonly check: (schema: Schema) => Check;
  /** All that a JSONPath finds. */
  readonly query: (value: unknown, path: string) => readonly unknown[];
}

/** Of a schema that requests are to fit: values in it, and what its references make of them where they are written out. */
const MOST_SCHEMA_VALUES = 1_000;
const MOST_SCHEMA_WEIGHT = 20_000;

/**
 * Why requests are not compared with a schema, which is compiled before; `undefined` where nothing stands against it.
 *
 * @example schemaExcess({ type: 'object' }) // undefined
 */
export function schemaExcess(schema: Schema): string | undefined {
  const values = countValues(schema, MOST_SCHEMA_VALUES);
  if (values > MOST_SCHEMA_VALUES) return `it has more than ${MOST_SCHEMA_VALUES} values`;
  const references = JSON.stringify(schema).split('"$ref"').length - 1;
  return values * (1 + references) > MOST_SCHEMA_WEIGHT ? 'it refers to too much of itself' : undefined;
}

const MOST_MISSES = 3;

/**
 * Counts the requests that meet a pattern, and shows field by field where the nearest others differ from it.
 *
 * @example await verifyRequests(journal.entries(), { method: 'POST', path: '/orders', body: { amount: 3 }, count: 1 }, comparison)
 */
export async function verifyRequests(
  entries: Iterable<JournalEntry> | AsyncIterable<JournalEntry>,
  { before, count, atLeast = 1, ...pattern }: Expectation,
  comparison: Comparison,
): Promise<Verification> {
  const differencesOf = createDifferences(comparison);
  let tally = NOTHING;
  let first: JournalEntry | undefined;
  for await (const entry of entries) {
    if (before !== undefined && differencesOf(entry, before).length === 0) {
      first = entry;
      break;
    }
    tally = counted(tally, entry, differencesOf(entry, pattern));
  }
  // What was to come before a request that has not come is none.
  if (before !== undefined && first === undefined) tally = NOTHING;
  const { matched } = tally;
  const isThere = before === undefined || first !== undefined || count === 0;
  const ok = isThere && (count === undefined ? matched >= atLeast : matched === count);
  const nearest = ok ? [] : tally.nearest.map(toMiss);
  const wanted = count === undefined ? `at least ${atLeast}` : count === 0 ? 'none' : `exactly ${count}`;
  const lines = [
    ok
      ? `There ${matched === 1 ? 'is 1 request' : `are ${matched} requests`} as expected: ${shown(pattern)}.`
      : `Failed to find the requests expected: ${wanted} should be ${shown(pattern)}, and ${matched} ${matched === 1 ? 'is' : 'are'}. Compare the nearest others.`,
    ...(before === undefined ? [] : [orderText(before, first)]),
    ...(ok ? [] : missText(nearest, tally.seen)),
  ];
  return { matched, ok, nearest, text: lines.join('\n') };
}

function shown(pattern: RequestPattern): string {
  const text = JSON.stringify(pattern);
  return text === '{}' ? 'any request' : text;
}

function orderText(before: RequestPattern, first: JournalEntry | undefined): string {
  return first === undefined
    ? `They were to come before one that is ${shown(before)}, and there is none.`
    : `Only those count that came before ${first.id} ${first.method} ${first.url}.`;
}

function missText(nearest: readonly Miss[], seen: number): readonly string[] {
  if (seen === 0) return ['The journal has no request there.'];
  return nearest.flatMap(({ id, method, url, operationId, differences }) => [
    `  ${id} ${method} ${url}${operationId === undefined ? '' : ` (${operationId})`}`,
    ...differences.map(
      ({ path, expected, actual }) => `    ${path}: expected ${written(expected)}, but was ${written(actual)}`,
    ),
  ]);
}

const LONGEST_VALUE = 200;

function written(value: unknown): string {
  if (value === undefined) return 'absent';
  const text = JSON.stringify(value);
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
}

/** What has been counted so far. */
interface Tally {
  readonly seen: number;
  readonly matched: number;
  readonly nearest: readonly Compared[];
}

interface Compared {
  readonly entry: JournalEntry;
  readonly differences: readonly Difference[];
  readonly distance: number;
}

const NOTHING: Tally = { seen: 0, matched: 0, nearest: [] };

function counted({ seen, matched, nearest }: Tally, entry: JournalEntry, differences: readonly Difference[]): Tally {
  if (differences.length === 0) return { seen: seen + 1, matched: matched + 1, nearest };
  const distance = differences.reduce((sum, each) => sum + weightOf(each), 0);
  // Of equally near ones the newest: it is most likely the request that the test has just made.
  const place = nearest.findIndex((other) => other.distance >= distance);
  const miss = { entry, differences, distance };
  const others = nearest.toSpliced(place < 0 ? nearest.length : place, 0, miss).slice(0, MOST_MISSES);
  return { seen: seen + 1, matched, nearest: others };
}

function toMiss({ entry: { id, method, url, operationId }, differences }: Compared): Miss {
  return { id, method, url, ...(operationId !== undefined && { operationId }), differences };
}

function createDifferences({ check, query }: Comparison) {
  const checks = new Map<Schema, Check>();
  const checkOf = (schema: Schema): Check => {
    const known = checks.get(schema) ?? check(schema);
    checks.set(schema, known);
    return known;
  };
  return (entry: JournalEntry, pattern: RequestPattern): Difference[] => {
    const { operationId, method, path, status, headers = {}, body, jsonPath = [], schema } = pattern;
    const found: Difference[] = [];
    const differ = (where: string, expected: unknown, actual: unknown) =>
      void found.push({ path: where, expected, actual });
    if (operationId !== undefined && !channelMatcher(operationId)(entry.operationId ?? '')) {
      differ('/operationId', operationId, entry.operationId);
    }
    if (method !== undefined && method.toUpperCase() !== entry.method.toUpperCase()) {
      differ('/method', method, entry.method);
    }
    if (path !== undefined) {
      const actual = path.includes('?') ? entry.url : entry.url.split('?')[0];
      if (!channelMatcher(path)(actual ?? '')) differ('/path', path, actual);
    }
    if (status !== undefined && status !== entry.response.status) differ('/status', status, entry.response.status);
    for (const [name, value] of Object.entries(headers)) {
      const actual = memberOf(entry.request.headers, name.toLowerCase());
      if (actual === undefined || !channelMatcher(value)(String(actual))) {
        differ(pointerTo('/headers', name), value, actual);
      }
    }
    if (body !== undefined) compare(body, entry.request.body, '/body', found);
    for (const [index, each] of jsonPath.entries()) {
      if (query(entry.request.body ?? null, each).length === 0) differ(`/jsonPath/${index}`, each, undefined);
    }
    if (schema !== undefined) {
      for (const { path: where, message } of checkOf(schema)(entry.request.body ?? null)) {
        differ(`/schema${where}`, message, valueAt(entry.request.body, where));
      }
    }
    return found;
  };
}

function compare(expected: unknown, actual: unknown, path: string, found: Difference[]): void {
  if (isRecord(expected) && isRecord(actual)) {
    for (const [name, value] of Object.entries(expected)) {
      const member = Object.hasOwn(actual, name) ? actual[name] : undefined;
      compare(value, member, pointerTo(path, name), found);
    }
  } else if (Array.isArray(expected) && Array.isArray(actual) && expected.length === actual.length) {
    for (const [index, value] of expected.entries()) compare(value, actual[index], `${path}/${index}`, found);
  } else if (!isDeepStrictEqual(expected, actual)) {
    found.push({ path, expected, actual });
  }
}

/** Another operation is further away than any value in the body, and a missing part counts for all that is in it. */
function weightOf({ path, expected }: Difference): number {
  return /^\/(body|schema|jsonPath|headers|status)\b/.test(path) ? leavesOf(expected) : 100;
}

function leavesOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1;
  return Math.max(
    1,
    Object.values(value).reduce((sum: number, member) => sum + leavesOf(member), 0),
  );
}
