import { createBehaviourParts } from '../../engine/behaviours/behaviour-parts.ts';
import { conform, type Fitting } from '../../engine/behaviours/conform.ts';
import type { SampleHandler } from '../../engine/system.ts';
import type { Generator } from '../../engine/values/generator.ts';
import type { Outcome } from '../../model/command.ts';
import type { Operation, Response } from '../../model/operation.ts';
import type { Schema, Validation } from '../../model/schema.ts';
import type { SchemaResolver } from '../../model/schema-resolver.ts';
import { responseOf } from './error-body.ts';
import { acceptable, isJson, parseMediaType } from './media-types.ts';
import { parsePrefer, samplePreference, sampleRefusal } from './prefer.ts';
import { createExampleWriter } from './shown-examples.ts';

export interface SampleHandlerOptions {
  readonly schemas: SchemaResolver;
  readonly validation: Pick<Validation, 'check'>;
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

/** Answers what has neither state nor code with a sample from its contract, as the client prefers and accepts it. */
export function createSampleHandler(options: SampleHandlerOptions): SampleHandler {
  const { generator, createSampler, schemas, validation } = options;
  const withExamples = createExampleWriter(schemas, validation);
  const parts = createBehaviourParts(schemas, validation);
  return async (work, command) => {
    const { operation, headers } = command;
    const { applied = '' } = samplePreference(headers.prefer, operation);
    const refusal = sampleRefusal(applied, operation);
    if (refusal !== undefined) throw refusal;
    const values = await generator();
    const random = work.random('sample', operation.id);
    const prefer = parsePrefer(applied);
    const generate = (schema: Schema): unknown => {
      const made = values.generate(schema, random, { now: work.nowText });
      return prefer.dynamic === true ? made : withExamples(made, schema);
    };
    const outcome = await createSampler({ generate }).sample(
      inAcceptable(operation, headers.accept),
      { prefer },
      random,
    );
    // A status below 200 goes before an answer and is none: a client would wait for ever.
    if (outcome.status < 200) return { status: 204 };
    // Who asks for an example by its name gets it as it stands.
    if (prefer.example !== undefined) return outcome;
    return sound(outcome, operation, { parts, make: generate, isShown: true });
  };
}

/** What a contract shows may not be what it says: such a sample is made to fit. */
function sound(outcome: Outcome, operation: Operation, fitting: Fitting): Outcome {
  const { body, status } = outcome;
  const type = Object.entries(outcome.headers ?? {}).find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';
  const content = responseOf(operation, status)?.content ?? {};
  const schema = isJson(parseMediaType(type).type) ? content[type]?.schema : undefined;
  if (schema === undefined || body === undefined || body instanceof Uint8Array) return outcome;
  const fitted = conform(body, schema, fitting);
  return fitted === body || fitted === undefined ? outcome : { ...outcome, body: fitted };
}

/** The operation with nothing of each response but the media type that is accepted; what has none such stays whole. */
function inAcceptable(operation: Operation, accept: string | undefined): Operation {
  if (accept === undefined || accept === '*/*') return operation;
  const responses = Object.entries(operation.responses).map(([status, response]): [string, Response] => {
    const type = acceptable(accept, Object.keys(response.content));
    const media = type === undefined ? undefined : response.content[type];
    return [status, type === undefined || media === undefined ? response : { ...response, content: { [type]: media } }];
  });
  return { ...operation, responses: Object.fromEntries(responses) };
}
