import type { Settings } from '../../config.ts';
import type { Registry } from '../../engine/registry.ts';
import type { Validation } from '../../model/schema.ts';
import type { ControlHandler } from '../surface.ts';
import type { DirectRoute } from './direct-route.ts';
import { createKeptBodies } from './kept-bodies.ts';
import { createLinker } from './links.ts';
import { type OperationPlan, planOperation } from './operation-plan.ts';

/** What a path can lead to. */
export type AnyRoute = ({ readonly kind: 'operation' } & OperationPlan) | ({ readonly kind: 'direct' } & DirectRoute);

export interface RouteParts {
  readonly registry: Registry;
  readonly validation: Validation;
  readonly settings: Pick<Settings, 'auth'>;
  readonly control: Readonly<Record<string, ControlHandler>>;
  readonly directRoutes: readonly DirectRoute[];
}

/**
 * Plans every operation of every contract, and puts the routes that no contract has beside them.
 *
 * @example const routes = createRoutes(collectRoutes(parts, (path) => routes.has(path)));
 */
export function collectRoutes(options: RouteParts, isOurs: (path: string) => boolean): AnyRoute[] {
  const { registry, validation, control, settings } = options;
  const linkers = new Map(
    registry.contracts.map(({ system }) => {
      const resources = registry.resources.filter(({ resource }) => resource.system === system);
      const names = new Set(resources.flatMap(({ resource }) => resource.hrefProperty ?? []));
      return [system, names.size === 0 ? undefined : createLinker(names, isOurs)] as const;
    }),
  );
  const parts = {
    registry,
    validation,
    control,
    isStrictAuth: settings.auth === 'strict',
    kept: createKeptBodies(),
    linkerOf: (system: string) => linkers.get(system),
  };
  return [
    ...registry.contracts.flatMap((contract) =>
      contract.operations.map((operation) => ({
        kind: 'operation' as const,
        ...planOperation(operation, contract, parts),
      })),
    ),
    ...options.directRoutes.map((route) => ({ kind: 'direct' as const, ...route })),
  ];
}
