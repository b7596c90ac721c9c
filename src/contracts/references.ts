import { pointerTo } from '../lib/json-pointer.ts';
import { isPlainObject } from './plain-object.ts';

/** A reference in a document: what it says, and where. */
export interface Reference {
  readonly ref: string;
  /** JSON Pointer of the text. */
  readonly pointer: string;
  /** It says what else belongs to the document, not what stands here, so that it may lead nowhere. */
  readonly isMere: boolean;
}

/**
 * Every reference of a document, whatever its format. What stands in examples, enumerations, defaults and extensions is
 * data, in which a `$ref` refers to nothing; what is merely called `example` or `enum`, as a property may be, is none.
 *
 * @example referencesIn({ items: { $ref: 'pet.yaml' }, example: { $ref: 'x' } }) // [{ ref: 'pet.yaml', pointer: '/items/$ref', … }]
 */
export function referencesIn(document: unknown): Reference[] {
  const found: Reference[] = [];
  walkDocument(document, (members, pointer) => {
    if (typeof members.$ref === 'string') {
      found.push({ ref: members.$ref, pointer: pointerTo(pointer, '$ref'), isMere: false });
    }
    for (const [names, isMere] of [
      [schemasOf(members['x-select']), false],
      [mappingOf(members.discriminator), true],
    ] as const) {
      for (const [at, ref] of names) found.push({ ref, pointer: pointer + at, isMere });
    }
  });
  return found;
}

/** Calls back with each object of a document in which keywords have their meaning, and with its pointer. */
export function walkDocument(
  document: unknown,
  visit: (members: Readonly<Record<string, unknown>>, pointer: string) => void,
): void {
  const walk = (value: unknown, pointer: string, isNames: boolean): void => {
    if (typeof value !== 'object' || value === null) return;
    if (!Array.isArray(value)) visit(value as Readonly<Record<string, unknown>>, pointer);
    for (const [key, member] of Object.entries(value)) {
      if (typeof member !== 'object' || member === null) continue;
      const here = pointerTo(pointer, key);
      if (Array.isArray(value) || isNames) walk(member, here, false);
      else if (key === 'examples') walkExamples(member, here);
      else if (!isData(key)) walk(member, here, isNameMap(key, member));
    }
  };
  /** Of named examples the name leads to an object that may be a reference; in all other forms they are data. */
  const walkExamples = (examples: unknown, pointer: string): void => {
    if (!isPlainObject(examples)) return;
    if (typeof examples.$ref === 'string') visit(examples, pointer);
    for (const [name, example] of Object.entries(examples)) {
      // Swagger 2.0 has the example itself behind a media type.
      if (isPlainObject(example) && !name.includes('/')) visit({ $ref: example.$ref }, pointerTo(pointer, name));
    }
  };
  walk(document, '', false);
}

/** Members whose value is an object from names of the author's choice to what they name. */
const NAME_MAPS = new Set(
  'properties patternProperties definitions $defs dependentSchemas dependencies schemas responses parameters requestBodies securitySchemes securityDefinitions headers links callbacks pathItems paths webhooks content mediaTypes encoding variables servers serverVariables channels messages operations operationTraits messageTraits correlationIds replies replyAddresses channelBindings serverBindings operationBindings messageBindings additionalOperations structures relations'.split(
    ' ',
  ),
);

function isNameMap(key: string, member: object): boolean {
  // The headers of a message are one schema, and not named ones.
  if (key === 'headers' && isPlainObject(member) && ('properties' in member || typeof member.type === 'string')) {
    return false;
  }
  return NAME_MAPS.has(key);
}

const DATA = new Set(['example', 'enum', 'const', 'default']);

function isData(key: string): boolean {
  return DATA.has(key) || (key.startsWith('x-') && key !== 'x-select' && key !== 'x-simulator');
}

/** `x-select` names schemas by file, as a `$ref` does. */
function schemasOf(select: unknown): [string, string][] {
  const schemas = isPlainObject(select) && isPlainObject(select.schemas) ? select.schemas : {};
  return textsOf(schemas, '/x-select/schemas');
}

/** A mapping holds references or mere names of schemas. */
function mappingOf(discriminator: unknown): [string, string][] {
  const mapping = isPlainObject(discriminator) && isPlainObject(discriminator.mapping) ? discriminator.mapping : {};
  return textsOf(mapping, '/discriminator/mapping');
}

function textsOf(names: Readonly<Record<string, unknown>>, pointer: string): [string, string][] {
  return Object.entries(names).flatMap(([name, text]) =>
    typeof text === 'string' ? [[pointerTo(pointer, name), text] as [string, string]] : [],
  );
}
