import { valueAt } from '../lib/json-pointer.ts';
import { suggestion } from '../lib/nearest-word.ts';
import { exampleFindings, type ShownExample } from './example-findings.ts';
import { foreignSchemasOf } from './foreign-schemas.ts';
import type { Place } from './place.ts';
import type { Finding, SourceFile } from './source-file.ts';
import { childOf, childrenOf, type SourceFiles } from './source-files.ts';

/** Rules of the library that find mistakes; matters of taste stay off, and so does what the loaders report. */
const HINTS: Readonly<Record<string, string>> = {
  struct: 'Compare it with the specification of the format.',
  'path-declaration-must-exist': 'Give the path a name between its braces.',
  'operation-parameters-unique': 'Remove one of the two.',
  'no-enum-type-mismatch': 'Correct the value or the type.',
  'no-schema-type-mismatch': 'Correct the type or remove the keyword that it cannot have.',
  'no-mixed-number-range-constraints': 'Keep one of the two bounds.',
  'spec-components-invalid-map-name': 'Use letters, digits, `.`, `-` and `_` only.',
};

/** Checks an OpenAPI, Swagger or AsyncAPI document with Redocly. The one file that imports that library. */
export async function redoclyLint(source: SourceFile, files: SourceFiles): Promise<Finding[]> {
  const { BaseResolver, createConfig, lint, Source } = await import('@redocly/openapi-core');
  const rules = Object.fromEntries([...Object.keys(HINTS), EXAMPLES].map((rule) => [rule, 'error' as const]));
  const shown = new Map<string, ShownExample>();
  const config = await createConfig({ rules }, { plugins: [examplesPlugin(files, shown)] });
  const resolver = new BaseResolver(config.resolve);
  // The library would read and parse files again, and fetch references to other hosts.
  resolver.loadExternalRef = async (path) => {
    const text = files.all.get(path)?.text;
    if (text === undefined) throw new Error(`${path} was not read`);
    return new Source(path, text);
  };
  resolver.parseDocument = (read) => {
    const { value, syntaxProblems = [] } = files.all.get(read.absoluteRef) ?? {};
    if (syntaxProblems.length > 0) throw new Error(`${read.absoluteRef} cannot be read`);
    return { source: read, parsed: value };
  };
  const problems = await lint({ ref: source.path, config, externalRefResolver: resolver });
  const isForeign = foreignSchemasOf(source, files);
  const findings = problems.flatMap(({ ruleId, message, suggest, location: [location] }): Finding[] => {
    const file = location === undefined ? source : files.all.get(location.source.absoluteRef);
    if (location === undefined || file === undefined) return [];
    const pointer = pointerOf(location);
    if (isAddressNull(file.value, pointer) || isForeign(file, pointer)) return [];
    // A rule may name a member that is missing; only a member that is there has a key to point at.
    const isThere = valueAt(file.value, pointer) !== undefined;
    const [meant] = suggest;
    return [
      {
        source: file,
        pointer,
        onKey: location.reportOnKey === true || !isThere,
        missing: /^The field `(.*)` must be present/.exec(message)?.[1],
        message: message.replaceAll(/\s*\n\s*/g, ' ').replace(/[.\s]*$/, '.'),
        hint: typeof meant === 'string' ? suggestion(meant) : (HINTS[ruleId] ?? 'Correct the document.'),
        // A member by a wrong name is not there; all else that the rules find is served as it stands.
        severity: ruleId === 'struct' && typeof meant === 'string' ? 'error' : 'warning',
      },
    ];
  });
  return [...findings, ...exampleFindings([...shown.values()], source, files)];
}

const EXAMPLES = 'examples';

/** What the library's visitors are told of a value. */
interface Visit {
  readonly location: { readonly source: { readonly absoluteRef: string }; readonly pointer: string };
}

/** Takes down each example that the library comes to: its own rules for them bring a validator of their own. */
function examplesPlugin(files: SourceFiles, shown: Map<string, ShownExample>) {
  const note = (example: Place, schema: Place, isRequest = false): void => {
    if (example.value === undefined || schema.value === undefined) return;
    shown.set(`${example.source.path}#${example.pointer} ${isRequest}`, { example, schema, isRequest });
  };
  const inSchema = (schema: Place): void => {
    note(childOf(schema, 'example'), schema);
    const listed = childOf(schema, 'examples');
    if (Array.isArray(listed.value)) for (const [, example] of childrenOf(listed)) note(example, schema);
  };
  const inMediaType = (mediaType: Place, isRequest: boolean): void => {
    const schema = childOf(mediaType, 'schema');
    note(childOf(mediaType, 'example'), schema, isRequest);
    for (const [, named] of childrenOf(childOf(mediaType, 'examples'))) {
      const target = files.follow(named) ?? named;
      for (const member of ['dataValue', 'value']) note(childOf(target, member), schema, isRequest);
    }
  };
  const leave = (look: (place: Place) => void) => ({
    leave: (value: unknown, { location }: Visit) => {
      const source = files.all.get(location.source.absoluteRef);
      if (source !== undefined) look({ source, pointer: pointerOf(location), value });
    },
  });
  const schemas = { Schema: leave(inSchema) };
  const sent = { MediaType: leave((place) => inMediaType(place, true)) };
  const received = { MediaType: leave((place) => inMediaType(place, false)) };
  const bodies = { Parameter: sent, RequestBody: sent, Response: received };
  const rules = { oas2: { [EXAMPLES]: () => schemas }, oas3: { [EXAMPLES]: () => ({ ...schemas, ...bodies }) } };
  return { id: EXAMPLES, rules };
}

function pointerOf({ pointer = '' }: { readonly pointer?: string }): string {
  return decode(pointer).replace(/^#\/?/, '/').replace(/^\/$/, '');
}

/** AsyncAPI 3 has `address: null` for one that is not known yet, which the library takes for a mistake. */
function isAddressNull(document: unknown, pointer: string): boolean {
  return /\/channels\/[^/]+\/address$/.test(pointer) && valueAt(document, pointer) === null;
}

function decode(pointer: string): string {
  try {
    return decodeURI(pointer);
  } catch {
    return pointer;
  }
}
