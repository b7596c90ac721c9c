import type { Operation } from '../../model/operation.ts';
import type { Binding } from '../../model/resource.ts';
import { requestSchemaOf } from '../behaviours/request-schema.ts';
import type { ResourceEntry } from '../resource-entry.ts';
import type { ContractView } from '../state/contract-view.ts';
import type { Entity } from '../state/store/store.ts';

/** What a client asks for to have a move made. */
export type MovedBy =
  | {
      readonly operationId: string;
      readonly method: string;
      /** With the id in it, and its contract's base path in front. */
      readonly path: string;
      readonly body?: unknown;
    }
  | {
      /** `<system>/<name>` */
      readonly action: string;
      /** What is known of its input; an action may want more. */
      readonly input: Readonly<Record<string, unknown>>;
      /** Members of the input that are still to be given. */
      readonly missing?: readonly string[];
    };

/** Where a thing stands in its life, and what may come. */
export interface Standing {
  readonly property: string;
  readonly state: unknown;
  readonly states: readonly string[];
  /** Every move of the life cycle, from whatever state. */
  readonly transitions: readonly { readonly from: string; readonly to: string; readonly when: string }[];
  /** Moves that a client can have made now; one for each way to it. */
  readonly moves: readonly { readonly to: string; readonly by: MovedBy }[];
  /** What only time or other things bring about. */
  readonly otherwise: readonly { readonly to: string; readonly when: string }[];
}

/**
 * Where an entity stands in its life cycle and which moves are legal, each with the operation or action that makes it;
 * `undefined` where its kind has no life cycle.
 *
 * @example standingOf(registry.resource('connectx/Subscription'), subscription, registry)?.moves
 */
export function standingOf(entry: ResourceEntry, entity: Entity, registry: ContractView): Standing | undefined {
  const { lifecycle } = entry.rules;
  if (lifecycle === undefined) return undefined;
  const { property, initial, moves } = lifecycle;
  const state = entity[property];
  const legal = moves.filter(({ from }) => from === state);
  const ways = legal.map((move) => ({
    move,
    by: [
      ...operationsTo(entry, entity, property, move.to, registry),
      ...(move.by ?? []).flatMap((name) => actionTo(entry, entity, property, move.to, name, registry)),
    ],
  }));
  return {
    property,
    state,
    states: [...new Set([initial, ...moves.flatMap(({ from, to }) => [from, to])])],
    transitions: moves.map(({ from, to, when }) => ({ from, to, when })),
    moves: ways.flatMap(({ move: { to }, by }) => by.map((each) => ({ to, by: each }))),
    otherwise: ways.filter(({ by }) => by.length === 0).map(({ move: { to, when } }) => ({ to, when })),
  };
}

/** Operations that set the state, by a body that has it or by what they are for. */
function operationsTo(
  entry: ResourceEntry,
  entity: Entity,
  property: string,
  to: string,
  registry: ContractView,
): readonly MovedBy[] {
  const { resource } = entry;
  return (resource.bindings ?? []).flatMap((binding) => {
    const operation = registry.contracts
      .find(({ system, name }) => system === resource.system && name === binding.contract)
      ?.operations.find(({ id }) => id === binding.operation);
    if (operation === undefined) return [];
    const way = {
      operationId: operation.id,
      method: operation.method,
      path: pathFor(operation, binding, entry, entity),
    };
    if (binding.role === 'act') return binding.move?.property === property && binding.move.to === to ? [way] : [];
    if (binding.role !== 'merge') return [];
    const { request = [] } = binding;
    if (entry.readOnlyFor(operation, request).includes(property)) return [];
    const schema = registry.schemas.members(requestSchemaOf(operation, request, registry.schemas)).get(property);
    if (schema === undefined || registry.validation.check(schema)(to).length > 0) return [];
    return [{ ...way, body: request.reduceRight<unknown>((inner, name) => ({ [name]: inner }), { [property]: to }) }];
  });
}

/** The path of an operation for one thing, its id and scope in their places. */
export function pathFor(
  { path }: Operation,
  { idParameter, scope = [] }: Binding,
  entry: ResourceEntry,
  entity: Entity,
): string {
  const values = new Map(scope.map(({ parameter, property }) => [parameter, entity[property]]));
  if (idParameter !== undefined) values.set(idParameter, entry.idOf(entity));
  return path.replaceAll(/\{([^}]+)\}/g, (whole, name: string) =>
    values.has(name) ? encodeURIComponent(String(values.get(name))) : whole,
  );
}

function actionTo(
  entry: ResourceEntry,
  entity: Entity,
  property: string,
  to: string,
  name: string,
  registry: ContractView,
): readonly MovedBy[] {
  const described = registry.actions.find((each) => each.system === entry.resource.system && each.name === name);
  if (described === undefined) return [];
  const { input: schema } = described;
  const members = typeof schema === 'object' ? Object.keys(schema.properties ?? {}) : [];
  const required = typeof schema === 'object' ? (schema.required ?? []) : [];
  const input: Record<string, unknown> = {};
  for (const member of members) {
    if (entry.isId(member)) input[member] = entry.idOf(entity);
    else if (member === property) input[member] = to;
  }
  const missing = required.filter((member) => !Object.hasOwn(input, member));
  return [{ action: `${described.system}/${name}`, input, ...(missing.length > 0 && { missing }) }];
}
