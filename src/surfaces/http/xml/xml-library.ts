import { createRequire } from 'node:module';

/** An element as the library has it: its name to what is in it, and `:@` to its attributes; `#text` is a text. */
export type XmlNode = Readonly<Record<string, readonly XmlNode[] | string | Readonly<Record<string, string>>>>;

/** Elements in elements, at most. */
const DEEPEST_XML = 200;

/**
 * Parses and writes XML. The library is loaded when the first such body comes, and at once, because an answer cannot wait.
 *
 * @example loadXml().parse('<pet id="1"><name>Rex</name></pet>')
 */
export function loadXml() {
  const { XMLParser, XMLBuilder, XMLValidator } = createRequire(import.meta.url)(
    'fast-xml-parser',
  ) as typeof import('fast-xml-parser');
  return {
    /** The nodes of a document, or why it is none. A document type could define what expands without end: none is read. */
    parse(text: string): readonly XmlNode[] | { readonly problem: string } {
      if (/<!DOCTYPE/i.test(text)) return { problem: 'has a document type, which is not read' };
      const valid = XMLValidator.validate(text);
      if (valid !== true) {
        const { msg, line, col } = valid.err;
        return { problem: `is not valid XML: ${msg.replace(/\.$/, '')} at line ${line}, column ${col}` };
      }
      const parser = new XMLParser({
        preserveOrder: true,
        ignoreAttributes: false,
        attributeNamePrefix: '',
        removeNSPrefix: true,
        parseTagValue: false,
        parseAttributeValue: false,
        trimValues: false,
        ignoreDeclaration: true,
        ignorePiTags: true,
        maxNestedTags: DEEPEST_XML,
      });
      try {
        return parser.parse(text) as readonly XmlNode[];
      } catch (error) {
        return { problem: `is not valid XML: ${error instanceof Error ? error.message : String(error)}` };
      }
    },
    write(nodes: readonly XmlNode[]): string {
      const builder = new XMLBuilder({
        preserveOrder: true,
        ignoreAttributes: false,
        attributeNamePrefix: '',
        suppressEmptyNode: true,
        suppressBooleanAttributes: false,
      });
      return `<?xml version="1.0" encoding="UTF-8"?>${builder.build(nodes as XmlNode[]) as string}`;
    },
  };
}
