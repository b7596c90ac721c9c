import type { Contract } from '../../model/contract.ts';
import type { Validation } from '../../model/schema.ts';
import type { Generator } from './generator.ts';

/** The generator of values, made and loaded by the first who asks for it: a start has no use for it. */
export function createLazyGenerator(contracts: readonly Contract[], validation: Validation): () => Promise<Generator> {
  let generator: Promise<Generator> | undefined;
  return () => {
    generator ??= import('./generator.ts').then(({ createGenerator }) => createGenerator(contracts, { validation }));
    return generator;
  };
}
