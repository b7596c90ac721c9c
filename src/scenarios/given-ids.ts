/** An id that an answer gave to what its request created. */
export interface GivenId<From> {
  readonly value: string | number;
  /** The member that told it. */
  readonly name: string;
  /** Template of the path that the request went to, for example `/orders`. */
  readonly path: string;
  readonly from: From;
}

/**
 * Ids that say only beside their kind what they mean, as numbers do: 4 is an order in `/orders/4` and in `orderId: 4`,
 * and a quantity elsewhere.
 *
 * @example ids.add({ value: 4, name: 'id', path: '/orders', from: step }); ids.named(4, 'orderId', '/invoices') // step
 */
export class GivenIds<From> {
  /** By their values as texts, in the order they were given: one that is given again means the latest. */
  readonly #all = new Map<string, GivenId<From>[]>();

  add(given: GivenId<From>): void {
    const others = this.#all.get(String(given.value));
    if (others === undefined) this.#all.set(String(given.value), [given]);
    else others.push(given);
  }

  /** Where the value of a path's parameter came from. */
  inPath(value: string, name: string, template: string): From | undefined {
    const kind = kindOf(template.slice(0, template.indexOf(`/{${name}}`)));
    return this.#all.get(value)?.findLast(({ path }) => kindOf(path) === kind)?.from;
  }

  /** Where the value of a member came from, by the path of its operation; of a query's parameter `asText`. */
  named(value: unknown, name: string, template: string, asText = false): From | undefined {
    const kind = kindOf(template).replace(/\/\{\}$/, '');
    const isMeant = (given: GivenId<From>) =>
      (given.name === name && kindOf(given.path) === kind) || isIdOf(name, given.path);
    return this.#all.get(String(value))?.findLast((given) => (asText || given.value === value) && isMeant(given))?.from;
  }
}

/** Whether a member is called as one is that holds an id, its own or another's: `id`, `order_id`, `orderId`. */
export function isNameOfId(name: string): boolean {
  return /^_?(id|uuid|guid)$|[a-z0-9](Id|ID|_id|Uuid|_uuid)$/.test(name);
}

function kindOf(path: string): string {
  return path.replaceAll(/\{[^}]*\}/g, '{}').replace(/\/$/, '');
}

/** Whether a member is called after what a path holds, as `orderId` is after `/orders`, `companyId` after `/companies`. */
function isIdOf(name: string, path: string): boolean {
  const plain = (text: string) => text.toLowerCase().replaceAll(/[-_]/g, '');
  const thing = plain(name.replace(/_?(id|uuid)$/i, '')).replace(/y$/, '');
  const things = plain(path.slice(path.lastIndexOf('/') + 1));
  return (
    isNameOfId(name) &&
    thing.length > 2 &&
    /^(y|ies|e?s)?$/.test(things.slice(thing.length)) &&
    things.startsWith(thing)
  );
}
