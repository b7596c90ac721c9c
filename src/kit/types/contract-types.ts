import { CONTROL_SYSTEM, type Contract, schemaRef } from '../../model/contract.ts';
import { collectionOf } from '../../model/resource.ts';
import type { Schema } from '../../model/schema.ts';
import { pathsText } from './paths-text.ts';
import { commentText, memberText, propertyName, type TypeWriter, typeText, union } from './type-text.ts';

/** An action of a system, and what it wants to know. */
export interface DescribedAction {
  readonly system: string;
  /** Kebab case, as in its path. */
  readonly name: string;
  readonly input: Schema;
}

/** What types are written from. */
export interface TypesSource {
  readonly contracts: readonly Contract[];
  readonly actions: readonly DescribedAction[];
}

/**
 * TypeScript types of everything that is served: entities, `paths` as `openapi-fetch` reads them, messages by channel,
 * inputs of actions. The text holds nothing but types, and the same contracts give the same text.
 *
 * @example await writeFile('contracts.ts', writeContractTypes({ contracts, actions }));
 */
export function writeContractTypes({ contracts, actions }: TypesSource): string {
  const references = createReferences(contracts);
  const received: TypeWriter = { reference: references.received };
  const sent: TypeWriter = { reference: references.sent, isRequest: true };
  const twinOf = createTwins(contracts, received);
  const sections = [
    HEADER,
    interfaceText(
      'Schemas',
      'The named schemas of each contract, as the server sends them.',
      contracts.map((contract) =>
        memberText(keyOf(contract), schemasText(contract, Object.keys(contract.$defs), received, twinOf)),
      ),
    ),
    interfaceText(
      'RequestSchemas',
      'Those that a client may send with less, because the server sets the rest.',
      contracts
        .map((contract): [Contract, readonly string[]] => [contract, references.relaxed(contract)])
        .filter(([, names]) => names.length > 0)
        .map(([contract, names]) => memberText(keyOf(contract), schemasText(contract, names, sent))),
    ),
    interfaceText('Entities', 'What is stored, by collection.', entitiesText(contracts, received)),
    pathsText(contracts, { received, sent }),
    interfaceText('Events', 'The message of each channel.', eventsText(contracts, received)),
    interfaceText('Actions', 'What can be asked for besides the operations.', actionsText(actions, received)),
    CONTRACTS,
  ];
  return formatted(sections.join('\n\n'));
}

const HEADER = `// Written by \`bss-simulator types\` from the contracts that are served: run it again in place of changing this file.`;

const CONTRACTS = `/** All of it, for \`SimulatorTenant<Contracts>\`. */
export interface Contracts {
  entities: Entities;
  paths: paths;
  operations: operations;
  events: Events;
  actions: Actions;
}`;

/** Where a named schema is written down, for what the server sends and for what a client sends. */
function createReferences(contracts: readonly Contract[]) {
  const places = new Map<string, string>();
  const schemas = new Map<string, Schema>();
  for (const contract of contracts) {
    for (const [name, schema] of Object.entries(contract.$defs)) {
      const ref = schemaRef(contract, name);
      places.set(ref, `[${typeKey(keyOf(contract))}][${typeKey(name)}]`);
      schemas.set(ref, schema);
    }
  }
  const relaxed = refsWithServerOwned(schemas);
  const received = (ref: string): string => {
    const place = places.get(ref);
    return place === undefined ? 'unknown' : `Schemas${place}`;
  };
  return {
    received,
    sent: (ref: string) => (relaxed.has(ref) ? `RequestSchemas${places.get(ref)}` : received(ref)),
    relaxed: (contract: Contract) =>
      Object.keys(contract.$defs).filter((name) => relaxed.has(schemaRef(contract, name))),
  };
}

/** Schemas that demand a property which only the server sets, at any depth. */
function refsWithServerOwned(schemas: ReadonlyMap<string, Schema>): ReadonlySet<string> {
  const found = new Set<string>();
  const users = new Map<string, Set<string>>();
  for (const [ref, schema] of schemas) {
    visit(schema, (each) => {
      const { required, properties, $ref } = each;
      if (typeof $ref === 'string') {
        const known = users.get($ref) ?? new Set();
        users.set($ref, known.add(ref));
      }
      if (!Array.isArray(required) || typeof properties !== 'object' || properties === null) return;
      const owned = Object.entries(properties as Record<string, Schema>).some(
        ([name, property]) => typeof property === 'object' && property.readOnly === true && required.includes(name),
      );
      if (owned) found.add(ref);
    });
  }
  const left = [...found];
  for (let ref = left.pop(); ref !== undefined; ref = left.pop()) {
    for (const user of users.get(ref) ?? []) {
      if (found.has(user)) continue;
      found.add(user);
      left.push(user);
    }
  }
  return found;
}

function visit(value: unknown, look: (schema: Record<string, unknown>) => void): void {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) look(value as Record<string, unknown>);
  for (const member of Object.values(value)) visit(member, look);
}

function schemasText(
  contract: Contract,
  names: readonly string[],
  writer: TypeWriter,
  twinOf: (contract: Contract, name: string) => string | undefined = () => undefined,
): string {
  const members = names.map((name) => {
    const twin = twinOf(contract, name);
    return twin === undefined ? schemaText(contract, name, writer) : memberText(name, twin);
  });
  return `{\n${members.join('\n')}\n}`;
}

function schemaText(contract: Contract, name: string, writer: TypeWriter): string {
  const schema = contract.$defs[name] ?? true;
  const description = typeof schema === 'object' ? schema.description : undefined;
  return memberText(name, typeText(schema, writer), { description });
}

/** A named schema as it is written, whatever its contract is called. */
interface Written {
  readonly text: string;
  /** The schemas of the same contract that it refers to. */
  readonly leadsTo: ReadonlySet<string>;
}

/**
 * What finds the type of a schema that an earlier contract has word for word, with all that it leads to: documents of one
 * system often share a file of schemas.
 */
function createTwins(contracts: readonly Contract[], writer: TypeWriter) {
  const written = new Map(contracts.map((contract) => [contract, writtenAlone(contract, writer)]));
  const twins = new Map<string, string>();
  for (const [index, contract] of contracts.entries()) {
    for (const earlier of contracts.slice(0, index)) {
      for (const name of alike(written.get(earlier), written.get(contract))) {
        const key = schemaRef(contract, name);
        if (!twins.has(key)) twins.set(key, writer.reference(schemaRef(earlier, name)));
      }
    }
  }
  return (contract: Contract, name: string): string | undefined => twins.get(schemaRef(contract, name));
}

function writtenAlone(contract: Contract, writer: TypeWriter): ReadonlyMap<string, Written> {
  const names = Object.keys(contract.$defs);
  const own = new Map(names.map((name) => [schemaRef(contract, name), name]));
  return new Map(
    names.map((name) => {
      const leadsTo = new Set<string>();
      const reference = (ref: string): string => {
        const target = own.get(ref);
        if (target === undefined) return writer.reference(ref);
        leadsTo.add(target);
        return `Own[${typeKey(target)}]`;
      };
      return [name, { text: schemaText(contract, name, { ...writer, reference }), leadsTo }];
    }),
  );
}

/** The names of the schemas that two contracts have alike. */
function alike(one: ReadonlyMap<string, Written> = new Map(), other: ReadonlyMap<string, Written> = new Map()) {
  const names = new Set([...other.keys()].filter((name) => one.get(name)?.text === other.get(name)?.text));
  for (let before = -1; before !== names.size; ) {
    before = names.size;
    for (const name of names) {
      if ([...(other.get(name)?.leadsTo ?? [])].some((target) => !names.has(target))) names.delete(name);
    }
  }
  return names;
}

function entitiesText(contracts: readonly Contract[], writer: TypeWriter): string[] {
  const entities = new Map<string, string>();
  for (const resource of contracts.flatMap(({ resources }) => resources)) {
    const collection = collectionOf(resource);
    if (!entities.has(collection)) entities.set(collection, memberText(collection, typeText(resource.schema, writer)));
  }
  return [...entities.values()];
}

function eventsText(contracts: readonly Contract[], writer: TypeWriter): string[] {
  const events = new Map<string, string>();
  for (const { address, description, messages } of contracts.flatMap(({ channels }) => channels)) {
    if (events.has(address)) continue;
    const type = union(messages.map(({ payload }) => typeText(payload, writer)));
    events.set(address, memberText(address, messages.length === 0 ? 'unknown' : type, { description }));
  }
  return [...events.values()];
}

function actionsText(actions: readonly DescribedAction[], writer: TypeWriter): string[] {
  const systems = [...new Set(actions.map(({ system }) => system))].filter((system) => system !== CONTROL_SYSTEM);
  return systems.map((system) => {
    const members = actions
      .filter((action) => action.system === system)
      .map(({ name, input }) => {
        const description = typeof input === 'object' ? input.description : undefined;
        return memberText(toCamelCase(name), typeText(input, writer), { description });
      });
    return memberText(toCamelCase(system), `{\n${members.join('\n')}\n}`);
  });
}

/** `record-payment` as the handle spells it: `recordPayment`. */
function toCamelCase(name: string): string {
  return name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function interfaceText(name: string, description: string, members: readonly string[]): string {
  return `${commentText(description)}export interface ${propertyName(name)} {\n${members.join('\n')}\n}`;
}

function keyOf({ system, name }: Contract): string {
  return `${system}/${name}`;
}

function typeKey(name: string): string {
  return `'${name.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

/** Two spaces for each brace that is open; braces in texts and comments do not count. */
function formatted(text: string): string {
  let depth = 0;
  const lines = text.split('\n').map((line) => {
    const bare = line.replace(/\/\*.*?\*\/|\/\/.*$|'(?:\\.|[^'\\])*'/g, '');
    const closing = /^\s*[}\])]/.test(bare) ? 1 : 0;
    const shown = line === '' ? '' : `${'  '.repeat(Math.max(depth - closing, 0))}${line.trim()}`;
    depth += (bare.match(/[{]/g)?.length ?? 0) - (bare.match(/[}]/g)?.length ?? 0);
    return shown;
  });
  return `${lines.join('\n')}\n`;
}
