import findMyWay, { type HTTPMethod } from 'find-my-way';

/** Something that answers at a method and path template, for example `/v1/customers/{customerId}`. */
export interface Route {
  readonly method: string;
  readonly path: string;
}

export interface FoundRoute<R extends Route> {
  readonly route: R;
  /** Decoded values of the template's parameters, by name. */
  readonly path: Readonly<Record<string, string>>;
}

export interface Routes<R extends Route> {
  /** The route of a path that is still percent-encoded; a HEAD is answered from the GET. */
  find(method: string, path: string): FoundRoute<R> | undefined;
  /** Everything that stands at a path, whatever the method. */
  at(path: string): readonly R[];
  /** Whether anything stands at a path. */
  has(path: string): boolean;
  /** Routes that another with the same method and shape stands in front of. */
  readonly shadowed: readonly R[];
}

const PARAMETER = /\{([^}]*)\}/;

/** Far longer than any id; the limit on headers bounds it anyway. */
const LONGEST_PARAMETER = 65_536;

/**
 * Makes the radix router of these routes. A literal wins over a parameter, and an encoded slash is part of a parameter.
 *
 * @example
 * createRoutes([{ method: 'GET', path: '/orders/{orderId}' }]).find('GET', '/orders/a%2Fb')?.path; // { orderId: 'a/b' }
 */
export function createRoutes<R extends Route>(routes: readonly R[]): Routes<R> {
  const router = findMyWay({ maxParamLength: LONGEST_PARAMETER, caseSensitive: true });
  const taken = new Set<string>();
  const shadowed: R[] = [];
  for (const route of routes) {
    const { pattern, names } = toPattern(route.path);
    const key = `${route.method} ${pattern}`;
    if (taken.has(key)) {
      shadowed.push(route);
      continue;
    }
    taken.add(key);
    router.on(route.method as HTTPMethod, pattern, unreachable, { route, names });
  }
  const methods = [...new Set(routes.map(({ method }) => method))] as HTTPMethod[];
  const match = (method: HTTPMethod, path: string): FoundRoute<R> | undefined => {
    const found = router.find(method, path);
    if (found === null || found.store === null) return undefined;
    const { route, names } = found.store as { route: R; names: readonly string[] };
    if (names.length === 0) return { route, path: NO_PARAMETERS };
    const values: Record<string, string> = {};
    for (let index = 0; index < names.length; index += 1) {
      const value = found.params[`p${index}`];
      // The router lets a parameter be empty, but `/orders/` and `/orders//lines` name no order.
      if (value === undefined || value === '') return undefined;
      values[names[index] ?? ''] = value;
    }
    return { route, path: values };
  };
  return {
    find: (method, path) => match(method as HTTPMethod, path) ?? (method === 'HEAD' ? match('GET', path) : undefined),
    at: (path) => methods.flatMap((method) => match(method, path)?.route ?? []),
    // A link is nearly always to something that can be read, so that is looked for first.
    has: (path) => router.find('GET', path) !== null || methods.some((method) => router.find(method, path) !== null),
    shadowed,
  };
}

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
  const pattern = template
    .split(PARAMETER)
    .map((part, index, parts) => {
      if (index % 2 === 0) return part.replaceAll(':', '::');
      const next = parts[index + 1] ?? '';
      // The router ends a name at these characters; before any other, it has to be told what belongs to the value.
      return `:p${names.push(part) - 1}${next === '' || /^[/.-]/.test(next) ? '' : '([^/]+?)'}`;
    })
    .join('');
  return { pattern, names };
}

function unreachable(): void {
  throw new Error('Routes are only looked up, never called.');
}
