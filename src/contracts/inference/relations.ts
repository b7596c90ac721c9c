import type { Operation } from '../../model/operation.ts';
import type { Resource } from '../../model/resource.ts';
import { linkedProperties } from './linked-properties.ts';

/**
 * Finds what things say of others: a property that a link takes to the path of one is the id of such.
 *
 * @example withRelations(resources, operations)[0]?.relations; // { soldTo: 'Customer' }
 */
export function withRelations(resources: readonly Resource[], operations: readonly Operation[]): Resource[] {
  const byId = new Map(operations.map((operation) => [`${operation.contract}/${operation.id}`, operation]));
  return resources.map((resource) => {
    const relations = Object.fromEntries(
      (resource.bindings ?? []).flatMap(({ contract, operation: id, list, answer }) => {
        const operation = byId.get(`${contract}/${id}`);
        if (operation === undefined) return [];
        return linkedProperties(operation, list?.items ?? answer?.path ?? []).flatMap(
          ({ path, operation: target, parameter }) => {
            const other = resources.find(({ bindings = [] }) =>
              bindings.some(
                (each) => each.contract === contract && each.operation === target && each.idParameter === parameter,
              ),
            );
            const [property] = path;
            return other === undefined || other === resource || path.length > 1 || property === undefined
              ? []
              : [[property, other.name] as const];
          },
        );
      }),
    );
    return Object.keys(relations).length === 0 ? resource : { ...resource, relations };
  });
}
