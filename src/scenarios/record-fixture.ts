import { loadYaml } from '../lib/text/yaml-library.ts';
import type { Contract } from '../model/contract.ts';
import type { Operation } from '../model/operation.ts';
import type { Binding, Resource } from '../model/resource.ts';
import type { Validation } from '../model/schema.ts';
import { thingsIn } from '../model/things-in.ts';
import { isRecord } from './json-values.ts';
import { type RecordedEntry, recordedOperation } from './recorded-entry.ts';

/** What a server has answered to an operation. */
export interface SeenAnswer {
  readonly operation: Operation;
  /** Values of the path. */
  readonly path: Readonly<Record<string, string>>;
  readonly status: number;
  readonly body: unknown;
}

/** Things of one kind that are kept; what is seen later has its place only where it is known already. */
const MOST_OF_A_KIND = 10_000;

/**
 * Turns what a tenant was answered, its transcript, into a starting world, as YAML; empty text where nothing was shown.
 *
 * @example await recordFixture(tenant.transcript.lines(), contracts, validation);
 */
export async function recordFixture(
  transcript: AsyncIterable<string>,
  contracts: readonly Contract[],
  validation: Pick<Validation, 'checkPartial'>,
): Promise<string> {
  const world = new SeenWorld(contracts, validation);
  let request: RecordedEntry | undefined;
  for await (const line of transcript) {
    const entry = JSON.parse(line) as RecordedEntry;
    if (entry.kind === 'request') request = entry;
    if (entry.kind !== 'response' || request === undefined) continue;
    const found = recordedOperation(request, contracts);
    if (found !== undefined) world.add({ ...found, status: entry.status ?? 0, body: entry.body });
    request = undefined;
  }
  return world.size === 0 ? '' : world.toFixture('world.yaml');
}

/**
 * Puts together a starting world from what a server has shown: each thing as it was seen last, without those that were
 * deleted. What the contract knows no place for is left out.
 *
 * @example
 * const world = new SeenWorld(contracts, validation);
 * world.add({ operation, path: { orderId: 'ORD-1' }, status: 200, body });
 * await writeFile('seen.yaml', world.toFixture('seen.yaml'));
 */
export class SeenWorld {
  readonly #bound = new Map<string, readonly { readonly resource: Resource; readonly binding: Binding }[]>();
  readonly #things = new Map<string, Map<string, Readonly<Record<string, unknown>>>>();
  readonly #validation: Pick<Validation, 'checkPartial'>;

  constructor(contracts: readonly Contract[], validation: Pick<Validation, 'checkPartial'>) {
    this.#validation = validation;
    for (const { system, resources } of contracts)
      for (const resource of resources)
        for (const binding of resource.bindings ?? []) {
          const key = `${system}/${binding.contract}/${binding.operation}`;
          this.#bound.set(key, [...(this.#bound.get(key) ?? []), { resource, binding }]);
        }
  }

  /** How many things are kept. */
  get size(): number {
    return [...this.#things.values()].reduce((sum, { size }) => sum + size, 0);
  }

  add({ operation, path, status, body }: SeenAnswer): void {
    const { system, contract, id } = operation;
    for (const { resource, binding } of this.#bound.get(`${system}/${contract}/${id}`) ?? []) {
      const collection = `${resource.system}/${resource.name}`;
      const named = path[binding.idParameter ?? ''];
      const isGone = status === 404 || status === 410 || (binding.role === 'delete' && status < 300);
      if (isGone && named !== undefined && binding.byProperty === undefined)
        this.#things.get(collection)?.delete(named);
      if (status >= 200 && status < 300)
        for (const thing of thingsIn(binding, body)) this.#keep(collection, resource, thing);
    }
  }

  /** The world as YAML, or as JSON where the file is to be called so. */
  toFixture(file: string): string {
    const entities = Object.fromEntries(
      [...this.#things]
        .filter(([, things]) => things.size > 0)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([collection, things]) => [collection, [...things.values()]]),
    );
    const fixture = { base: 'empty', entities };
    return file.endsWith('.json')
      ? `${JSON.stringify(fixture, null, 2)}\n`
      : loadYaml().stringify(fixture, { lineWidth: 120, aliasDuplicateObjects: false });
  }

  #keep(collection: string, { idProperty, schema }: Resource, thing: Readonly<Record<string, unknown>>): void {
    const id = idProperty
      .split('.')
      .reduce<unknown>((value, name) => (isRecord(value) ? value[name] : undefined), thing);
    if (typeof id !== 'string' && typeof id !== 'number') return;
    // A world must be able to begin with it.
    if (this.#validation.checkPartial(schema)(thing).length > 0) return;
    const things = this.#things.get(collection) ?? new Map<string, Readonly<Record<string, unknown>>>();
    this.#things.set(collection, things);
    const known = things.get(String(id));
    if (known === undefined && things.size >= MOST_OF_A_KIND) return;
    things.set(String(id), { ...known, ...thing });
  }
}
