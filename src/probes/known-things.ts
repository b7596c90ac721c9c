import type { Operation } from '../model/operation.ts';
import type { Resource } from '../model/resource.ts';
import { isIdOf } from './plan.ts';

/** A thing that is known, and its kind. */
export interface KnownItem {
  readonly resource: Resource;
  /** Values of its path, outer ones first. */
  readonly values: readonly string[];
  readonly id: string;
}

/**
 * Which things a server is known to have: values for the parameters of paths, outer ones first, and ids for members that
 * refer to them.
 */
export class KnownThings {
  /** By the shape of the path up to the last parameter, such as `/orders/{}/lines/{}`. */
  readonly #byPath = new Map<string, readonly KnownItem[]>();
  readonly #byResource = new Map<Resource, readonly string[]>();

  /** Notes a thing at a path, whose last parameter names it where the id stands in the path. */
  add(resource: Resource, itemPath: string, values: readonly string[], id: string): void {
    const shape = shapeOf(itemPath);
    this.#byPath.set(shape, [...(this.#byPath.get(shape) ?? []), { resource, values, id }]);
    this.#byResource.set(resource, [...(this.#byResource.get(resource) ?? []), id]);
  }

  /** Forgets one that has been deleted. */
  remove(resource: Resource, itemPath: string, values: readonly string[], id: string): void {
    const shape = shapeOf(itemPath);
    const isOther = (each: KnownItem): boolean => each.values.join('/') !== values.join('/') || each.id !== id;
    this.#byPath.set(shape, (this.#byPath.get(shape) ?? []).filter(isOther));
    this.#byResource.set(
      resource,
      (this.#byResource.get(resource) ?? []).filter((each) => each !== id),
    );
  }

  /** The thing that the path of an operation names with its last parameter: the newest. */
  itemOf({ path }: Pick<Operation, 'path'>): KnownItem | undefined {
    return path.endsWith('}') ? this.#byPath.get(shapeOf(path))?.at(-1) : undefined;
  }

  /** Values for as many parameters of a path as are known, from the left; those of the newest thing. */
  valuesFor({ path }: Pick<Operation, 'path'>): Readonly<Record<string, string>> {
    const names = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name ?? '');
    const ends = [...path.matchAll(/\{[^}]+\}/g)].map(({ 0: text, index }) => index + text.length);
    for (let count = names.length; count > 0; count -= 1) {
      const values = this.#byPath.get(shapeOf(path.slice(0, ends[count - 1])))?.at(-1)?.values;
      if (values !== undefined)
        return Object.fromEntries(names.slice(0, count).map((name, index) => [name, values[index] ?? '']));
    }
    return {};
  }

  /** The id of a thing that a member of this name may refer to. */
  idFor(name: string): string | undefined {
    for (const [resource, ids] of this.#byResource) if (isIdOf(name, resource)) return ids.at(-1);
    return undefined;
  }
}

function shapeOf(path: string): string {
  return path.replace(/\{[^}]+\}/g, '{}');
}
