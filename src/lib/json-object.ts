/** Whether a value is a JSON object: neither an array nor `null`. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * A member of what somebody looked up by a name that a client brought: what every object inherits, such as
 * `constructor` or `__proto__`, is no member of it.
 *
 * @example memberOf({ eq: 1 }, 'constructor') // undefined
 */
export function memberOf<T>(members: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return members !== undefined && Object.hasOwn(members, name) ? members[name] : undefined;
}

/**
 * A JSON value as a text to look up. Not every object can be turned into one by `String`: a client may have sent
 * `{"toString":null}`.
 *
 * @example textOf({ toString: null }) // '{"toString":null}'
 */
export function textOf(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/**
 * Whether two JSON values are the same, whatever the order of members. What Node has for this looks at far more than
 * JSON can hold, and takes several times as long.
 *
 * @example isSameJson({ a: 1, b: [2] }, { b: [2], a: 1 }) // true
 */
export function isSameJson(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (Array.isArray(one)) {
    if (!Array.isArray(other) || one.length !== other.length) return false;
    for (let index = 0; index < one.length; index += 1) if (!isSameJson(one[index], other[index])) return false;
    return true;
  }
  if (Array.isArray(other)) return false;
  // JSON inherits nothing, so that nobody needs a list of its names.
  let more = 0;
  for (const name in one) {
    more += 1;
    if (!Object.hasOwn(other, name)) return false;
    if (!isSameJson((one as Members)[name], (other as Members)[name])) return false;
  }
  for (const _ in other) more -= 1;
  return more === 0;
}

type Members = Readonly<Record<string, unknown>>;

/**
 * The members of an object under these keys, in this order and each mapped. It is the same object where `keys` are its own, as
 * `areOwn` says, and no member changes: of a large value that stays as it is, nothing is made anew.
 *
 * @example mapMembers({ b: 1, a: 2 }, ['a', 'b'], (member) => member, false) // { a: 2, b: 1 }
 */
export function mapMembers(
  object: Members,
  keys: readonly string[],
  map: (member: unknown) => unknown,
  areOwn = true,
): Members {
  let copy: Record<string, unknown> | undefined = areOwn ? undefined : {};
  for (let at = 0; at < keys.length; at += 1) {
    const key = keys[at] as string;
    const member = map(object[key]);
    if (copy === undefined && member !== object[key]) {
      copy = {};
      for (const before of keys.slice(0, at)) setMember(copy, before, object[before]);
    }
    if (copy !== undefined) setMember(copy, key, member);
  }
  return copy ?? object;
}

/** A list with each of its items mapped; the same list where none changes. */
export function mapItems(list: readonly unknown[], map: (item: unknown) => unknown): readonly unknown[] {
  let copy: unknown[] | undefined;
  for (let at = 0; at < list.length; at += 1) {
    const item = map(list[at]);
    if (item !== list[at]) copy ??= list.slice();
    if (copy !== undefined) copy[at] = item;
  }
  return copy ?? list;
}

/** To assign a `__proto__` would set the prototype instead. */
function setMember(object: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__')
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  else object[key] = value;
}
