// Only types, which leave nothing behind: what chooses is loaded when it is first needed.
import type NegotiatorFile from '@stoplight/prism-http/dist/mocker/negotiator/NegotiatorHelpers.js';
import { ifInstalled } from '../../../lib/if-installed.ts';
import { isJsonType } from '../../../lib/json-type.ts';
import { type Outcome, Refusal } from '../../../model/command.ts';
import type { MediaType, Operation, Response } from '../../../model/operation.ts';
import { writeParameter } from '../../../model/parameter-style.ts';
import type { Schema } from '../../../model/schema.ts';
import { type SampleRequest, samplePlainly } from './plain-sampler.ts';

type Negotiator = typeof NegotiatorFile.default;
type PrismOperation = Parameters<Negotiator['negotiateOptionsForValidRequest']>[0];
type PrismHeader = NonNullable<PrismOperation['responses'][number]['headers']>[number];
type Negotiation = ReturnType<Negotiator['negotiateOptionsForValidRequest']>;
type PrismLogger = Parameters<Negotiation>[0];
type Chosen = Extract<ReturnType<Negotiation>, { readonly _tag: 'Right' }>['right'];

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
 * Prism's own generator is shared by everything in the process and takes no source of chance. What chooses is loaded once
 * for all of them, and alone: the whole of Prism is 2,900 files, which take a second and 90 MB.
 *
 * @example
 * const createSampler = createSamplers();
 * const sampler = createSampler({ generate: (schema, random) => generator.generate(schema, random) });
 * await sampler.sample(operation, { prefer: { code: 404 } }, random);
 */
export function createSamplers(): (options: SamplerOptions) => Sampler {
  let loading: Promise<Negotiator | undefined> | undefined;
  const loadNegotiator = () => {
    loading ??= ifInstalled(() => import('@stoplight/prism-http/dist/mocker/negotiator/NegotiatorHelpers.js')).then(
      // To Node, a file of CommonJS is one value, of which this is the member `default`; a bundler may have taken it out.
      (library) => library?.default.default ?? (library?.default as Negotiator | undefined),
    );
    return loading;
  };

  return ({ generate }) => ({
    async sample(operation, { prefer = {}, accept }, random) {
      // What says nothing about its answer has nothing to answer.
      if (Object.keys(operation.responses).length === 0) return { status: 204 };
      const negotiator = await loadNegotiator();
      if (negotiator === undefined) return samplePlainly(operation, { prefer }, (schema) => generate(schema, random));
      const make = (schema: Schema) => generate(schema, random);
      const offered = toPrismOperation(operation, make, prefer.dynamic === true);
      const wishes = {
        dynamic: false,
        ...(prefer.code !== undefined && { code: prefer.code }),
        ...(prefer.example !== undefined && { exampleKey: prefer.example }),
        ...(accept !== undefined && accept !== '' && { mediaTypes: accept.split(',') }),
      };
      const result = negotiate(() => negotiator.negotiateOptionsForValidRequest(offered, wishes)(SILENT));
      if (result._tag === 'Left') throw refusal(operation, result.left);
      return toOutcome(result.right);
    },
  });
}

/** Of what goes in only the Accept header is free text, and Prism throws on one that it cannot read. */
function negotiate(choose: () => ReturnType<Negotiation>) {
  try {
    return choose();
  } catch (error) {
    const message = `the Accept header cannot be read (${error instanceof Error ? error.message : error})`;
    return { _tag: 'Left', left: { message, status: 406 } } as const;
  }
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
    style: 'simple' as PrismHeader['style'],
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

/** Makes the values of what was chosen: the body first, so that the same chance always makes the same answer. */
function toOutcome({ code, mediaType, bodyExample, headers }: Chosen): Outcome {
  const body = valueShown(bodyExample);
  const sent = headers.map((header): [string, string] => [
    header.name.toLowerCase(),
    String(valueShown(header.examples?.[0])),
  ]);
  // Prism names a media type even where there is no body.
  if (body !== undefined && mediaType !== undefined) sent.push(['content-type', mediaType]);
  return {
    status: Number(code),
    headers: Object.fromEntries(body === undefined ? sent.filter(([name]) => name !== 'content-type') : sent),
    ...(body !== undefined && { body }),
  };
}

function valueShown(example: object | undefined): unknown {
  return example !== undefined && 'value' in example ? example.value : undefined;
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
