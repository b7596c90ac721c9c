import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { describeServed } from '../../src/describe-served.ts';
import { fillPlaces } from './fill-places.ts';

interface Part {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly items?: Part;
  readonly properties?: Readonly<Record<string, Part>>;
  readonly required?: readonly string[];
  readonly allOf?: readonly Part[];
  readonly oneOf?: readonly Part[];
  readonly anyOf?: readonly Part[];
  readonly description?: string;
}

interface Parameter {
  readonly $ref?: string;
  readonly in?: string;
  readonly name?: string;
}

interface Operation {
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description?: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: {
    readonly $ref?: string;
    readonly content: Readonly<Record<string, { readonly schema?: Part }>>;
  };
  readonly responses: Readonly<
    Record<string, { readonly $ref?: string; readonly content?: Record<string, { readonly schema?: Part }> }>
  >;
}

const CONTRACT = 'specs/simulator/control.openapi.yaml';

/** `docs/control-api.md` with the operations of each tag, and the actions, where a comment names them. */
export async function withControlApi(text: string): Promise<string> {
  const document = parse(readFileSync(CONTRACT, 'utf8')) as {
    readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  };
  const find = <T>(part: T & { readonly $ref?: string }): T =>
    part.$ref === undefined
      ? part
      : (part.$ref
          .slice(2)
          .split('/')
          .reduce((at: unknown, step) => (at as Record<string, unknown>)[step], document) as T);
  const byTag = new Map<string, string[]>();
  for (const [path, item] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(item)) {
      if (!Array.isArray(operation.tags)) continue;
      const [tag = ''] = operation.tags;
      byTag.set(tag, [...(byTag.get(tag) ?? []), rowOf(method, path, operation, find)]);
    }
  }
  const places: Record<string, string> = {};
  for (const [tag, rows] of byTag)
    places[tag] = ['| request | body | answer | |', '|---|---|---|---|', ...rows].join('\n');
  const { actions } = await describeServed({ cache: false });
  const rows = actions.map(
    ({ system, name, input }) =>
      `| \`${system}/${name}\` | ${shapeOf(input as Part, find)} | ${linesOf(input as Part, find)} |`,
  );
  places.inputs = ['| action | input | |', '|---|---|---|', ...rows].join('\n');
  return fillPlaces(text, 'control', places);
}

type Find = <T>(part: T & { readonly $ref?: string }) => T;

function rowOf(method: string, path: string, operation: Operation, find: Find): string {
  const query = (operation.parameters ?? [])
    .map((each) => find<Parameter>(each))
    .filter((each) => each.in === 'query')
    .map(({ name }) => name);
  const request = `${method.toUpperCase()} ${path}${query.length === 0 ? '' : `?${query.join('&')}`}`;
  const { requestBody } = operation;
  const body = requestBody === undefined ? undefined : find(requestBody).content['application/json']?.schema;
  const answer = Object.entries(operation.responses).find(([status]) => status.startsWith('2'));
  const answered = answer === undefined ? undefined : find(answer[1]).content?.['application/json']?.schema;
  const cells = [
    `\`${request}\``,
    body === undefined ? '' : shapeOf(body, find),
    answered === undefined ? '' : shapeOf(answered, find),
    `${operation.summary}.${body === undefined ? '' : ` ${linesOf(body, find)}`}`.trim(),
  ];
  return `| ${cells.join(' | ')} |`;
}

/** The members of an object, with `?` behind those that may be absent; of other values what they are. */
function shapeOf(schema: Part, find: Find): string {
  const members = membersOf(schema, find);
  if (members.length === 0) return '';
  return `\`{${members.map(([name, , isOptional]) => `${name}${isOptional ? '?' : ''}`).join(', ')}}\``;
}

/** What the contract says of each member that has a description. */
function linesOf(schema: Part, find: Find): string {
  return membersOf(schema, find)
    .flatMap(([name, member]) => {
      const { description } = find<Part>(member);
      const said = [member.description ?? description, valuesOf(find<Part>(member))].filter(Boolean).join(' ');
      return said === '' ? [] : [`\`${name}\`: ${said}`];
    })
    .join('<br>')
    .replaceAll('|', '\\|')
    .replaceAll('\n', ' ');
}

function valuesOf({ enum: values }: Part): string {
  return values === undefined ? '' : `One of ${values.map((value) => `\`${value}\``).join(', ')}.`;
}

function membersOf(schema: Part, find: Find): readonly (readonly [string, Part, boolean])[] {
  const { properties = {}, required = [], allOf = [], oneOf = [], anyOf = [] } = find<Part>(schema);
  const own = Object.entries(properties).map(([name, member]) => [name, member, !required.includes(name)] as const);
  const others = [...allOf, ...oneOf, ...anyOf].flatMap((each) => membersOf(each, find));
  const known = new Set(own.map(([name]) => name));
  return [...own, ...others.filter(([name]) => !known.has(name) && known.add(name))];
}
