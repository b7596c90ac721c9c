import { ifInstalled } from '../../../lib/if-installed.ts';
import { keysOf, pointerTo } from '../../../lib/json-pointer.ts';
import { didYouMean } from '../../../lib/nearest-word.ts';
import { foreignSchemasOf } from '../../foreign-schemas.ts';
import type { Place } from '../../place.ts';
import { isPlainObject } from '../../plain-object.ts';
import type { Finding, SourceFile } from '../../source-file.ts';
import { childOf, type SourceFiles } from '../../source-files.ts';

/** What the AsyncAPI parser says is wrong, as a second opinion. The one file that imports that library. */
export async function parserFindings(source: SourceFile, files: SourceFiles): Promise<Finding[]> {
  const library = await ifInstalled(() => import('@asyncapi/parser'));
  if (library === undefined) return [];
  const { Parser } = library;
  const self = withoutForeignRefs({ source, pointer: '', value: source.value }, files, []);
  const diagnostics = await new Parser().validate(JSON.stringify(self));
  const findings = diagnostics
    .filter(({ severity, code }) => severity === 0 && code !== 'invalid-ref')
    .map(({ message, path }): Finding => {
      const place = placeOf(path, source, files);
      return {
        ...place,
        onKey: / is not expected to be here$/.test(message),
        message: `${message.replace(/\.$/, '')}.`,
        hint: didYouMean(String(path.at(-1)), COMMON_MEMBERS, 'Compare it with the AsyncAPI specification.'),
        isSecondOpinion: true,
        severity: 'warning',
      };
    });
  const isForeign = foreignSchemasOf(source, files);
  return withoutConsequences(findings).filter(({ source: file, pointer }) => !isForeign(file, pointer));
}

/** Items of one list that the parser is shown: it compares each with all others. */
const MOST_ITEMS = 1_000;

/**
 * The document with references to other files replaced by what they lead to, since the parser leaves some of them
 * dangling. Schemas of other files are checked with these, so that anything may stand for them here.
 */
function withoutForeignRefs(place: Place, files: SourceFiles, trail: readonly string[]): unknown {
  const { value } = place;
  if (Array.isArray(value))
    return value.slice(0, MOST_ITEMS).map((_, index) => withoutForeignRefs(childOf(place, index), files, trail));
  if (!isPlainObject(value)) return value;
  if (typeof value.$ref === 'string' && (trail.length > 0 || !value.$ref.startsWith('#'))) {
    const target = files.resolve(value.$ref, place);
    const key = target === undefined ? '' : `${target.source.path}#${target.pointer}`;
    const isSchema = keysOf(place.pointer).some((step) => ['payload', 'headers', 'schema', 'schemas'].includes(step));
    if (target === undefined || isSchema || trail.includes(key)) return {};
    return withoutForeignRefs(target, files, [...trail, key]);
  }
  return Object.fromEntries(
    Object.keys(value).map((key) => [key, withoutForeignRefs(childOf(place, key), files, trail)]),
  );
}

/** The parser reports paths through references as if their targets stood there: the path is followed to the true place. */
function placeOf(path: readonly (string | number)[], source: SourceFile, files: SourceFiles) {
  let place: Place = { source, pointer: '', value: source.value };
  for (const [index, key] of path.entries()) {
    place = key === '$ref' ? place : (files.follow(place) ?? place);
    const next = childOf(place, key);
    if (next.value === undefined) {
      return { source: place.source, pointer: pointerTo(place.pointer, ...path.slice(index)) };
    }
    place = next;
  }
  return { source: place.source, pointer: place.pointer };
}

/** Members that AsyncAPI has, and that the parser calls unexpected once one of their neighbours is misspelt. */
const COMMON_MEMBERS = new Set(
  'name title summary description payload headers contentType schemaFormat messageId correlationId tags bindings traits examples externalDocs oneOf message messages operationId security'.split(
    ' ',
  ),
);

/** One mistake makes the parser complain about all that surrounds it; only what caused it is kept. */
function withoutConsequences(findings: readonly Finding[]): Finding[] {
  const parentOf = ({ pointer }: Finding) => pointer.slice(0, pointer.lastIndexOf('/'));
  const isStrange = (finding: Finding) =>
    finding.onKey === true && !COMMON_MEMBERS.has(keysOf(finding.pointer).at(-1) ?? '');
  // A message that is wrong somewhere is, to the parser, no message but a failed list of alternatives.
  const isVague = ({ message }: Finding) => /required property "oneOf"|match "then" schema/.test(message);
  const clear = findings.filter((finding) => !isVague(finding));
  if (clear.length === 0) return findings.slice(0, 1);
  return clear.filter(
    (finding) =>
      !clear.some(
        (other) =>
          other.source === finding.source &&
          (other.pointer.startsWith(`${finding.pointer}/`) ||
            (isStrange(other) && !isStrange(finding) && finding.onKey && parentOf(other) === parentOf(finding))),
      ),
  );
}
