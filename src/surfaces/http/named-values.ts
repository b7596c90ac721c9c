import type { Parameter } from '../../model/operation.ts';
import { styleOf } from '../../model/parameter-style.ts';
import { type Pair, readPairs } from './query-string.ts';
import type { ValueReader } from './styled-value.ts';
import type { Typing } from './typed-text.ts';

/** A value that a query or a form carries under a name: a parameter, or a property. */
export interface NamedValue {
  readonly name: string;
  readonly typing: Typing;
  readonly style: Pick<Parameter, 'in' | 'style' | 'explode' | 'contentType'>;
  readonly read: ValueReader;
}

/** Pairs by the name of the value that they belong to. */
export type Gathered<T> = ReadonlyMap<T, readonly Pair[]>;

/**
 * Makes what finds out which value each pair of a query belongs to: one of its own name, one with it before brackets, or
 * an object that is spread over pairs of its members' names.
 *
 * @example createGatherer(values)('ids=1&f[state]=open', { undeclared: (pair) => {}, forbidden: () => {} })
 */
export function createGatherer<T extends NamedValue>(values: readonly T[]) {
  const named = new Map(values.map((value) => [value.name, value]));
  const styled = values
    .filter(({ style }) => style.contentType === undefined)
    .map((value) => ({ value, ...styleOf(value.style) }));
  const deep = new Map(
    styled.filter(({ style }) => style === 'deepObject').map(({ value }) => [value.name, value] as const),
  );
  const spread = styled
    .filter(({ value, style, explode }) => value.typing.isObject && style === 'form' && explode)
    .map(({ value }) => value);
  const members = new Map(spread.flatMap((value) => value.typing.members.map((name) => [name, value] as const)));
  const rest = spread.find(({ typing }) => typing.hasFurtherMembers);
  const ownerOf = (name: string): T | undefined => {
    const own = named.get(name);
    if (own !== undefined) return own;
    const bracket = name.indexOf('[');
    return (bracket > 0 ? deep.get(name.slice(0, bracket)) : undefined) ?? members.get(name) ?? rest;
  };

  return (
    text: string | readonly Pair[],
    { undeclared, forbidden }: { readonly undeclared: (pair: Pair) => void; readonly forbidden: () => void },
  ): Gathered<T> => {
    const gathered = new Map<T, Pair[]>();
    for (const pair of typeof text === 'string' ? readPairs(text) : text) {
      if (pair.name.includes('__proto__')) {
        forbidden();
        continue;
      }
      const owner = ownerOf(pair.name);
      const given = owner === undefined ? undefined : gathered.get(owner);
      if (owner === undefined) undeclared(pair);
      else if (given === undefined) gathered.set(owner, [pair]);
      else given.push(pair);
    }
    return gathered;
  };
}
