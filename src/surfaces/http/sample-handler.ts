import type { Generator } from '../../engine/generator.ts';
import type { SampleHandler } from '../../engine/system.ts';
import type { Outcome } from '../../model/command.ts';
import type { Operation } from '../../model/operation.ts';
import type { Schema } from '../../model/schema.ts';
import { parsePrefer } from './prefer.ts';

export interface SampleHandlerOptions {
  /** Loads what makes values. */
  readonly generator: () => Promise<Generator>;
  /** Makes what chooses the response, its values being made by `generate`. */
  readonly createSampler: (options: { generate: (schema: Schema, random: () => number) => unknown }) => {
    sample(
      operation: Operation,
      request: { readonly prefer?: ReturnType<typeof parsePrefer>; readonly accept?: string },
      random: () => number,
    ): Promise<Outcome>;
  };
}

/** Answers what has neither state nor code with a sample from its contract, as the client prefers. */
export function createSampleHandler({ generator, createSampler }: SampleHandlerOptions): SampleHandler {
  return async (work, command) => {
    work.registry.requireAncestors(work, command);
    const values = await generator();
    const random = work.random('sample', command.operation.id);
    const sampler = createSampler({ generate: (schema) => values.generate(schema, random, { now: work.nowText }) });
    const { prefer, accept } = command.headers;
    return sampler.sample(command.operation, { prefer: parsePrefer(prefer), accept }, random);
  };
}
