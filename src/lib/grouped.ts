/**
 * Values in groups, each in the order in which its first value stands.
 *
 * @example grouped([1, 2, 3], (value) => value % 2) // Map { 1 => [1, 3], 0 => [2] }
 */
export function grouped<T, K>(values: Iterable<T>, keyOf: (value: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const value of values) {
    const key = keyOf(value);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [value]);
    else group.push(value);
  }
  return groups;
}
