import { pointerTo } from '../../../lib/json-pointer.ts';
import { isPlainObject, type PlainObject } from '../../plain-object.ts';
import { keywordKind } from '../../schema-keywords.ts';
import { type Finding, type SourceFile, withMembers } from '../../source-file.ts';

/** What is wrong with a place of a document, and what it is read as. */
type Repair = (keys: readonly string[], message: string, hint: string) => void;

/**
 * A JSON Schema as its owner publishes it, with what older drafts wrote differently put into the words of later ones:
 * `required` as true or false in a property (draft-03), and a list of bare maps of properties as `items`. What was
 * repaired is told as warnings; a document that needs none is answered as it is.
 *
 * @example const { source, repairs } = withRepairs(parsed);
 */
export function withRepairs(source: SourceFile): { readonly source: SourceFile; readonly repairs: readonly Finding[] } {
  const repairs: Finding[] = [];
  const report: Repair = (keys, message, hint) =>
    repairs.push({ source, pointer: pointerTo('', ...keys), message, hint, severity: 'warning' });
  const { value } = source;
  if (isPlainObject(value) && typeof value.$schema === 'string' && !KNOWN_DRAFT.test(value.$schema)) {
    report(
      ['$schema'],
      `\`${value.$schema}\` names no draft of JSON Schema: the document is read as draft-04.`,
      'Write http://json-schema.org/draft-04/schema#.',
    );
  }
  if (isPlainObject(value) && value.$schema === undefined) {
    report(
      [],
      'The document names no `$schema`: it is read as draft-07.',
      'Write "$schema": "http://json-schema.org/draft-07/schema#".',
    );
  }
  const repaired = repairSchema(value, [], report);
  return { source: repaired === value ? source : withMembers(source, { value: repaired }), repairs };
}

const KNOWN_DRAFT = /draft-0[34567]|2019-09|2020-12/;

/** The schema itself where nothing in it had to be repaired. */
function repairSchema(schema: unknown, keys: readonly string[], report: Repair): unknown {
  if (!isPlainObject(schema)) return schema;
  let repaired: Record<string, unknown> = schema;
  const set = (name: string, value: unknown) => {
    if (repaired === schema) repaired = { ...schema };
    repaired[name] = value;
  };
  for (const [keyword, value] of Object.entries(schema)) {
    const below = [...keys, keyword];
    const after = keyword === 'items' ? repairItems(value, below, report) : repairBelow(keyword, value, below, report);
    if (after !== value) set(keyword, after);
  }
  const { properties } = repaired;
  if (isPlainObject(properties)) {
    const lifted = liftRequired(properties, [...keys, 'properties'], report);
    if (lifted.properties !== properties) set('properties', lifted.properties);
    if (lifted.names.length > 0) {
      const known = Array.isArray(repaired.required) ? repaired.required : [];
      set('required', [...new Set([...known, ...lifted.names])]);
    }
  }
  return repaired;
}

function repairBelow(keyword: string, value: unknown, keys: readonly string[], report: Repair): unknown {
  switch (keywordKind(keyword)) {
    case 'schema':
      return repairSchema(value, keys, report);
    case 'schemas':
      return Array.isArray(value)
        ? sameOr(
            value,
            value.map((each, index) => repairSchema(each, [...keys, String(index)], report)),
          )
        : value;
    case 'schema-map': {
      if (!isPlainObject(value)) return value;
      const entries = Object.entries(value).map(([name, each]) => [name, repairSchema(each, [...keys, name], report)]);
      return entries.every(([name, each]) => value[String(name)] === each) ? value : Object.fromEntries(entries);
    }
    default:
      return value;
  }
}

/** A list with one map of properties was meant for every item; as it stands it would check nothing. */
function repairItems(items: unknown, keys: readonly string[], report: Repair): unknown {
  if (!Array.isArray(items)) return repairSchema(items, keys, report);
  const [first] = items;
  if (items.length !== 1 || !isBareProperties(first)) {
    return sameOr(
      items,
      items.map((each, index) => repairSchema(each, [...keys, String(index)], report)),
    );
  }
  report(
    [...keys, '0'],
    '`items` is a list with a bare map of properties: it is read as the properties of every item.',
    'Write { "type": "object", "properties": … } in its place.',
  );
  // The pointers of what is wrong in it stay those of the document.
  const { properties, names } = liftRequired(first, [...keys, '0'], report);
  return {
    type: 'object',
    properties: repairBelow('properties', properties, [...keys, '0'], report),
    ...(names.length > 0 && { required: names }),
  };
}

/** Whether every member is a schema, and none is a keyword. */
function isBareProperties(value: unknown): value is PlainObject {
  if (!isPlainObject(value)) return false;
  const entries = Object.entries(value);
  return entries.length > 0 && entries.every(([name, each]) => keywordKind(name) === undefined && isPlainObject(each));
}

/** The properties without their boolean `required`, and the names of those where it was true. */
function liftRequired(properties: PlainObject, keys: readonly string[], report: Repair) {
  const names: string[] = [];
  let lifted: Record<string, unknown> = properties;
  for (const [name, property] of Object.entries(properties)) {
    if (!isPlainObject(property) || typeof property.required !== 'boolean') continue;
    const { required, ...rest } = property;
    report(
      [...keys, name, 'required'],
      `\`required\` is ${required}, as draft-03 has it: it is read as ${required ? 'a name in the' : 'no name in the'} list of what is required around it.`,
      `Write ${required ? `"required": ["${name}"]` : 'nothing'} for later drafts.`,
    );
    if (required) names.push(name);
    if (lifted === properties) lifted = { ...properties };
    lifted[name] = rest;
  }
  return { properties: lifted, names };
}

function sameOr(before: readonly unknown[], after: readonly unknown[]): readonly unknown[] {
  return after.every((each, index) => each === before[index]) ? before : after;
}
