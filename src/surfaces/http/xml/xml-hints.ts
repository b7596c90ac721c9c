import type { Schema, SchemaObject } from '../../../model/schema.ts';
import type { SchemaResolver } from '../../../model/schema-resolver.ts';

/** How a value is written in XML, as the `xml` of its schema says. */
export interface XmlHints {
  /** The local name of its element or attribute. */
  readonly name?: string;
  readonly namespace?: string;
  readonly prefix?: string;
  readonly isAttribute: boolean;
  /** Whether it is the text of the element that it is a property of. */
  readonly isText: boolean;
  /** Whether the items of an array stand in an element of their own. */
  readonly isWrapped: boolean;
}

/**
 * Reads the `xml` of a schema, which may stand beside a reference or behind it.
 *
 * @example xmlHintsOf({ type: 'integer', xml: { attribute: true } }, schemas).isAttribute // true
 */
export function xmlHintsOf(schema: Schema | undefined, schemas: SchemaResolver): XmlHints {
  const { name, namespace, prefix, attribute, wrapped, nodeType } = {
    ...xmlOf(schemas.resolve(schema)),
    ...xmlOf(schema),
  };
  return {
    ...(typeof name === 'string' && { name }),
    ...(typeof namespace === 'string' && { namespace }),
    ...(typeof prefix === 'string' && prefix !== '' && { prefix }),
    isAttribute: attribute === true || nodeType === 'attribute',
    isText: nodeType === 'text' || nodeType === 'cdata',
    isWrapped: wrapped === true || nodeType === 'element',
  };
}

/** The name of the element that a whole value is. */
export function rootNameOf(schema: Schema | undefined, schemas: SchemaResolver): string {
  return xmlHintsOf(schema, schemas).name ?? schemas.nameOf(schema) ?? 'root';
}

/** The schema of the items of an array. */
export function itemsOf(schema: Schema | undefined, schemas: SchemaResolver): Schema | undefined {
  return schemas.resolve(schema)?.items;
}

function xmlOf(schema: Schema | SchemaObject | undefined): Readonly<Record<string, unknown>> {
  return typeof schema === 'object' && typeof schema.xml === 'object' && schema.xml !== null
    ? (schema.xml as Readonly<Record<string, unknown>>)
    : {};
}
