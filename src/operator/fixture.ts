import { isMap, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import type { Registry } from '../engine/registry.ts';
import type { Entity } from '../engine/store/store.ts';
import type { StartingWorld } from '../engine/system.ts';
import type { Work } from '../engine/work.ts';
import { formatProblem, type Problem, SimulatorError } from '../errors.ts';
import type { Validation } from '../model/schema.ts';

/** A starting world as a file tells it: what it builds on, and what is added or changed. */
export interface Fixture {
  /** `default`: the synthetic operator; `empty`: nothing. */
  readonly base: 'default' | 'empty';
  /** Entities by collection, for example `connectx/Customer`; one with a known id changes that entity. */
  readonly entities: Readonly<Record<string, readonly Entity[]>>;
}

/**
 * Reads a fixture from YAML or JSON and checks every entity against its contract.
 *
 * Throws `FIXTURE_INVALID` with every problem, each with its line and column.
 *
 * @example parseFixture('entities: { connectx/Customer: [{ customerId: CUS-1 }] }', 'my.yaml', registry, validation)
 */
export function parseFixture(text: string, file: string, registry: Registry, validation: Validation): Fixture {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const problems: Problem[] = document.errors.map(({ message, pos }) => ({ file, ...placeOf(lines, pos[0]), message }));
  const report = (node: unknown, message: string, hint?: string) =>
    problems.push({ file, ...placeOf(lines, (node as Node | undefined)?.range?.[0] ?? 0), message, hint });
  const fixture = (document.errors.length === 0 ? document.toJS() : {}) as Partial<Fixture> | null;
  const root = document.contents;
  for (const key of Object.keys(fixture ?? {})) {
    if (key !== 'base' && key !== 'entities')
      report(root, `unknown member "${key}".`, 'A fixture has "base" and "entities".');
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
  if (problems.length > 0) {
    throw new SimulatorError(
      'FIXTURE_INVALID',
      `Failed to load the fixture ${file}: it has ${problems.length} problem(s). Mend them:\n${problems.map(formatProblem).join('\n')}`,
      { problems },
    );
  }
  return { base: base as Fixture['base'], entities: fixture?.entities ?? {} };
}

/** The world of a fixture: its base, then what it adds or changes. */
export function fixtureWorld(fixture: Fixture, synthetic: StartingWorld, registry: Registry): StartingWorld {
  return async (work: Work) => {
    if (fixture.base === 'default') await synthetic(work);
    for (const [collection, entities] of Object.entries(fixture.entities)) {
      const entry = registry.resource(collection);
      for (const entity of entities) {
        const id = entity[entry.resource.idProperty];
        const known = id === undefined ? undefined : await work.get(collection, String(id));
        if (known === undefined) await work.create(collection, entity);
        else await work.put(collection, String(id), entry.inOrder({ ...known, ...entity }));
      }
    }
  };
}

function placeOf(lines: LineCounter, offset: number): { line: number; column: number } {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}
