import { type Contract, schemaRef } from '../../../model/contract.ts';
import type { Schema, SchemaObject } from '../../../model/schema.ts';
import { isPlainObject, listOr, objectOr, stringOr } from '../../plain-object.ts';
import { soundKeyword } from '../../sound-keyword.ts';
import type { SourceFile } from '../../source-file.ts';
import type { SourceFiles } from '../../source-files.ts';
import { findType, type NamedType, PRIMITIVES } from './type-names.ts';

/** The named schemas of an APS contract while it is being loaded. */
export interface ApsSchemas {
  readonly $defs: Record<string, Schema>;
  /** A reference to a named type, which is pulled into `$defs`. */
  reference(type: NamedType): Schema;
  /** What an APS schema in a file says, as JSON Schema. */
  schema(aps: unknown, from: SourceFile): Schema;
}

/** Writes APS structures and types as JSON Schemas under readable unique names. */
export function createApsSchemas(contract: Pick<Contract, 'system' | 'name'>, files: SourceFiles): ApsSchemas {
  const $defs: Record<string, Schema> = {};
  const names = new Map<string, string>();

  const reference = (type: NamedType): Schema => {
    const key = `${type.source.path}#${type.structure ?? ''}`;
    let name = names.get(key);
    if (name === undefined) {
      name = type.name;
      for (let count = 2; Object.hasOwn($defs, name); count++) name = `${type.name}${count}`;
      // The name is taken before its schema is read, which ends circles.
      names.set(key, name);
      $defs[name] = {};
      const { structures } = objectOr(type.source.value);
      $defs[name] =
        type.structure === undefined
          ? resourceSchema(type.source, schema)
          : schema(objectOr(structures)[type.structure], type.source);
    }
    return { $ref: schemaRef(contract, name) };
  };

  const schema = (aps: unknown, from: SourceFile): Schema => {
    const members = objectOr(aps);
    const type = stringOr(members.type);
    const converted: Record<string, unknown> = {};
    for (const keyword of COPIED_KEYWORDS) {
      // What has to be dropped is reported with the types that are not defined.
      const value = members[keyword] === undefined ? undefined : soundKeyword(keyword, members[keyword], members).value;
      if (value !== undefined) converted[keyword] = value;
    }
    if (members.readonly === true) converted.readOnly = true;
    if (members.final === true) converted['x-aps-final'] = true;
    if (type !== undefined && !PRIMITIVES.includes(type)) {
      const target = findType(type, from, files);
      return target === undefined ? converted : { ...converted, ...objectOr(reference(target)) };
    }
    if (type !== undefined && type !== 'any' && type !== 'void') converted.type = type;
    if (members.items !== undefined) converted.items = schema(members.items, from);
    if (isPlainObject(members.additionalProperties)) {
      converted.additionalProperties = schema(members.additionalProperties, from);
    } else if (typeof members.additionalProperties === 'boolean') {
      converted.additionalProperties = members.additionalProperties;
    }
    if (members.properties !== undefined) Object.assign(converted, propertiesOf(members.properties, from, schema));
    return converted;
  };
  return { $defs, reference, schema };
}

/** Keywords that APS and JSON Schema spell alike. */
export const COPIED_KEYWORDS =
  'title description format pattern enum default minimum maximum minLength maxLength minItems maxItems uniqueItems'.split(
    ' ',
  );

type ToSchema = (aps: unknown, from: SourceFile) => Schema;

/** APS says `required: true` in the property itself. */
function propertiesOf(properties: unknown, from: SourceFile, toSchema: ToSchema): SchemaObject {
  const entries = Object.entries(objectOr(properties));
  const required = entries.filter(([, property]) => objectOr(property).required === true).map(([name]) => name);
  return {
    properties: Object.fromEntries(entries.map(([name, property]) => [name, toSchema(property, from)])),
    ...(required.length > 0 ? { required } : {}),
  };
}

/** A resource on the wire: its properties and relations, beside the `aps` member that the platform keeps. */
function resourceSchema(source: SourceFile, toSchema: ToSchema): Schema {
  const { description, properties, relations } = objectOr(source.value);
  const own = propertiesOf(properties, source, toSchema);
  const linked = Object.entries(objectOr(relations));
  const required = linked.filter(([, relation]) => objectOr(relation).required === true).map(([name]) => name);
  return {
    type: 'object',
    ...(typeof description === 'string' ? { description } : {}),
    properties: {
      aps: apsMember({ status: { type: 'string' }, revision: { type: 'integer' }, modified: MOMENT }),
      ...own.properties,
      ...Object.fromEntries(linked.map(([name, relation]) => [name, relationSchema(objectOr(relation))])),
    },
    ...(required.length + listOr(own.required).length > 0 ? { required: [...(own.required ?? []), ...required] } : {}),
  };
}

const MOMENT = { type: 'string', format: 'date-time' };

function relationSchema(relation: Readonly<Record<string, unknown>>): Schema {
  const link = {
    type: 'object',
    properties: { aps: apsMember({ link: { type: 'string' }, href: { type: 'string', format: 'uri-reference' } }) },
    required: ['aps'],
    'x-aps-types': listOr(relation.types ?? [relation.type]),
  };
  return relation.collection === true ? { type: 'array', items: link } : link;
}

function apsMember(more: Readonly<Record<string, Schema>>): Schema {
  return { type: 'object', properties: { id: { type: 'string', format: 'uuid' }, type: { type: 'string' }, ...more } };
}
