import type { Schema, Validation } from '../../model/schema.ts';
import type { SchemaResolver } from '../../model/schema-resolver.ts';
import type { IdFacts } from '../state/stored-resource.ts';
import type { ValueMaker } from './make-value.ts';

export type IdMaker = (facts: IdFacts) => string | number;

/** One way to make an id of a number. */
type IdForm = (number: number, facts: IdFacts) => string | number;

/** Draws for an id that fits its schema and is still free. */
const MOST_ATTEMPTS = 50;

/**
 * Makes what makes the ids of one kind of thing, so that each fits both its property, whose schema stands first, and the
 * parameter in its path: a number or a UUID where the schema wants it, else like `ORD-000001`, else whatever the pattern wants.
 *
 * @example createIdMaker('Order', [{ type: 'string', format: 'uuid' }], schemas, validation)(facts);
 */
export function createIdMaker(
  name: string,
  schemas: readonly Schema[],
  resolver: Pick<SchemaResolver, 'resolve'>,
  validation: Pick<Validation, 'check'>,
  make?: ValueMaker,
): IdMaker {
  const resolved = schemas.map((schema) => resolver.resolve(schema) ?? {});
  const types = resolved.flatMap((schema) =>
    [schema.type].flat().filter((each) => each !== undefined && each !== 'null'),
  );
  const areNumbers = types.map((type) => type === 'integer' || type === 'number');
  const [isNumber = false] = areNumbers;
  const isUuid = resolved.some(({ format }) => format === 'uuid');
  const choices = resolved.find((schema) => schema.enum !== undefined)?.enum;
  const prefix = name.replaceAll(/[^\p{L}]/gu, '').slice(0, 3);
  const lowest = Math.max(1, ...resolved.map(({ minimum }) => Number(minimum ?? 1)));
  const [upper, lower] = [prefix.toUpperCase(), prefix.toLowerCase()];
  const forms: readonly IdForm[] = isNumber
    ? [(number) => lowest + number - 1]
    : [
        (_, facts) => facts.uuid(),
        (number) => `${upper}-${digits(number, 6)}`,
        (number) => `${lower}-${digits(number, 6)}`,
        (number) => `${lower}${digits(number, 6)}`,
        (number) => digits(number, 6),
        (_, facts) => facts.hex(8),
        (_, facts) => facts.hex(24),
        (_, facts) => facts.hex(32),
        (number) => digits(number, 10),
        (number) => String(lowest + number - 1),
      ];
  // A text that is a number elsewhere is made as one, and not of digits by chance.
  const isDigits = !isNumber && areNumbers.includes(true);
  const ordered = isDigits ? forms.slice(-1) : isNumber || isUuid ? forms : forms.slice(1).concat(forms.slice(0, 1));
  // In a path, a number is a text, and a text that writes a number as JSON does may be one.
  const asInPath = (id: string | number) => (String(Number(id)) === String(id) ? [id, String(id), Number(id)] : [id]);
  const fits = (id: string | number) =>
    schemas.every((schema) =>
      (schema === schemas[0] ? [id] : asInPath(id)).some((each) => validation.check(schema)(each).length === 0),
    );
  const wanted = { allOf: schemas.map((schema) => withoutNull(schema, resolver)) };
  let form: IdForm | undefined;
  const patterned: IdForm = (number, facts) => {
    let id: unknown;
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
      id = make?.(wanted, facts.random(attempt));
      if (id !== undefined && !facts.isTaken(String(id))) break;
    }
    return id === undefined ? (ordered[0] as IdForm)(number, facts) : (id as string | number);
  };
  return (facts) => {
    const free = choices?.find((choice) => !facts.isTaken(String(choice)));
    if (free !== undefined) return free as string | number;
    // One that fits is of a form that fits.
    form ??= ordered.find((candidate) => fits(candidate(facts.number, facts))) ?? patterned;
    let id = form(facts.number, facts);
    // Clients may have chosen ids of this form, too.
    for (let { number } = facts; facts.isTaken(String(id)) && number < facts.number + MOST_ATTEMPTS; number += 1) {
      id = form(number + 1, facts);
    }
    return id;
  };
}

/** An id that may be null is none. */
function withoutNull(schema: Schema, resolver: Pick<SchemaResolver, 'resolve'>): Schema {
  const resolved = resolver.resolve(schema);
  if (!Array.isArray(resolved?.type) || !resolved.type.includes('null')) return schema;
  return { ...resolved, type: resolved.type.filter((type) => type !== 'null') };
}

function digits(number: number, length: number): string {
  return String(number).padStart(length, '0');
}
