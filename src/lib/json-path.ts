import { createRequire } from 'node:module';
import type { JSONValue, jsonpath } from 'json-p3';
import { compilePattern, isPattern, type Pattern } from './patterns/pattern.ts';

/** Characters of a path. */
const LONGEST_PATH = 10_000;
/** Characters of a pattern in one, which may come from the value. */
const LONGEST_PATTERN = 1_000;
/** Parts of a value that one path may come to, and what is compared on the way. */
const MOST_STEPS = 200_000;

/** Steps that queries may still take; several may share one. */
export interface StepBudget {
  left: number;
  /** Steps that each of them may take. Default: as many as are left. */
  readonly each?: number;
}

/**
 * All parts of a value that a JSONPath (RFC 9535) selects. Throws where the path is malformed, or takes too many steps.
 *
 * @example queryJson({ items: [{ id: 1 }, { id: 2 }] }, '$.items[?@.id == 2]') // [{ id: 2 }]
 */
export function queryJson(value: unknown, path: string, budget?: StepBudget): unknown[] {
  return queryNodes(value, path, budget).values();
}

/**
 * A JSONPath that many values are asked of: whether it selects anything in one. Throws where the path is malformed, and
 * the test where it takes too many steps.
 *
 * @example selects("$.lines[?@.sku == 'ink']")({ lines: [{ sku: 'ink' }] }) // true
 */
export function selects(path: string, budget?: StepBudget): (value: unknown) => boolean {
  const query = compileBounded(path, budget);
  return (value) => query.lazyQuery(value as JSONValue).next().done !== true;
}

/** The keys that lead to each part that a JSONPath selects. */
export function placesOf(value: unknown, path: string): string[][] {
  return queryNodes(value, path)
    .locations()
    .map((keys) => keys.map(String));
}

/** What is wrong with a JSONPath, or `undefined` for a good one. */
export function jsonPathMistake(path: string): string | undefined {
  try {
    boundedPaths().compile(path);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The keys of a JSON Pointer (RFC 6901), with or without the `#` of a fragment; `undefined` where the text is none. */
export function pointerKeys(pointer: string): readonly string[] | undefined {
  const text = pointer.startsWith('#') ? pointer.slice(1) : pointer;
  // The library takes a tilde for itself where it escapes nothing; to the RFC that is a mistake.
  if (/~(?![01])/.test(text)) return undefined;
  try {
    return new (loadLibrary().JSONPointer)(text).tokens;
  } catch {
    return undefined;
  }
}

function queryNodes(value: unknown, path: string, budget?: StepBudget): jsonpath.JSONPathNodeList {
  return compileBounded(path, budget).query(value as JSONValue);
}

/** The library is loaded with the first path, and at once: few requests have one, and an answer cannot wait. */
function loadLibrary(): typeof import('json-p3') {
  return createRequire(import.meta.url)('json-p3') as typeof import('json-p3');
}

/** What compiles the paths of one query, and counts its work. */
interface BoundedPaths {
  compile(path: string): jsonpath.JSONPathQuery;
  spend(steps: number): void;
}

function compileBounded(path: string, budget?: StepBudget): jsonpath.JSONPathQuery {
  const paths = boundedPaths(budget);
  return boundWork(paths.compile(path), paths);
}

/** An environment for one query: patterns in it take linear time, and its work is counted. */
function boundedPaths(budget: StepBudget = { left: MOST_STEPS }): BoundedPaths {
  const { JSONPathEnvironment, functions } = loadLibrary().jsonpath;
  const environment = new JSONPathEnvironment();
  let own = budget.each ?? budget.left;
  const spend = (steps: number) => {
    budget.left -= steps;
    own -= steps;
    if (budget.left < 0 || own < 0) throw new Error('the JSONPath takes too many steps.');
  };
  // By what it makes of a text without characters, the library's own function says what is a pattern.
  const usual = new functions.Search({ cacheSize: 0, throwErrors: true });
  const bound = (name: 'search' | 'match', toSource: (source: string) => string) => {
    const known = new Map<string, Pattern | undefined>();
    const call = (text: unknown, source: unknown): boolean => {
      if (typeof text !== 'string' || typeof source !== 'string') return false;
      if (!known.has(source)) known.set(source, patternOf(source, usual, toSource));
      const pattern = known.get(source);
      if (pattern === undefined) return false;
      spend((text.length * pattern.weight) / 10);
      return pattern.test(text);
    };
    environment.functionRegister.set(name, { argTypes: usual.argTypes, returnType: usual.returnType, call });
  };
  bound('search', (source) => source);
  bound('match', (source) => `^(?:${source})$`);
  return {
    spend,
    compile(path) {
      spend(path.length / 10);
      if (path.length > LONGEST_PATH) throw new Error(`it is longer than ${LONGEST_PATH} characters.`);
      try {
        return environment.compile(path);
      } catch (error) {
        if (error instanceof RangeError) throw new Error('it is nested too deeply.', { cause: error });
        throw error;
      }
    },
  };
}

/** As RFC 9485 has it, a dot stands for any character but a line feed and a carriage return. */
function withoutLineEnds(source: string): string {
  return source.replaceAll(/\\.|\[(?:\\.|[^\]])*\]|\./g, (part) => (part === '.' ? '[^\\n\\r]' : part));
}

function patternOf(
  source: string,
  usual: InstanceType<typeof jsonpath.functions.Search>,
  toSource: (source: string) => string,
): Pattern | undefined {
  if (source.length > LONGEST_PATTERN) return undefined;
  try {
    usual.call('', source);
  } catch {
    return undefined;
  }
  const pattern = compilePattern(toSource(withoutLineEnds(source)));
  return isPattern(pattern) ? pattern : undefined;
}

/** Counts each part that anything in a query comes to, those of the queries in its filters included. */
function boundWork<T extends object>(compiled: T, { spend }: BoundedPaths): T {
  const seen = new Set<unknown>('environment' in compiled ? [compiled.environment] : []);
  const waiting: unknown[] = [compiled];
  for (let part = waiting.pop(); part !== undefined; part = waiting.pop()) {
    if (typeof part !== 'object' || part === null || seen.has(part)) continue;
    seen.add(part);
    if (isResolver(part)) {
      const resolve = part.lazyResolve.bind(part);
      part.lazyResolve = function* (nodes) {
        spend(1);
        for (const node of resolve(nodes)) {
          spend(1);
          yield node;
        }
      };
      part.resolve = (nodes) => [...(part as Resolver).lazyResolve(nodes)];
    }
    if (isVisitor(part)) {
      const visit = part.visit;
      part.visit = function* (node, depth) {
        spend(1);
        yield* visit.call(this, node, depth);
      };
    }
    waiting.push(...Object.values(part));
  }
  return compiled;
}

interface Resolver {
  resolve(nodes: Iterable<jsonpath.JSONPathNode>): jsonpath.JSONPathNode[];
  lazyResolve(nodes: Iterable<jsonpath.JSONPathNode>): Generator<jsonpath.JSONPathNode>;
}

interface Visitor {
  visit(node: jsonpath.JSONPathNode, depth?: number): Generator<jsonpath.JSONPathNode>;
}

function isVisitor(part: object): part is Visitor {
  return 'visit' in part;
}

function isResolver(part: object): part is Resolver {
  return 'lazyResolve' in part && 'resolve' in part;
}
