import findMyWay, { type FindResult, type HTTPMethod, type HTTPVersion } from 'find-my-way';
import { ANY_SEGMENT } from '../../model/operation.ts';
import { decode } from './query-string.ts';

/** Something that answers at a method and path template, for example `/v1/customers/{customerId}`. */
export interface Route {
  readonly method: string;
  readonly path: string;
  /** Further paths, at which it answers where nothing has the path for its own. */
  readonly aliases?: readonly string[];
  /**
   * Whether the values of a path are ones that it takes; without it, it takes any. Of routes with one shape, such as
   * `/files/{number}` and `/files/{name}`, the first that takes a path answers it.
   */
  takes?(values: Readonly<Record<string, string>>, path: string): boolean;
}

export interface FoundRoute<R extends Route> {
  readonly route: R;
  /** Decoded values of the template's parameters, by name. */
  readonly path: Readonly<Record<string, string>>;
}

export interface Routes<R extends Route> {
  /**
   * The route of a path that is still percent-encoded; a HEAD is answered from the GET. A slash at the end makes a
   * difference only where something stands at both.
   */
  find(method: string, path: string): FoundRoute<R> | undefined;
  /** Everything that stands at a path, whatever the method. */
  at(path: string): readonly R[];
  /** Whether anything stands at a path. */
  has(path: string): boolean;
  /** Routes that never answer, because another with the same method and shape stands in front of them and takes all. */
  readonly shadowed: readonly R[];
}

const PARAMETER = /\{([^}]*)\}/;
const ANY_NAME = ANY_SEGMENT.slice(1, -1);

/** Far longer than any id; the limit on headers bounds it anyway. */
const LONGEST_PARAMETER = 65_536;

/**
 * Makes the radix router of these routes. A literal wins over a parameter, and an encoded slash is part of a parameter.
 *
 * @example
 * createRoutes([{ method: 'GET', path: '/orders/{orderId}' }]).find('GET', '/orders/a%2Fb')?.path; // { orderId: 'a/b' }
 */
export function createRoutes<R extends Route>(routes: readonly R[]): Routes<R> {
  const own = createTable<R>();
  const aliases = createTable<R>();
  const shadowed = routes.filter((route) => !own.add(route.method, route.path, route));
  for (const route of routes) for (const path of route.aliases ?? []) aliases.add(route.method, path, route);
  const find = (method: string, path: string): FoundRoute<R> | undefined =>
    own.find(method, path) ?? (own.has(path) ? undefined : aliases.find(method, path));
  const at = (path: string): readonly R[] => (own.has(path) ? own.at(path) : aliases.at(path));
  return {
    find: (method, path) => find(method, path) ?? (at(path).length > 0 ? undefined : find(method, twinOf(path))),
    at: (path) => {
      const there = at(path);
      return there.length > 0 ? there : at(twinOf(path));
    },
    has: (path) => own.has(path) || aliases.has(path),
    shadowed,
  };
}

/** The same path with a slash at its end, or without it: clients take the one for the other. */
function twinOf(path: string): string {
  return path.endsWith('/') ? path.slice(0, -1) : `${path}/`;
}

interface Placed<R extends Route> {
  readonly route: R;
  readonly names: readonly string[];
}

interface Table<R extends Route> extends Omit<Routes<R>, 'shadowed'> {
  /** Whether the route has its place; another with the same method and shape may have taken all of it. */
  add(method: string, path: string, route: R): boolean;
}

function createTable<R extends Route>(): Table<R> {
  const router = createRouter<readonly Placed<R>[]>();
  const taken = new Map<string, Placed<R>[]>();
  const methods = new Set<HTTPMethod>();
  const match = (method: HTTPMethod, path: string): FoundRoute<R> | undefined => {
    const found = router.find(method, path);
    if (found === null || found.store === null) return undefined;
    const placed = found.store as readonly Placed<R>[];
    const [first] = placed;
    if (first === undefined) return undefined;
    if (first.names.length === 0) return { route: first.route, path: NO_PARAMETERS };
    if (placed.length === 1) return named(first, found.params);
    const possible = placed.flatMap((each) => named(each, found.params) ?? []);
    return possible.find(({ route, path: values }) => route.takes?.(values, path) ?? true) ?? possible[0];
  };
  const named = ({ route, names }: Placed<R>, parameters: Readonly<Record<string, string | undefined>>) => {
    const values: Record<string, string> = {};
    for (let index = 0; index < names.length; index += 1) {
      const value = parameters[`p${index}`];
      // The router lets a parameter be empty, but `/orders/` and `/orders//lines` name no order.
      if (value === undefined || value === '') return undefined;
      const name = names[index] ?? '';
      if (name !== ANY_NAME) values[name] = value;
    }
    return { route, path: values };
  };
  return {
    add: (method, path, route) => {
      const { pattern, names } = toPattern(path);
      const key = `${method} ${pattern}`;
      const placed = taken.get(key);
      if (placed !== undefined) {
        if (placed.some((each) => each.route.takes === undefined)) return false;
        placed.push({ route, names });
        return true;
      }
      const first = [{ route, names }];
      taken.set(key, first);
      methods.add(method as HTTPMethod);
      router.on(method as HTTPMethod, pattern, first);
      return true;
    },
    find: (method, path) => match(method as HTTPMethod, path) ?? (method === 'HEAD' ? match('GET', path) : undefined),
    at: (path) => [...methods].flatMap((method) => match(method, path)?.route ?? []),
    // A link is nearly always to something that can be read, so that is looked for first.
    has: (path) =>
      router.find('GET', path) !== null || [...methods].some((method) => router.find(method, path) !== null),
  };
}

interface Router<T> {
  on(method: HTTPMethod, pattern: string, store: T): void;
  find(method: HTTPMethod, path: string): FindResult<HTTPVersion.V1> | null;
}

/**
 * A radix router that enters patterns once somebody asks for their first segment: a start has no use for the paths of the
 * control API, which are more than those of most contracts.
 */
function createRouter<T>(): Router<T> {
  // Its patterns are those of `valueBefore`, which take no more steps than a path has characters.
  const router = findMyWay({ maxParamLength: LONGEST_PARAMETER, caseSensitive: true, allowUnsafeRegex: true });
  const waiting = new Map<string, (() => void)[]>();
  const enterAll = (segment: string): void => {
    const patterns = waiting.get(segment);
    if (patterns !== undefined && patterns.length > 0) for (const enter of patterns.splice(0)) enter();
  };
  return {
    on(method, pattern, store) {
      const enter = () => router.on(method, pattern, unreachable, store);
      const [, segment] = PLAIN_SEGMENT.exec(pattern) ?? [];
      if (segment === undefined) return enter();
      const patterns = waiting.get(segment) ?? [];
      waiting.set(segment, patterns);
      patterns.push(enter);
      if (patterns.length > MOST_WAITING) enterAll(segment);
    },
    find(method, path) {
      enterAll(firstSegment(path));
      return router.find(method, path);
    },
  };
}

/** Patterns of one segment that wait to be entered: the first request is not to pay for any number of them. */
const MOST_WAITING = 100;

/** The first segment of a pattern, where it stands for itself alone. */
const PLAIN_SEGMENT = /^\/([\w.-]+)(?=\/|$)/;

/** The first segment of a path that is still percent-encoded, as a pattern has it. */
function firstSegment(path: string): string {
  let end = 1;
  while (end < path.length && !END_OF_SEGMENT.has(path.charCodeAt(end))) end += 1;
  return decode(path.slice(1, end));
}

/** The router, too, ends a path at all but the first of these. */
const END_OF_SEGMENT: ReadonlySet<number> = new Set(Array.from('/?;#', (character) => character.charCodeAt(0)));

/**
 * The value of the `Allow` header: the methods of these routes and those that come with them.
 *
 * @example allowHeader([{ method: 'GET', path: '/orders' }]) // 'GET, HEAD, OPTIONS'
 */
export function allowHeader(routes: readonly Route[]): string {
  const methods = new Set(routes.map(({ method }) => method));
  if (methods.has('GET')) methods.add('HEAD');
  return [...methods.add('OPTIONS')].join(', ');
}

const NO_PARAMETERS: Readonly<Record<string, string>> = Object.freeze({});

/** Names are numbered, because contracts use characters in them that the router gives a meaning. */
function toPattern(template: string): { pattern: string; names: readonly string[] } {
  const names: string[] = [];
  let stars = 0;
  const pattern = template
    .split(PARAMETER)
    .map((part, index, parts) => {
      // To the router a star is a wildcard, to a contract it is a star.
      if (index % 2 === 0) return literal(part).replaceAll('*', () => `:star${stars++}(\\*)`);
      const next = parts[index + 1] ?? '';
      // The router ends a name at these characters; before any other, the pattern has to say what belongs to the value.
      return `:p${names.push(part) - 1}${next === '' || /^[/.-]/.test(next) ? '' : `(${valueBefore(next)})`}`;
    })
    .join('');
  return { pattern, names };
}

/**
 * What a parameter takes before some literal text: all up to where that first stands, and one character at least. Written
 * so that there is never a choice: `([^/]+?)-([^/]+?)-…` would try all places for all of them.
 *
 * @example new RegExp(`^(${valueBefore(':')}):(.+)$`).exec('a:b:c')?.[1] // 'a'
 */
export function valueBefore(literalText: string): string {
  return literalText === '' ? '[^/]+' : `[^/](?:(?!${escapeRegExp(literalText)})[^/])*`;
}

/** A text as a regular expression that takes just it. */
export function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** As the router compares it: decoded, and with its own mark written twice. */
function literal(part: string): string {
  const marked = part.replaceAll(':', '::');
  try {
    return decodeURI(marked);
  } catch {
    return marked;
  }
}

function unreachable(): void {
  throw new Error('Routes are only looked up, never called.');
}
