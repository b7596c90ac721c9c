import { SimulatorError } from '../../errors.ts';
import { isObject } from '../../lib/json-object.ts';
import { Refusal } from '../../model/command.ts';
import type { Validation, Violation } from '../../model/schema.ts';
import { mergeValue } from '../state/merge-patch.ts';
import type { Policies, PolicyEntry, PolicyTable, PolicyValues } from './policy.ts';

/** The policies that there are, with their defaults. */
export interface PolicyBook {
  readonly tables: Readonly<Record<string, PolicyTable>>;
  readonly defaults: Policies;
  /**
   * Policies with some values changed: what a client names takes the place of what was, objects member by member, and
   * `null` brings back what `base` has. Refuses with 400 and every violation what no policy can be.
   *
   * @example book.change(present, { connectx: { dueDays: 7 } }, book.defaults)
   */
  change(present: Policies, changes: unknown, base: Policies): Policies;
  /** The same over the defaults, for a configuration: throws `CONFIG_INVALID`. */
  configure(changes: unknown): Policies;
}

/**
 * Joins tables of policies into the one book of a simulator.
 *
 * @example createPolicyBook({ shop: { openingHour: { type: 'integer', default: 9, description: 'when it opens' } } }, validation)
 */
export function createPolicyBook(
  tables: Readonly<Record<string, PolicyTable>>,
  validation: Pick<Validation, 'check'>,
): PolicyBook {
  const defaults = mapValues(tables, defaultsOf);
  const change = (present: Policies, changes: unknown, base: Policies) => {
    const merged = mergeValues(present, changes, base);
    return { merged, violations: violationsIn(changes, merged, tables, validation) };
  };
  return {
    tables,
    defaults,
    change(present, changes, base) {
      const { merged, violations } = change(present, changes, base);
      if (violations.length === 0) return merged;
      throw new Refusal(
        400,
        'INVALID_POLICY',
        'Failed to change the policies: there is no such policy, or no such value of one. Correct what is listed; GET /_simulator/policies shows all that there are.',
        { violations },
      );
    },
    configure(changes) {
      const { merged, violations } = change(defaults, changes, defaults);
      if (violations.length === 0) return merged;
      const list = violations.map(({ path, message }) => `policies${path.replaceAll('/', '.')} ${message}`).join('; ');
      throw new SimulatorError('CONFIG_INVALID', `Failed to read the policies: ${list}. Correct the configuration.`);
    },
  };
}

/**
 * The values that a table's policies have where nothing else is decided.
 *
 * @example defaultsOf(BILLING_POLICIES).dueDays // 14
 */
export function defaultsOf<Table extends PolicyTable>(table: Table): PolicyValues<Table> {
  return mapValues(table, (entry) => entry.default) as PolicyValues<Table>;
}

function mergeValues(present: Policies, changes: unknown, base: Policies): Policies {
  if (!isObject(changes)) return present;
  const sections = Object.entries(changes).map(([section, values]) => {
    const before = present[section] ?? {};
    if (values === null) return [section, base[section] ?? {}] as const;
    if (!isObject(values)) return [section, before] as const;
    const after = Object.entries(values).map(
      ([name, value]) => [name, value === null ? base[section]?.[name] : mergeValue(before[name], value)] as const,
    );
    return [section, { ...before, ...Object.fromEntries(after) }] as const;
  });
  return { ...present, ...Object.fromEntries(sections) };
}

/** Only what is named is looked at: all else has been, and compiling a schema takes its time. */
function violationsIn(
  changes: unknown,
  merged: Policies,
  tables: Readonly<Record<string, PolicyTable>>,
  validation: Pick<Validation, 'check'>,
): readonly Violation[] {
  const violation = (path: string, message: string): Violation => ({ in: 'body', path, message });
  if (!isObject(changes)) return [violation('', 'must be an object of policies by section')];
  return Object.entries(changes).flatMap(([section, values]) => {
    const table = Object.hasOwn(tables, section) ? tables[section] : undefined;
    if (table === undefined) {
      return [violation(`/${section}`, `must be one of the sections ${Object.keys(tables).join(', ')}`)];
    }
    if (values === null) return [];
    if (!isObject(values)) return [violation(`/${section}`, 'must be an object of policies by name')];
    return Object.keys(values).flatMap((name) => {
      const path = `/${section}/${name}`;
      if (!Object.hasOwn(table, name)) {
        return [violation(path, `must be one of the policies ${Object.keys(table).join(', ')}`)];
      }
      const entry = table[name] as PolicyEntry;
      const value = merged[section]?.[name];
      const found = validation.check(entry)(value);
      if (found.length > 0) return found.map((each) => violation(`${path}${each.path}`, each.message));
      return entry.isValid?.(value as never) === false ? [violation(path, `must be ${entry.description}`)] : [];
    });
  });
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, map: (value: T) => U): Readonly<Record<string, U>> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
