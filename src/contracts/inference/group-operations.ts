import type { Operation } from '../../model/operation.ts';
import type { Schema } from '../../model/schema.ts';
import { lastWord, type PathStep, parametersOf, shapeOf, toPathTemplate } from './path-template.ts';

/** An operation with its path taken apart. */
export interface Placed {
  readonly operation: Operation;
  readonly steps: readonly PathStep[];
  readonly verb?: string;
}

/** A thing that shows what stands below it: `/carts/{id}`, whose `items` are those of `/carts/{id}/items`. */
export interface Whole {
  /** The shape of its item path, or of the one path of what there is one of. */
  readonly shape: string;
  /** What its schema is found by in answers. */
  readonly word: string;
  readonly idParameters: readonly string[];
  readonly schema: Schema;
  /** The property with the array, and what stands in that. */
  readonly list: string;
  readonly items: Schema;
}

/** The operations on one collection path and on its items. */
export interface OperationGroup {
  /** The shape of the collection path. */
  readonly shape: string;
  readonly steps: readonly PathStep[];
  /** The last word of the collection path. */
  readonly word: string;
  readonly onCollection: readonly Placed[];
  readonly onItem: readonly Placed[];
  /** How many parameters at the end of the item path name an item: more than one where the path before has no use. */
  readonly idLength: number;
  /** What shows the things of this collection as an array of its own. */
  readonly whole?: Whole;
  /** Whether it shows what collections below it hold. */
  readonly hasParts?: boolean;
}

/**
 * Sorts the operations of a system into groups. A path that ends in a parameter is an item path, any other a collection
 * path; an item path is its collection path and one parameter more, or several where nothing stands at the path between.
 *
 * @example groupOperations(contract.operations).map(({ word }) => word);
 */
export function groupOperations(operations: readonly Operation[]): OperationGroup[] {
  const placed = operations.map((operation): Placed => ({ operation, ...toPathTemplate(operation.path) }));
  const shapes = new Set(placed.filter(({ verb }) => verb === undefined).map(({ steps }) => shapeOf(steps)));
  const groups = new Map<
    string,
    { steps: readonly PathStep[]; onCollection: Placed[]; onItem: Placed[]; idLength: number }
  >();
  for (const each of placed) {
    const { steps, verb } = each;
    const idLength = verb === undefined ? idLengthOf(steps, shapes) : 0;
    const collection = idLength === 0 ? withVerb(steps, verb) : steps.slice(0, -idLength);
    const shape = shapeOf(collection);
    let group = groups.get(shape);
    if (group === undefined) {
      group = { steps: collection, onCollection: [], onItem: [], idLength: 0 };
      groups.set(shape, group);
    }
    if (idLength === 0) group.onCollection.push(each);
    else {
      group.onItem.push(each);
      group.idLength = idLength;
    }
  }
  return [...groups].map(([shape, group]) => ({ shape, word: lastWord(group.steps), ...group }));
}

/** The names of the parameters that name an item in an item path, and of those before. */
export function splitParameters(steps: readonly PathStep[], idLength: number) {
  const names = parametersOf(steps);
  return { scope: names.slice(0, names.length - idLength), id: names.slice(names.length - idLength) };
}

function idLengthOf(steps: readonly PathStep[], shapes: ReadonlySet<string>): number {
  let length = 0;
  while (length < steps.length && steps.at(-1 - length)?.parameter !== undefined) {
    if (length > 0 && shapes.has(shapeOf(steps.slice(0, -length)))) break;
    length += 1;
  }
  return length;
}

/** `/orders/{id}:cancel` stands where `/orders/{id}/cancel` would. */
function withVerb(steps: readonly PathStep[], verb: string | undefined): readonly PathStep[] {
  return verb === undefined ? steps : [...steps, { word: verb }];
}
