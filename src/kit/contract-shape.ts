import type { Contracts } from './shipped-contracts.ts';

/** Types of contracts, as `bss-simulator types` writes them. */
export interface AnyContracts {
  readonly entities: object;
  readonly paths: object;
  readonly operations: object;
  readonly events: object;
  readonly actions: object;
}

/** Types of the contracts in the package. */
export type ShippedContracts = Contracts;

/** A name, or a pattern in which `*` stands for any text; a name that is misspelt is neither. */
export type NameOrPattern<Names extends object> = (keyof Names & string) | `${string}*${string}`;

/** The messages that a channel, or all that a pattern means, can carry. */
export type MessageOf<C extends AnyContracts, Channel extends string> = Channel extends keyof C['events']
  ? C['events'][Channel]
  : C['events'][keyof C['events']];

/** A value of which only some members are told. */
export type Part<T> = T extends readonly (infer Item)[]
  ? readonly Part<Item>[]
  : T extends object
    ? { readonly [Name in keyof T]?: Part<T[Name]> }
    : T;
