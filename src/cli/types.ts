import { resolve } from 'node:path';
import type { SimulatorOptions } from '../config.ts';
import type { TypesSource } from '../kit/types/contract-types.ts';
import type { Output } from './check.ts';
import { writeOutput } from './write-output.ts';

/** The flags of `types`. */
export interface TypesFlags {
  /** Standard output without it. */
  readonly out?: string;
}

export interface TypesContext {
  readonly output: Output;
  readonly cwd: string;
  readonly describeServed: (options: SimulatorOptions) => Promise<TypesSource>;
}

/**
 * The command `types`: writes TypeScript types of everything that a simulator with these options serves.
 *
 * @example await runTypes({ out: 'src/contracts.ts' }, { specs: ['api.yaml'] }, context);
 */
export async function runTypes(
  { out }: TypesFlags,
  options: SimulatorOptions,
  { output, cwd, describeServed }: TypesContext,
): Promise<number> {
  const { writeContractTypes } = await import('../kit/types/contract-types.ts');
  const text = writeContractTypes(await describeServed(options));
  if (out === undefined) output.stdout.write(text);
  else await writeOutput(resolve(cwd, out), text);
  return 0;
}
