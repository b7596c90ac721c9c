import { successStatus } from '../../model/operation.ts';
import { allOf } from '../state/store/filter.ts';
import type { ReadHandler } from '../system.ts';
import type { BehaviourParts } from './behaviour-parts.ts';
import { type BoundOperation, scopeFilter, scopeIn } from './bound-operation.ts';
import { surround } from './envelope.ts';
import { declaredFilters } from './list-criteria.ts';

/** GET of how many things there are that meet the filters. */
export function countBehaviour({ entry, binding }: BoundOperation, parts: BehaviourParts): ReadHandler {
  const shape = binding.list ?? { filters: {} };
  const place = shape.figures?.[0]?.path.join('.') ?? '';
  let wrap: ReturnType<typeof surround> | undefined;
  return (work, command) => {
    const scope = scopeIn({ entry, binding }, command);
    const filter = allOf(scopeFilter(scope), ...declaredFilters(shape, command));
    const query = { filter, limit: 0 };
    const { total } = entry.supplied.query(work, query, scope) ?? work.query(entry.collection, query);
    const status = successStatus(command.operation);
    if (place === '') return { status, body: total };
    const content = command.operation.responses[String(status)]?.content ?? {};
    wrap ??= surround(Object.values(content)[0]?.schema, [], parts, [place]);
    return { status, body: wrap(undefined, work, entry.collection, new Map([[place, total]])) };
  };
}
