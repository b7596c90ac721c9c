import type { Schema } from '../../../model/schema.ts';
import type { SchemaResolver } from '../../../model/schema-resolver.ts';
import { itemsOf, rootNameOf, xmlHintsOf } from './xml-hints.ts';
import { loadXml, type XmlNode } from './xml-library.ts';

/**
 * Writes a value as an XML document by the hints of its schema.
 *
 * @example writeXml({ id: 1 }, schema, schemas) // '<?xml version="1.0" encoding="UTF-8"?><Pet id="1"/>'
 */
export function writeXml(value: unknown, schema: Schema | undefined, schemas: SchemaResolver): string {
  return loadXml().write([toNode(rootNameOf(schema, schemas), value, schema, schemas)]);
}

function toNode(name: string, value: unknown, schema: Schema | undefined, schemas: SchemaResolver): XmlNode {
  const { prefix, namespace } = xmlHintsOf(schema, schemas);
  const attributes: Record<string, string> = {};
  if (namespace !== undefined) attributes[prefix === undefined ? 'xmlns' : `xmlns:${prefix}`] = namespace;
  const children = contentOf(name, value, schema, schemas, attributes);
  const tag = prefix === undefined ? toName(name) : `${prefix}:${toName(name)}`;
  return { [tag]: children, ...(Object.keys(attributes).length > 0 && { ':@': attributes }) };
}

function contentOf(
  name: string,
  value: unknown,
  schema: Schema | undefined,
  schemas: SchemaResolver,
  attributes: Record<string, string>,
): readonly XmlNode[] {
  if (Array.isArray(value)) {
    const items = itemsOf(schema, schemas);
    const tag = xmlHintsOf(items, schemas).name ?? schemas.nameOf(items) ?? name;
    return value.map((item) => toNode(tag, item, items, schemas));
  }
  if (typeof value !== 'object' || value === null) return value === null || value === '' ? [] : [textNode(value)];
  const properties = schemas.properties(schema);
  return Object.entries(value).flatMap(([key, member]): readonly XmlNode[] => {
    if (member === undefined || member === null) return [];
    const property = properties.get(key);
    const hints = xmlHintsOf(property, schemas);
    if (hints.isText) return [textNode(member)];
    if (hints.isAttribute) {
      const attribute = toName(hints.name ?? key);
      attributes[hints.prefix === undefined ? attribute : `${hints.prefix}:${attribute}`] = toText(member);
      return [];
    }
    if (!Array.isArray(member)) return [toNode(hints.name ?? key, member, property, schemas)];
    const items = itemsOf(property, schemas);
    const tag = xmlHintsOf(items, schemas).name;
    if (!hints.isWrapped) return member.map((item) => toNode(tag ?? key, item, items, schemas));
    const wrapper = toNode(hints.name ?? key, '', property, schemas);
    const [wrapperTag = ''] = Object.keys(wrapper);
    return [{ ...wrapper, [wrapperTag]: member.map((item) => toNode(tag ?? key, item, items, schemas)) }];
  });
}

function textNode(value: unknown): XmlNode {
  return { '#text': toText(value) };
}

/** What no XML document can hold is shown as what cannot be shown. */
function toText(value: unknown): string {
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: XML forbids exactly these characters.
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, '\ufffd');
}

/** JSON allows more in names. */
function toName(name: string): string {
  const allowed = name.replace(/[^\p{L}\p{N}_.-]/gu, '_');
  return /^[\p{L}_]/u.test(allowed) ? allowed : `_${allowed}`;
}
