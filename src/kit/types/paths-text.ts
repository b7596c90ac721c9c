import type { Contract } from '../../model/contract.ts';
import type { MediaType, Operation, Parameter, Response } from '../../model/operation.ts';
import { commentText, memberText, propertyName, quoted, type TypeWriter, typeText, union } from './type-text.ts';

/** How schemas are written that the server sends, and that a client sends. */
export interface Writers {
  readonly received: TypeWriter;
  readonly sent: TypeWriter;
}

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];

/**
 * The interfaces `paths` and `operations` in the shape that `openapi-typescript` gives them, which `openapi-fetch` and
 * its relatives read; paths are those that the simulator serves, base path included.
 *
 * @example pathsText(contracts, { received, sent }) // 'export interface paths { … }'
 */
export function pathsText(contracts: readonly Contract[], writers: Writers): string {
  const byPath = new Map<string, Map<string, Operation>>();
  const byId = new Map<string, Operation>();
  for (const operation of contracts.flatMap(({ operations }) => operations)) {
    const { id, path, method } = operation;
    const methods = byPath.get(path) ?? new Map<string, Operation>();
    byPath.set(path, methods);
    // Where two contracts have the same operation, the first answers.
    if (methods.has(method.toLowerCase())) continue;
    methods.set(method.toLowerCase(), operation);
    if (!byId.has(id)) byId.set(id, operation);
  }
  const usual = usualAnswers(contracts, writers.received);
  const paths = [...byPath].map(([path, methods]) => {
    const members = METHODS.flatMap((method) => {
      const operation = methods.get(method);
      if (operation === undefined) return [];
      const { summary, description } = operation;
      return [
        memberText(method, operationText(operation, writers, usual.get(keyOf(operation))), {
          description: summary ?? description,
        }),
      ];
    });
    return memberText(path, `Methods<{\n${members.join('\n')}\n}>`);
  });
  const operations = [...byId].map(([id, { path, method }]) =>
    memberText(id, `paths[${quoted(path)}]['${method.toLowerCase()}']`),
  );
  const alike = [...usual].map(([key, answers]) => memberText(key, `{\n${[...answers.values()].join('\n')}\n}`));
  return [
    PARTS,
    `${commentText('Answers that operations of a contract have alike.')}export interface Answers {\n${alike.join('\n')}\n}`,
    `${commentText('Operations by path and method.')}export interface paths {\n${paths.join('\n')}\n}`,
    `${commentText('Operations by id.')}export interface operations {\n${operations.filter(isReachable).join('\n')}\n}`,
  ].join('\n\n');
}

/** What most operations have alike is written once: a file with a hundred operations would be twice as long. */
const PARTS = `/** The operations of a path by method, and that it has no others. */
export type Methods<Given> = Given & {
parameters: NoParameters;
} & { [Method in Exclude<${union(METHODS.map(quoted))}, keyof Given>]?: never };

/** The parameters of an operation by place, and that it has none elsewhere. */
export type ParametersIn<Given> = Given & { [Place in Exclude<keyof NoParameters, keyof Given>]?: never };

/** A path or an operation without parameters. */
export interface NoParameters {
query?: never;
header?: never;
path?: never;
cookie?: never;
}

/** An answer with this content, by media type. */
export interface Answer<Content> {
headers: { [name: string]: unknown };
content: Content;
}

/** An answer of JSON. */
export type Json<Value> = Answer<{ 'application/json': Value }>;

/** A problem as RFC 9457 describes them. */
export type ProblemJson<Value> = Answer<{ 'application/problem+json': Value }>;

/** An answer without content. */
export interface EmptyAnswer {
headers: { [name: string]: unknown };
content?: never;
}`;

/** `openapi-fetch` knows the methods of HTTP, and no others. */
function isReachable(member: string): boolean {
  return METHODS.some((method) => member.endsWith(`['${method}'];`));
}

/** As often, an answer is written once: most operations of a contract fail in the same ways. */
const USUAL = 2;

/** The answers that operations of each contract have alike, word for word, by their status. */
function usualAnswers(
  contracts: readonly Contract[],
  writer: TypeWriter,
): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const usual = new Map<string, ReadonlyMap<string, string>>();
  for (const contract of contracts) {
    const counts = new Map<string, Map<string, number>>();
    for (const [status, response] of contract.operations.flatMap(({ responses }) => Object.entries(responses))) {
      const answers = counts.get(status) ?? new Map<string, number>();
      const text = answerMember(status, response, writer);
      counts.set(status, answers.set(text, (answers.get(text) ?? 0) + 1));
    }
    const found = new Map<string, string>();
    for (const [status, answers] of counts) {
      const [[text, count] = ['', 0]] = [...answers].sort(([, a], [, b]) => b - a);
      if (count >= USUAL) found.set(status, text);
    }
    if (found.size > 0) usual.set(keyOf(contract.operations[0] as Operation), found);
  }
  return usual;
}

function keyOf({ system, contract }: Pick<Operation, 'system' | 'contract'>): string {
  return `${system}/${contract}`;
}

function answerMember(status: string, response: Response, writer: TypeWriter): string {
  return `${commentText(response.description)}${statusText(status)}: ${responseText(response, writer)};`;
}

function operationText(
  { system, contract, parameters, requestBody, responses }: Operation,
  { received, sent }: Writers,
  usual: ReadonlyMap<string, string> = new Map(),
): string {
  const places = (['query', 'header', 'path', 'cookie'] as const).flatMap((place) => {
    const own = parameters.filter((parameter) => parameter.in === place);
    if (own.length === 0) return [];
    const isOptional = own.every(({ required }) => !required);
    return memberText(place, `{\n${own.map((each) => parameterText(each, sent)).join('\n')}\n}`, { isOptional });
  });
  const body =
    requestBody === undefined
      ? 'requestBody?: never;'
      : memberText('requestBody', `{\ncontent: ${contentText(requestBody.content, sent)};\n}`, {
          isOptional: !requestBody.required,
        });
  const answers = Object.entries(responses).map(([status, response]) => [
    status,
    answerMember(status, response, received),
  ]);
  const own = answers.filter(([status = '', text]) => usual.get(status) !== text).map(([, text]) => text);
  const shared = answers
    .filter(([status = '', text]) => usual.get(status) === text)
    .map(([status = '']) => statusType(status));
  const parts = [
    ...(own.length > 0 || shared.length === 0 ? [`{\n${own.join('\n')}\n}`] : []),
    ...(shared.length > 0 ? [`Pick<Answers[${quoted(keyOf({ system, contract }))}], ${shared.join(' | ')}>`] : []),
  ];
  const given = parameters.length === 0 ? 'NoParameters' : `ParametersIn<{\n${places.join('\n')}\n}>`;
  return `{\nparameters: ${given};\n${body}\nresponses: ${parts.join(' & ')};\n}`;
}

/** As a number, where it is one: that is how `openapi-fetch` and its relatives tell good answers from errors. */
function statusText(status: string): string {
  return /^[1-9]\d\d$/.test(status) ? status : propertyName(status);
}

/** The same as a type of its own. */
function statusType(status: string): string {
  const text = statusText(status);
  return text === status && /^\d/.test(text) ? text : quoted(status);
}

function parameterText({ name, schema, required, description }: Parameter, writer: TypeWriter): string {
  return memberText(name, typeText(schema, writer), { isOptional: !required, description });
}

function responseText({ headers, content }: Response, writer: TypeWriter): string {
  const isEmpty = Object.keys(content).length === 0;
  const named = Object.entries(headers).map(([name, { schema, required }]) =>
    memberText(name, typeText(schema, writer), { isOptional: !required }),
  );
  if (named.length === 0) return isEmpty ? 'EmptyAnswer' : answerText(content, writer);
  return `{\nheaders: {\n${[...named, '[name: string]: unknown;'].join('\n')}\n};\n${
    isEmpty ? 'content?: never;' : `content: ${contentText(content, writer)};`
  }\n}`;
}

const ANSWERS: Readonly<Record<string, string>> = {
  'application/json': 'Json',
  'application/problem+json': 'ProblemJson',
};

function answerText(content: Readonly<Record<string, MediaType>>, writer: TypeWriter): string {
  const [[type, { schema = true }] = ['', {}], ...others] = Object.entries(content);
  const name = ANSWERS[type];
  if (name === undefined || others.length > 0) return `Answer<${contentText(content, writer)}>`;
  return `${name}<${typeText(schema, writer)}>`;
}

function contentText(content: Readonly<Record<string, MediaType>>, writer: TypeWriter): string {
  const members = Object.entries(content).map(([type, { schema = true }]) =>
    memberText(type, typeText(schema, writer)),
  );
  const isShort = members.length === 1 && !members[0]?.includes('\n');
  return isShort ? `{ ${members[0]?.replace(/;$/, '')} }` : `{\n${members.join('\n')}\n}`;
}
