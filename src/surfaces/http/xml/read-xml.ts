import type { Schema } from '../../../model/schema.ts';
import type { SchemaResolver } from '../../../model/schema-resolver.ts';
import type { Typing, Written } from '../typed-text.ts';
import { itemsOf, type XmlHints, xmlHintsOf } from './xml-hints.ts';
import { loadXml, type XmlNode } from './xml-library.ts';

/**
 * Reads the value of an XML document by the hints of its schema, or says why it cannot be read.
 *
 * @example readXml('<pet id="1"/>', schema, typing, schemas) // { value: { id: 1 } }
 */
export function readXml(
  text: string,
  schema: Schema | undefined,
  typing: Typing,
  schemas: SchemaResolver,
): { readonly value: unknown } | { readonly problem: string } {
  const nodes = loadXml().parse(text);
  if ('problem' in nodes) return nodes;
  const root = nodes.map(toElement).find((element) => element !== undefined);
  if (root === undefined) return { problem: 'is not valid XML: it has no element' };
  return { value: typing.read(writtenOf(root, schema, typing, schemas)) };
}

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
  readonly text: string;
}

function toElement(node: XmlNode): Element | undefined {
  const name = Object.keys(node).find((key) => key !== ':@');
  if (name === undefined || name === '#text') return undefined;
  const content = node[name] as readonly XmlNode[];
  return {
    name,
    attributes: (node[':@'] ?? {}) as Readonly<Record<string, string>>,
    children: content.flatMap((child) => toElement(child) ?? []),
    text: content.map((child) => child['#text'] ?? '').join(''),
  };
}

function writtenOf(element: Element, schema: Schema | undefined, typing: Typing, schemas: SchemaResolver): Written {
  if (typing.isArray && !typing.isObject) {
    return element.children.map((child) => writtenOf(child, itemsOf(schema, schemas), typing.item, schemas));
  }
  const isPlain = element.children.length === 0 && Object.keys(element.attributes).length === 0;
  if (!typing.isObject && (isPlain || typing.members.length === 0) && element.children.length === 0)
    return element.text;
  return objectOf(element, schema, typing, schemas);
}

function objectOf(element: Element, schema: Schema | undefined, typing: Typing, schemas: SchemaResolver): Written {
  const object: Record<string, Written> = {};
  const taken = new Set<string>();
  for (const [name, property] of schemas.properties(schema)) {
    const hints = xmlHintsOf(property, schemas);
    const tag = hints.name ?? name;
    const member = typing.member(name);
    if (hints.isText) object[name] = element.text;
    else if (hints.isAttribute) {
      const value = element.attributes[tag];
      if (value !== undefined) object[name] = value;
    } else {
      const { tags, value } = memberOf(element, name, { hints, tag, property, member }, schemas);
      for (const each of tags) taken.add(each);
      if (value !== undefined) object[name] = value;
    }
  }
  for (const child of element.children) {
    if (taken.has(child.name) || child.name === '__proto__') continue;
    object[child.name] = writtenOf(child, undefined, typing.member(child.name), schemas);
  }
  return object;
}

interface Member {
  readonly hints: XmlHints;
  readonly tag: string;
  readonly property: Schema;
  readonly member: Typing;
}

function memberOf(
  { children }: Element,
  name: string,
  { hints, tag, property, member }: Member,
  schemas: SchemaResolver,
): { readonly tags: readonly string[]; readonly value: Written | undefined } {
  const named = (wanted: string): readonly Element[] => children.filter((child) => child.name === wanted);
  if (!member.isArray) {
    const [child] = named(tag);
    return { tags: [tag], value: child === undefined ? undefined : writtenOf(child, property, member, schemas) };
  }
  const items = itemsOf(property, schemas);
  const read = (child: Element): Written => writtenOf(child, items, member.item, schemas);
  if (hints.isWrapped) {
    const [wrapper] = named(tag);
    return { tags: [tag], value: wrapper?.children.map(read) };
  }
  // The name of an array counts only where it is wrapped; its items have one of their own, or the property's.
  const itemTag = xmlHintsOf(items, schemas).name ?? name;
  const found = named(itemTag);
  return { tags: [itemTag], value: found.length === 0 ? undefined : found.map(read) };
}
