import { isDeepStrictEqual } from 'node:util';
import { channelMatcher } from '../../engine/records/event-log.ts';
import type { JournalEntry } from '../../engine/records/journal.ts';
import { isRecord } from './input.ts';

/** What requests are compared with; what is left out does not matter. */
export interface RequestPattern {
  readonly operationId?: string;
  readonly method?: string;
  /** `*` stands for any text. */
  readonly path?: string;
  /** Part of the body. */
  readonly body?: unknown;
  /** How many are expected; default: at least one. */
  readonly count?: number;
}

export interface Verification {
  readonly matched: number;
  readonly ok: boolean;
  /** Where it is not as expected: what comes nearest to the pattern without meeting it. */
  readonly nearest: readonly Miss[];
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

const MOST_MISSES = 3;

/**
 * Counts the requests that meet a pattern, and shows field by field where the nearest others differ from it.
 *
 * @example verifyRequests(journal.entries(), { method: 'POST', path: '/orders', body: { amount: 3 }, count: 1 })
 */
export function verifyRequests(entries: readonly JournalEntry[], pattern: RequestPattern): Verification {
  const compared = entries.map((entry) => ({ entry, differences: differencesOf(entry, pattern) }));
  const misses = compared.filter(({ differences }) => differences.length > 0);
  const matched = compared.length - misses.length;
  const ok = pattern.count === undefined ? matched > 0 : matched === pattern.count;
  if (ok) return { matched, ok, nearest: [] };
  const nearest = misses
    .map((miss) => ({ ...miss, distance: miss.differences.reduce((sum, each) => sum + weightOf(each), 0) }))
    // Of equally near ones the newest: it is most likely the request that the test has just made.
    .reverse()
    .toSorted((a, b) => a.distance - b.distance)
    .slice(0, MOST_MISSES)
    .map(({ entry: { id, method, url, operationId }, differences }) => ({
      id,
      method,
      url,
      ...(operationId !== undefined && { operationId }),
      differences,
    }));
  return { matched, ok, nearest };
}

function differencesOf(entry: JournalEntry, pattern: RequestPattern): Difference[] {
  const { operationId, method, path, body } = pattern;
  const found: Difference[] = [];
  if (operationId !== undefined && operationId !== entry.operationId) {
    found.push({ path: '/operationId', expected: operationId, actual: entry.operationId });
  }
  if (method !== undefined && method.toUpperCase() !== entry.method.toUpperCase()) {
    found.push({ path: '/method', expected: method, actual: entry.method });
  }
  if (path !== undefined) {
    const actual = path.includes('?') ? entry.url : entry.url.split('?')[0];
    if (!channelMatcher(path)(actual ?? '')) found.push({ path: '/path', expected: path, actual });
  }
  if (body !== undefined) compare(body, entry.request.body, '/body', found);
  return found;
}

function compare(expected: unknown, actual: unknown, path: string, found: Difference[]): void {
  if (isRecord(expected) && isRecord(actual)) {
    for (const [name, value] of Object.entries(expected)) {
      const member = Object.hasOwn(actual, name) ? actual[name] : undefined;
      compare(value, member, `${path}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`, found);
    }
  } else if (Array.isArray(expected) && Array.isArray(actual) && expected.length === actual.length) {
    for (const [index, value] of expected.entries()) compare(value, actual[index], `${path}/${index}`, found);
  } else if (!isDeepStrictEqual(expected, actual)) {
    found.push({ path, expected, actual });
  }
}

/** Another operation is further away than any value in the body, and a missing part counts for all that is in it. */
function weightOf({ path, expected }: Difference): number {
  return path.startsWith('/body') ? leavesOf(expected) : 100;
}

function leavesOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1;
  return Math.max(
    1,
    Object.values(value).reduce((sum: number, member) => sum + leavesOf(member), 0),
  );
}
