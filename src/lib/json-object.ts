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
