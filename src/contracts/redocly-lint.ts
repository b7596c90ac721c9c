import { isOnOnePath, valueAt } from '../lib/json-pointer.ts';
import { suggestion } from './nearest-word.ts';
import type { Finding, SourceFile } from './source-file.ts';
import type { SourceFiles } from './source-files.ts';

/** Rules of the library that tell of mistakes; matters of taste stay off, and references are checked by us. */
const HINTS: Readonly<Record<string, string>> = {
  struct: 'Compare it with the specification of the format.',
  'path-params-defined': 'Declare it among the parameters with `in: path`, or take it out of the path.',
  'path-declaration-must-exist': 'Give the path a name between its braces.',
  'path-not-include-query': 'Declare it as a parameter with `in: query`.',
  'operation-parameters-unique': 'Remove one of the two.',
  'no-enum-type-mismatch': 'Correct the value or the type.',
  'no-schema-type-mismatch': 'Correct the type or remove the keyword that it cannot have.',
  'no-invalid-schema-examples': 'Correct the example or the schema.',
  'no-invalid-media-type-examples': 'Correct the example or the schema.',
  'no-mixed-number-range-constraints': 'Keep one of the two bounds.',
  'no-undefined-server-variable': 'Declare the variable under `variables`.',
  'security-defined': 'Define the scheme among the security schemes, or correct the name.',
  'spec-components-invalid-map-name': 'Use letters, digits, `.`, `-` and `_` only.',
};

/** Checks an OpenAPI, Swagger or AsyncAPI document with Redocly. The one file that imports that library. */
export async function redoclyLint(source: SourceFile, files: SourceFiles): Promise<Finding[]> {
  const { BaseResolver, createConfig, lint, Source } = await import('@redocly/openapi-core');
  const rules = Object.fromEntries(Object.keys(HINTS).map((rule) => [rule, 'error' as const]));
  const config = await createConfig({ rules });
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
  const findings = problems
    .filter(({ ruleId, message }) => !(ruleId === 'security-defined' && message.startsWith('Every operation')))
    .flatMap(({ ruleId, message, suggest, location: [location] }) => {
      const file = location === undefined ? source : files.all.get(location.source.absoluteRef);
      if (location === undefined || file === undefined) return [];
      const pointer = decodeURI(location.pointer ?? '')
        .replace(/^#\/?/, '/')
        .replace(/^\/$/, '');
      // A rule may name a member that is missing; only a member that is there has a key to point at.
      const isThere = valueAt(file.value, pointer) !== undefined;
      return [
        {
          source: file,
          pointer,
          onKey: location.reportOnKey === true || !isThere,
          missing: /^The field `(.*)` must be present/.exec(message)?.[1],
          message: message.replaceAll(/\s*\n\s*/g, ' ').replace(/[.\s]*$/, '.'),
          hint: typeof suggest[0] === 'string' ? suggestion(suggest[0]) : (HINTS[ruleId] ?? 'Correct the document.'),
        },
      ];
    });
  return withMisnamedParameters(findings);
}

/** A path parameter by a wrong name is both unknown and missing, which is one mistake. */
function withMisnamedParameters(findings: readonly Finding[]): Finding[] {
  const explained = new Set<Finding>();
  const renamed = findings.map((finding) => {
    if (!/^Path parameter `.*` is not used/.test(finding.message)) return finding;
    // Declared for the whole path, it is missing in each operation on it.
    const scope = finding.pointer.replace(/\/parameters\/.*$/, '');
    const missing = findings.filter(
      (other) =>
        other.message.includes('does not define the path parameter') &&
        !explained.has(other) &&
        isOnOnePath(scope, other.pointer),
    );
    const name = /parameter `\{(.*?)\}`/.exec(missing[0]?.message ?? '')?.[1];
    if (name === undefined) return { ...finding, hint: 'Remove it, or add it to the path.' };
    for (const other of missing) if (other.message.includes(`{${name}}\` expected`)) explained.add(other);
    return { ...finding, hint: suggestion(name) };
  });
  return renamed.filter((finding) => !explained.has(finding));
}
