import { keysOf, pointerTo } from '../../lib/json-pointer.ts';
import { didYouMean } from '../../lib/nearest-word.ts';
import { parseDuration } from '../../lib/time.ts';
import type { Contract } from '../../model/contract.ts';
import type { Resource } from '../../model/resource.ts';
import { createSchemaResolver } from '../../model/schema-resolver.ts';
import { createSchemaCheck } from '../json-schema-validation.ts';
import { objectOr, type PlainObject } from '../plain-object.ts';
import { walkDocument } from '../references.ts';
import { type Finding, type SourceFile, withMembers } from '../source-file.ts';
import { HINTS, readResourceHint } from './hints.ts';
import { HINTS_SCHEMA } from './hints-schema.ts';

type Place = 'document' | 'operation' | 'schema';

/**
 * What is wrong with the hints of a document: what they do not say as hints say it, and what they say of things that the
 * contract does not have. Such a hint is passed over.
 *
 * @example findings.push(...(await checkHints(source, contract)));
 */
export async function checkHints(source: SourceFile, contract: Contract | undefined): Promise<Finding[]> {
  const hints: { readonly pointer: string; readonly place: Place; readonly hint: unknown }[] = [];
  walkDocument(source.value, (members, pointer) => {
    if (Object.hasOwn(members, HINTS)) {
      hints.push({ pointer: pointerTo(pointer, HINTS), place: placeOf(pointer), hint: members[HINTS] });
    }
  });
  const findings: Finding[] = [];
  for (const { pointer, place, hint } of hints) {
    const check = createSchemaCheck({ ...HINTS_SCHEMA, anyOf: [{ $ref: `#/$defs/${place}` }] });
    const wrong = await check(withMembers(source, { value: hint }));
    findings.push(...wrong.map((finding) => ({ ...finding, source, pointer: pointer + finding.pointer })));
    if (contract !== undefined && wrong.length === 0)
      findings.push(...unknownIn(objectOr(hint), pointer, place, source, contract));
  }
  return findings;
}

function placeOf(pointer: string): Place {
  if (pointer === '') return 'document';
  const keys = keysOf(pointer);
  return keys[0] === 'paths' && (keys.length === 3 || (keys.length === 4 && keys[2] === 'additionalOperations'))
    ? 'operation'
    : 'schema';
}

/** Names of things that are not there. */
function unknownIn(
  hint: PlainObject,
  pointer: string,
  place: Place,
  source: SourceFile,
  contract: Contract,
): Finding[] {
  if (place === 'operation') return [];
  const { resources } = contract;
  if (place === 'schema') {
    const name = keysOf(pointer).at(-2);
    const resource = resources.find((each) => each.name === name);
    return resource === undefined ? [] : unknownOf(resource, hint, pointer, source, contract);
  }
  const names = resources.map(({ name }) => name);
  return Object.entries(objectOr(hint.resources)).flatMap(([name, value]) => {
    const at = pointerTo(pointer, 'resources', name);
    const resource = resources.find((each) => each.name === name);
    if (resource !== undefined) return unknownOf(resource, objectOr(value), at, source, contract);
    const known = names.length === 0 ? 'There is none.' : `There are ${names.join(', ')}.`;
    const message = `\`${name}\` is not a resource of this contract.`;
    return [{ source, pointer: at, onKey: true, message, hint: didYouMean(name, names, known) }];
  });
}

/** Properties, states and times that the hint for a resource gets wrong. */
function unknownOf(
  { name, schema }: Resource,
  hint: PlainObject,
  pointer: string,
  source: SourceFile,
  contract: Contract,
): Finding[] {
  const schemas = createSchemaResolver([contract]);
  const members = schemas.members(schema);
  const { id, lifecycle } = readResourceHint(hint);
  const findings: Finding[] = [];
  const report = (at: string, message: string, advice: string) => {
    findings.push({ source, pointer: pointer + at, message, hint: advice });
  };
  if (id !== undefined && members.size > 0 && !members.has(id) && !members.has(id.split('.')[0] ?? '')) {
    const advice = didYouMean(id, members.keys(), `There are ${[...members.keys()].join(', ')}.`);
    report('/id', `${name} has no property \`${id}\`.`, advice);
  }
  if (lifecycle === undefined) return findings;
  const states = schemas.resolve(members.get(lifecycle.property))?.enum?.map(String);
  const checkState = (state: string, at: string): void => {
    if (states === undefined || states.includes(state)) return;
    const advice = didYouMean(state, states, `There are ${states.join(', ')}.`);
    report(`/lifecycle/${at}`, `${name} has no state \`${state}\`, so that its life cycle is ignored.`, advice);
  };
  checkState(lifecycle.initial, 'initial');
  for (const [index, { from, to, after }] of lifecycle.moves.entries()) {
    checkState(from, `moves/${index}/from`);
    checkState(to, `moves/${index}/to`);
    if (after === undefined || parseDuration(after) !== undefined) continue;
    report(`/lifecycle/moves/${index}/after`, `\`${after}\` is not a duration.`, 'Use one such as PT5M or P1D.');
  }
  return findings;
}
