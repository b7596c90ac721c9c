import type { Settings } from '../../config.ts';
import type { Registry } from '../../engine/registry.ts';
import type { Validation } from '../../model/schema.ts';
import type { DirectRoute } from './direct-route.ts';
import { createJsonCache } from './json-cache.ts';
import { createLinker, type Linker } from './links.ts';
import { OperationPlan } from './operation-plan.ts';
import { createRoutes, type Routes } from './routes.ts';

/** What a path can lead to. */
export type AnyRoute = OperationPlan | ({ readonly kind: 'direct' } & DirectRoute);

export interface RouteParts {
  readonly registry: Registry;
  readonly validation: Validation;
  readonly settings: Pick<Settings, 'auth'>;
  readonly directRoutes: readonly DirectRoute[];
}

/** Everything that stands at a path, and the plans of operations by their keys. */
export interface RouteTable {
  readonly routes: Routes<AnyRoute>;
  readonly plans: ReadonlyMap<string, OperationPlan>;
  /** Makes the links absolute in what is sent by itself, of whatever system. */
  readonly link: Linker;
}

/**
 * Plans every operation of every contract, and puts the routes that no contract has beside them.
 *
 * @example const { routes, plans } = createRouteTable({ registry, validation, settings, directRoutes });
 */
export function createRouteTable(parts: RouteParts): RouteTable {
  const collected = collectRoutes(parts, (path) => routes.has(path));
  const routes: Routes<AnyRoute> = createRoutes(collected);
  const plans = new Map(
    collected.flatMap((route) => (route.kind === 'operation' ? [[route.key, route] as const] : [])),
  );
  const names = new Set(parts.registry.resources.flatMap(({ resource }) => resource.hrefProperty ?? []));
  return { routes, plans, link: createLinker(names, (path) => routes.has(path)) };
}

function collectRoutes(options: RouteParts, isOurs: (path: string) => boolean): AnyRoute[] {
  const { registry, validation, settings } = options;
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
    isStrictAuth: settings.auth === 'strict',
    jsonCache: createJsonCache(),
    linkerOf: (system: string) => linkers.get(system),
  };
  return [
    ...registry.contracts.flatMap((contract) =>
      contract.operations.map((operation) => new OperationPlan(operation, contract, parts)),
    ),
    ...options.directRoutes.map((route) => ({ kind: 'direct' as const, ...route })),
  ];
}
