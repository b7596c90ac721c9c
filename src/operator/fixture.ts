import { withoutSupplies } from '../engine/behaviours/supplied-items.ts';
import { POLICIES } from '../engine/policies/tenant-policies.ts';
import type { Registry } from '../engine/registry.ts';
import type { Entity } from '../engine/state/store/store.ts';
import type { Work } from '../engine/state/work.ts';
import type { StartingWorld } from '../engine/system.ts';
import { type Problem, SimulatorError } from '../errors.ts';
import { isObject } from '../lib/json-object.ts';
import { pointerTo } from '../lib/json-pointer.ts';
import { parseText } from '../lib/text/parse-text.ts';
import { readPositions } from '../lib/text/text-positions.ts';
import type { Validation } from '../model/schema.ts';

/** A starting world as a file describes it: what it builds on, and what is added or changed. */
export interface Fixture {
  /** `default`: the synthetic operator; `empty`: nothing. */
  readonly base: 'default' | 'empty';
  /** Entities by collection, for example `connectx/Customer`; one with a known id changes that entity. */
  readonly entities: Readonly<Record<string, readonly Entity[]>>;
  /**
   * Entries by collection and key, put as they are after all else: nothing is completed, nothing follows. So a world can
   * be written whole, bookkeeping (`connectx/$habits`, `$timers`, `$counters`) included.
   */
  readonly records: Readonly<Record<string, Readonly<Record<string, Entity>>>>;
  /** What a generated world was made with; it fits a simulator of the same seed and clock. */
  readonly made?: { readonly seed: number; readonly clock: string };
}

/**
 * Reads a fixture from YAML or JSON and checks every entity against its contract.
 *
 * Throws `FIXTURE_INVALID` with every problem, each with its line and column.
 *
 * @example parseFixture('entities: { connectx/Customer: [{ customerId: CUS-1 }] }', 'my.yaml', registry, validation)
 */
export function parseFixture(text: string, file: string, registry: Registry, validation: Validation): Fixture {
  const quick = parseJson(text);
  // A large world is read as JSON, many times as fast.
  if (quick !== undefined && mistakesIn(quick, registry, validation).length === 0) return complete(quick);
  const parsed = parseText(text, { isStrict: true });
  const fixture = ('value' in parsed ? parsed.value : undefined) ?? {};
  const mistakes = mistakesIn(fixture, registry, validation);
  const problems = 'error' in parsed ? [{ file, ...parsed.error }] : problemsOf(mistakes, text, file);
  if (problems.length === 0) return complete(fixture);
  throw new SimulatorError(
    'FIXTURE_INVALID',
    `Failed to load the fixture ${file}: ${problems.length === 1 ? 'there is a problem' : `there are ${problems.length} problems`}. Fix what is listed.`,
    { problems },
  );
}

interface Mistake {
  readonly pointer: string;
  readonly message: string;
  readonly hint?: string;
}

function problemsOf(mistakes: readonly Mistake[], text: string, file: string): readonly Problem[] {
  if (mistakes.length === 0) return [];
  const positions = readPositions(text);
  return mistakes.map(({ pointer, ...mistake }) => ({ file, ...positions.locate(pointer), ...mistake }));
}

function mistakesIn(fixture: unknown, registry: Registry, validation: Validation): readonly Mistake[] {
  const has = `A fixture has ${MEMBERS.map((name) => `"${name}"`).join(', ')}.`;
  if (!isObject(fixture)) return [{ pointer: '', message: 'it is no object.', hint: has }];
  const { base = 'default', entities, records } = fixture as Partial<Fixture>;
  const unknown = Object.keys(fixture).filter((key) => !MEMBERS.includes(key));
  const mistakes: Mistake[] = unknown.map((key) => ({ pointer: '', message: `unknown member "${key}".`, hint: has }));
  if (base !== 'default' && base !== 'empty')
    mistakes.push({ pointer: '', message: `unknown base "${String(base)}".`, hint: 'Use "default" or "empty".' });
  // Not pushed as arguments: there may be more of them than a call can have.
  return [
    ...mistakes,
    ...Object.entries(entities ?? {}).flatMap((named) => mistakesInEntities(...named, registry, validation)),
    ...Object.entries(records ?? {}).flatMap((named) => mistakesInRecords(...named, registry, validation)),
  ];
}

function mistakesInEntities(
  collection: string,
  entities: unknown,
  registry: Registry,
  validation: Validation,
): readonly Mistake[] {
  const pointer = pointerTo('/entities', collection);
  const entry = registry.resources.find(({ resource }) => `${resource.system}/${resource.name}` === collection);
  if (entry === undefined) {
    const known = registry.resources.map(({ resource }) => `${resource.system}/${resource.name}`).join(', ');
    return [{ pointer, message: `unknown collection "${collection}".`, hint: `Known are: ${known}.` }];
  }
  if (!Array.isArray(entities))
    return [{ pointer, message: `"${collection}" is not a list.`, hint: 'Write its entities as a list.' }];
  const check = validation.checkPartial(entry.resource.schema);
  return entities.flatMap((entity, index) =>
    check(entity).map(({ path, message }) => ({
      pointer: `${pointer}/${index}${path}`,
      message: `${path} ${message}`,
    })),
  );
}

function mistakesInRecords(
  collection: string,
  entries: unknown,
  registry: Registry,
  validation: Validation,
): readonly Mistake[] {
  const pointer = pointerTo('/records', collection);
  const check = recordCheck(collection, registry, validation);
  if (check === undefined) {
    const hint = 'Name a resource, or bookkeeping with a "$" in its name.';
    return [{ pointer, message: `unknown collection "${collection}".`, hint }];
  }
  if (!isObject(entries))
    return [{ pointer, message: `"${collection}" holds no entries.`, hint: 'Write each entry under its key.' }];
  return Object.entries(entries).flatMap(([key, entry]): Mistake[] => {
    const at = pointerTo(pointer, key);
    if (!isObject(entry)) return [{ pointer: at, message: `"${key}" is no object.`, hint: 'Write its members.' }];
    return check(entry).map(({ path, message }) => ({ pointer: at, message: `${path} ${message}` }));
  });
}

/** The world of a fixture: its base, then what it adds or changes. */
export function fixtureWorld(fixture: Fixture, synthetic: StartingWorld, registry: Registry): StartingWorld {
  return async (work: Work) => {
    if (fixture.base === 'default') await synthetic(work);
    // A world that is written whole has this among its records, where it is so.
    else if (fixture.made === undefined) withoutSupplies(work);
    for (const [collection, entities] of Object.entries(fixture.entities)) {
      const entry = registry.resource(collection);
      for (const entity of entities) {
        entry.supplied.settle(work, entity);
        const id = entity[entry.resource.idProperty];
        const known = id === undefined ? undefined : work.get(collection, String(id));
        if (known === undefined) work.create(collection, entity, { isStart: true });
        else work.put(collection, String(id), entry.inOrder({ ...known, ...entity }));
      }
    }
    for (const [collection, entries] of Object.entries(fixture.records))
      for (const [key, entry] of Object.entries(entries)) work.put(collection, key, entry);
  };
}

const MEMBERS: readonly string[] = ['base', 'entities', 'records', 'made'];

function complete({ base = 'default', entities = {}, records = {}, made }: Partial<Fixture>): Fixture {
  return { base, entities, records, ...(made !== undefined && { made }) };
}

/** A world that is written whole; where people write, a name that stands there twice is a mistake that JSON does not tell. */
function parseJson(text: string): Partial<Fixture> | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    const fixture = JSON.parse(text) as Partial<Fixture>;
    return Object.keys(fixture.entities ?? {}).length > 0 ? undefined : fixture;
  } catch {
    return undefined;
  }
}

/** How entries of a collection are checked: resources by their schema, bookkeeping not; nothing for an unknown one. */
function recordCheck(collection: string, registry: Registry, validation: Validation) {
  const entry = registry.resources.find(({ resource }) => `${resource.system}/${resource.name}` === collection);
  if (entry !== undefined) return validation.checkPartial(entry.resource.schema);
  // A world that is written whole has the policies of the server that loads it.
  if (collection === POLICIES) return undefined;
  const name = collection.slice(collection.indexOf('/') + 1);
  return name.startsWith('$') ? () => [] : undefined;
}
