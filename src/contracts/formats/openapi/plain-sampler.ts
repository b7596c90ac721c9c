import { isJsonType } from '../../../lib/json-type.ts';
import { type Outcome, Refusal } from '../../../model/command.ts';
import { type MediaType, type Operation, type Response, successStatus } from '../../../model/operation.ts';
import { writeParameter } from '../../../model/parameter-style.ts';
import type { Schema } from '../../../model/schema.ts';

/** What a client may wish for with `Prefer: code=404, example=empty, dynamic=true`, and with `Accept`. */
export interface SampleRequest {
  readonly prefer?: { readonly code?: number; readonly example?: string; readonly dynamic?: boolean };
  readonly accept?: string;
}

/**
 * An answer of the contract where Prism is not installed: the status that was preferred, else the first of success; its
 * first media type; the example that was preferred, else the first, else a generated value.
 *
 * @example samplePlainly(operation, { prefer: { code: 404 } }, (schema) => generator.generate(schema, random))
 */
export function samplePlainly(
  operation: Operation,
  { prefer = {} }: Pick<SampleRequest, 'prefer'>,
  generate: (schema: Schema) => unknown,
): Outcome {
  const status = prefer.code ?? successStatus(operation);
  const response = responseOf(operation, status);
  if (response === undefined) throw noSuchSample(operation, `it has no answer ${status}`);
  const headers = Object.entries(response.headers)
    .filter(([, { required, example }]) => required || example !== undefined)
    .map(([name, { schema, example }]): [string, string] => [
      name.toLowerCase(),
      String(writeParameter({ in: 'header', name }, example ?? generate(schema))),
    ]);
  const [content] = Object.entries(response.content);
  if (content === undefined) return { status, headers: Object.fromEntries(headers) };
  const [type, media] = content;
  const body = bodyOf(operation, media, prefer, generate) ?? (isJsonType(type) ? {} : undefined);
  if (body === undefined) return { status, headers: Object.fromEntries(headers) };
  return { status, headers: { ...Object.fromEntries(headers), 'content-type': type }, body };
}

function responseOf({ responses }: Operation, status: number): Response | undefined {
  return responses[status] ?? responses[`${Math.floor(status / 100)}XX`] ?? responses.default;
}

function bodyOf(
  operation: Operation,
  { schema, examples }: MediaType,
  { example, dynamic }: NonNullable<SampleRequest['prefer']>,
  generate: (schema: Schema) => unknown,
): unknown {
  if (example !== undefined) {
    if (!Object.hasOwn(examples, example)) throw noSuchSample(operation, `it has no example "${example}"`);
    return examples[example];
  }
  const [first] = Object.values(examples);
  if (first !== undefined && dynamic !== true) return first;
  return schema === undefined ? first : generate(schema);
}

function noSuchSample({ id, responses }: Operation, why: string): Refusal {
  const answers = Object.keys(responses).join(', ');
  return new Refusal(404, 'NO_SUCH_SAMPLE', `Failed to sample ${id}: ${why}. Its contract has the answers ${answers}.`);
}
