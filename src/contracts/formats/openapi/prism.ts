// Only types, which leave nothing behind: Prism takes seconds to load, so `loadPrism` does it when it is first needed.
import type { createInstance, IHttpOperationConfig, IHttpResponse } from '@stoplight/prism-http';
import { ifInstalled } from '../../../lib/if-installed.ts';
import { isJsonType } from '../../../lib/json-type.ts';
import { loadInTurns } from '../../../lib/load-in-turns.ts';
import { type Outcome, Refusal } from '../../../model/command.ts';
import type { MediaType, Operation, Response } from '../../../model/operation.ts';
import { writeParameter } from '../../../model/parameter-style.ts';
import type { Schema } from '../../../model/schema.ts';
import { type SampleRequest, samplePlainly } from './plain-sampler.ts';

type PrismOperation = Parameters<ReturnType<typeof createInstance>['request']>[1][number];
type PrismLogger = Parameters<typeof createInstance>[1]['logger'];

/** Answers operations that have no state with what their contract shows or permits. */
export interface Sampler {
  /** An answer of the contract; a `Refusal` where the contract has none such. Values it makes draw on `random`. */
  sample(operation: Operation, request: SampleRequest, random: () => number): Promise<Outcome>;
}

export interface SamplerOptions {
  readonly generate: (schema: Schema, random: () => number) => unknown;
}

/**
 * Makes what makes samplers, which let Prism choose status, media type and example, and have values made by `generate`:
 * Prism's own generator is shared by everything in the process and takes no source of chance. It is loaded once for all
 * of them.
 *
 * @example
 * const createSampler = createSamplers();
 * const sampler = createSampler({ generate: (schema, random) => generator.generate(schema, random) });
 * await sampler.sample(operation, { prefer: { code: 404 } }, random);
 */
export function createSamplers(): (options: SamplerOptions) => Sampler {
  let loading: Promise<typeof import('@stoplight/prism-http') | undefined> | undefined;
  const loadPrism = () => {
    loading ??= loadInTurns('@stoplight/prism-http', import.meta.url).then(() =>
      ifInstalled(() => import('@stoplight/prism-http')),
    );
    return loading;
  };

  return ({ generate }) => ({
    async sample(operation, { prefer = {}, accept }, random) {
      // What says nothing about its answer has nothing to answer.
      if (Object.keys(operation.responses).length === 0) return { status: 204 };
      const prism = await loadPrism();
      if (prism === undefined) return samplePlainly(operation, { prefer }, (schema) => generate(schema, random));
      let failed: { readonly cause: unknown } | undefined;
      const make = (schema: Schema) => {
        try {
          return generate(schema, random);
        } catch (cause) {
          failed = { cause };
          throw cause;
        }
      };
      const offered = toPrismOperation(operation, make, prefer.dynamic === true);
      const found = { _tag: 'Right', right: offered } as const;
      const mock: IHttpOperationConfig = { dynamic: false, code: prefer.code, exampleKey: prefer.example };
      const instance = prism.createInstance(
        // The request is matched and checked already.
        {
          mock,
          isProxy: false,
          upstreamProxy: undefined,
          checkSecurity: false,
          validateRequest: false,
          validateResponse: false,
          errors: false,
        },
        { logger: SILENT, route: () => found },
      );
      const input = {
        method: offered.method as 'get',
        url: { path: operation.path },
        ...(accept !== undefined && { headers: { accept } }),
      };
      const result = await instance
        .request(input, [offered])()
        .catch((error: unknown) => {
          // Of what goes in only the Accept header is free text, and Prism throws on one that it cannot read.
          const message = `the Accept header cannot be read (${error instanceof Error ? error.message : error})`;
          return { _tag: 'Left', left: { message, status: 406 } } as const;
        });
      // Prism takes a failing generator for a wish that it cannot fulfil, but that one is not the client's doing.
      if (failed !== undefined) throw failed.cause;
      if (result._tag === 'Left') throw refusal(operation, result.left);
      return toOutcome(result.right.output);
    },
  });
}

function toPrismOperation(
  operation: Operation,
  generate: (schema: Schema) => unknown,
  isDynamic: boolean,
): PrismOperation {
  return {
    id: operation.id,
    method: operation.method.toLowerCase(),
    path: operation.path,
    responses: Object.entries(operation.responses).map(([code, response]) => ({
      id: code,
      code,
      headers: toHeaders(response, generate),
      contents: Object.entries(response.content).map(([mediaType, content]) => ({
        id: mediaType,
        mediaType,
        examples: toExamples(mediaType, content, generate, isDynamic),
      })),
    })),
  };
}

function toHeaders(response: Response, generate: (schema: Schema) => unknown) {
  return Object.entries(response.headers).map(([name, { schema, required, example }]) => ({
    id: name,
    name,
    style: 'simple' as NonNullable<PrismOperation['responses'][number]['headers']>[number]['style'],
    required,
    // Prism looks for an example only where there is a schema, and has no use for the schema then.
    schema: {},
    examples: [
      lazyExample('default', () =>
        writeParameter({ in: 'header', name }, example === undefined ? generate(schema) : example),
      ),
    ],
  }));
}

function toExamples(
  mediaType: string,
  { schema, examples }: MediaType,
  generate: (schema: Schema) => unknown,
  isDynamic: boolean,
) {
  const shown = Object.entries(examples).map(([key, value]) => ({ id: key, key, value }));
  // JSON of which nothing is said is an object with nothing in it: no bytes would be no JSON.
  if (schema === undefined && shown.length === 0 && isJsonType(mediaType)) return [lazyExample('dynamic', () => ({}))];
  if (schema === undefined || (shown.length > 0 && !isDynamic)) return shown;
  return [lazyExample('dynamic', () => generate(schema))];
}

/** Made when Prism has chosen it, and once: what is not sent must not draw on chance. */
function lazyExample(key: string, make: () => unknown) {
  let made: { readonly value: unknown } | undefined;
  return {
    id: key,
    key,
    get value() {
      made ??= { value: make() };
      return made.value;
    },
  };
}

function toOutcome({ statusCode, headers = {}, body }: IHttpResponse): Outcome {
  const sent = Object.entries(headers)
    .map(([name, value]): [string, string] => [name.toLowerCase(), String(value)])
    // Prism names a media type even where there is no body.
    .filter(([name]) => body !== undefined || name !== 'content-type');
  return { status: statusCode, headers: Object.fromEntries(sent), ...(body !== undefined && { body }) };
}

function refusal(operation: Operation, error: { readonly message: string; readonly status?: unknown }): Refusal {
  // Prism loses the status when its second choice fails as well; what was asked for is not there then either.
  const status = typeof error.status === 'number' && error.status < 500 ? error.status : 404;
  const detail = 'detail' in error && typeof error.detail === 'string' ? error.detail : error.message;
  const answers = Object.keys(operation.responses).join(', ');
  return new Refusal(
    status,
    status === 406 ? 'NOT_ACCEPTABLE' : 'NO_SUCH_SAMPLE',
    `Failed to sample ${operation.id}: ${detail.replace(/\.$/, '')}. Its contract has the answers ${answers}.`,
  );
}

/** Prism wants a pino logger with one more level; what it has to say is of interest to its own users. */
const SILENT: PrismLogger = Object.assign(
  Object.fromEntries(
    ['trace', 'debug', 'info', 'success', 'start', 'note', 'warn', 'error', 'fatal'].map((level) => [level, () => {}]),
  ),
  { child: () => SILENT },
) as unknown as PrismLogger;
