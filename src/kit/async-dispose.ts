/** `Symbol.asyncDispose`, where the reader's TypeScript knows it: it came after the oldest that we support. */
type Key = SymbolConstructor extends { readonly asyncDispose: infer Found extends symbol } ? Found : never;

/** Ends with its block where it is declared with `await using`. */
export type AsyncDispose = { readonly [Name in Key]: () => Promise<void> };
