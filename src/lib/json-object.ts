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
