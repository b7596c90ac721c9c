import { type Document, isMap, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { POLICIES } from '../engine/policies/tenant-policies.ts';
import type { Registry } from '../engine/registry.ts';
import type { Entity } from '../engine/state/store/store.ts';
import type { Work } from '../engine/state/work.ts';
import type { StartingWorld } from '../engine/system.ts';
import { type Problem, SimulatorError } from '../errors.ts';
import { isObject } from '../lib/json-object.ts';
import { sentenceOf } from '../lib/parser-sentence.ts';
import { excessOf } from '../lib/value-size.ts';
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
  // A large world is read as JSON, many times as fast; only where something is wrong with it do places matter.
  if (quick !== undefined && isSound(quick, registry, validation)) return complete(quick);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const problems: Problem[] = document.errors.map(({ message, pos }) => ({
    file,
    ...placeOf(lines, pos[0]),
    message: sentenceOf(message),
  }));
  const report = (node: unknown, message: string, hint?: string) =>
    problems.push({ file, ...placeOf(lines, (node as Node | undefined)?.range?.[0] ?? 0), message, hint });
  const fixture = document.errors.length === 0 ? contentOf(document, (message) => report(undefined, message)) : {};
  const root = document.contents;
  for (const key of Object.keys(fixture ?? {})) {
    if (!MEMBERS.includes(key))
      report(root, `unknown member "${key}".`, `A fixture has ${MEMBERS.map((name) => `"${name}"`).join(', ')}.`);
  }
  const base = fixture?.base ?? 'default';
  if (base !== 'default' && base !== 'empty')
    report(root, `unknown base "${String(base)}".`, 'Use "default" or "empty".');
  const collections = isMap(root) ? root.get('entities', true) : undefined;
  for (const [collection, entities] of Object.entries(fixture?.entities ?? {})) {
    const node = isMap(collections) ? collections.get(collection, true) : undefined;
    const entry = registry.resources.find(({ resource }) => `${resource.system}/${resource.name}` === collection);
    if (entry === undefined) {
      const known = registry.resources.map(({ resource }) => `${resource.system}/${resource.name}`).join(', ');
      report(node, `unknown collection "${collection}".`, `Known are: ${known}.`);
      continue;
    }
    if (!Array.isArray(entities)) {
      report(node, `"${collection}" is not a list.`, 'Write its entities as a list.');
      continue;
    }
    const check = validation.checkPartial(entry.resource.schema);
    for (const [index, entity] of entities.entries()) {
      const item = isSeq(node) ? node.items[index] : undefined;
      for (const { path, message } of check(entity)) {
        report(
          document.getIn(['entities', collection, index, ...path.split('/').slice(1)], true) ?? item,
          `${path} ${message}`,
        );
      }
    }
  }
  const records = isMap(root) ? root.get('records', true) : undefined;
  for (const [collection, entries] of Object.entries(fixture?.records ?? {})) {
    const node = isMap(records) ? records.get(collection, true) : undefined;
    const check = recordCheck(collection, registry, validation);
    if (check === undefined) {
      report(node, `unknown collection "${collection}".`, 'Name a resource, or bookkeeping with a "$" in its name.');
      continue;
    }
    if (!isObject(entries)) {
      report(node, `"${collection}" holds no entries.`, 'Write each entry under its key.');
      continue;
    }
    for (const [key, entry] of Object.entries(entries)) {
      const item = isMap(node) ? node.get(key, true) : undefined;
      if (!isObject(entry)) report(item, `"${key}" is no object.`, 'Write its members.');
      else for (const { path, message } of check(entry)) report(item, `${path} ${message}`);
    }
  }
  if (problems.length > 0) {
    throw new SimulatorError(
      'FIXTURE_INVALID',
      `Failed to load the fixture ${file}: ${problems.length === 1 ? 'there is a problem' : `there are ${problems.length} problems`}. Fix what is listed.`,
      { problems },
    );
  }
  return complete(fixture ?? {});
}

/** What a document says; nothing where it refers to itself, or its aliases stand for too much. */
function contentOf(document: Document, report: (message: string) => void): Partial<Fixture> | null {
  try {
    const value = document.toJS() as Partial<Fixture> | null;
    const excess = excessOf(value);
    if (excess === undefined) return value;
    report(excess);
  } catch (error) {
    report(sentenceOf(error instanceof Error ? error.message : String(error)));
  }
  return {};
}

/** The world of a fixture: its base, then what it adds or changes. */
export function fixtureWorld(fixture: Fixture, synthetic: StartingWorld, registry: Registry): StartingWorld {
  return async (work: Work) => {
    if (fixture.base === 'default') await synthetic(work);
    for (const [collection, entities] of Object.entries(fixture.entities)) {
      const entry = registry.resource(collection);
      for (const entity of entities) {
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

function parseJson(text: string): Partial<Fixture> | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    return JSON.parse(text) as Partial<Fixture>;
  } catch {
    return undefined;
  }
}

/** Whether nothing is wrong; what is wrong is reported with its place by the slower way. */
function isSound(fixture: Partial<Fixture>, registry: Registry, validation: Validation): boolean {
  const { base = 'default', entities = {}, records = {} } = fixture;
  if (Object.keys(fixture).some((key) => !MEMBERS.includes(key)) || (base !== 'default' && base !== 'empty'))
    return false;
  if (Object.keys(entities).length > 0) return false;
  return Object.entries(records).every(([collection, entries]) => {
    const check = recordCheck(collection, registry, validation);
    return (
      check !== undefined &&
      isObject(entries) &&
      Object.values(entries).every((entry) => isObject(entry) && check(entry).length === 0)
    );
  });
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

function placeOf(lines: LineCounter, offset: number): { line: number; column: number } {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}
