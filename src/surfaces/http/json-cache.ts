import type { Check } from '../../model/schema.ts';
import type { Linker } from './links.ts';

/** What has been worked out about a stored object: it never changes, so neither does this. */
export interface CachedJson {
  /** Scheme, host and tenant prefix of its links. */
  readonly base: string;
  readonly linked: unknown;
  readonly text: string;
  /** Bytes of the text in UTF-8. */
  readonly size: number;
  /** The checks that it has passed. */
  readonly passed: Check[];
}

/** Keeps the JSON of stored objects beside them, for as long as they exist. */
export interface JsonCache {
  of(entity: object, linker: Linker | undefined, base: string): CachedJson;
}

/**
 * Makes the place where the JSON of stored objects is kept. An entity is asked for far more often than it changes, and
 * a change makes another object of it.
 *
 * @example createJsonCache().of(entity, undefined, '').text
 */
export function createJsonCache(): JsonCache {
  const bodies = new WeakMap<object, CachedJson>();
  return {
    of(entity, linker, base) {
      const known = bodies.get(entity);
      if (known !== undefined && (linker === undefined || known.base === base)) return known;
      const linked = linker === undefined ? entity : linker(entity, base);
      const text = JSON.stringify(linked);
      const body = { base, linked, text, size: Buffer.byteLength(text), passed: [] };
      bodies.set(entity, body);
      return body;
    },
  };
}

/**
 * Whether an entity meets a check, which is asked once for each.
 *
 * @example if (hasPassed(body, check)) write(body.text);
 */
export function hasPassed(body: CachedJson, check: Check): boolean {
  // As a rule an entity is asked for in one way only.
  if (body.passed[0] === check || body.passed.includes(check)) return true;
  if (check(body.linked).length > 0) return false;
  body.passed.push(check);
  return true;
}
