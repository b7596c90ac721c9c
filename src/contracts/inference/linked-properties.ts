import { bodyPathOf } from '../../lib/runtime-expression.ts';
import type { Operation } from '../../model/operation.ts';
import { successOf } from './success-body.ts';

/** A property of what an operation answers that leads to another operation. */
export interface LinkedProperty {
  /** From the outside in, without what the thing is wrapped in and its place in a list. */
  readonly path: readonly string[];
  /** The id of the operation that it leads to, and the parameter that takes it there. */
  readonly operation: string;
  readonly parameter: string;
}

/**
 * What the links of an operation's success take out of its body.
 *
 * @example linkedProperties(createUser, ['data']); // [{ path: ['handle'], operation: 'readUser', parameter: 'user' }]
 */
export function linkedProperties(operation: Operation, wrappers: readonly string[]): readonly LinkedProperty[] {
  return (successOf(operation)?.response.links ?? []).flatMap((link) =>
    Object.entries(link.parameters).flatMap(([parameter, expression]) => {
      const path = bodyPathOf(expression);
      if (path === undefined || !wrappers.every((name, index) => path[index] === name)) return [];
      const inside = path.slice(wrappers.length);
      const own = /^\d+$/.test(inside[0] ?? '') ? inside.slice(1) : inside;
      return own.length === 0 ? [] : [{ path: own, operation: link.operation, parameter }];
    }),
  );
}
