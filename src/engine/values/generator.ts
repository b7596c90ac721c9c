import { type GenerateOptions, generateSync, type JsonSchema } from 'json-schema-faker';
import { SimulatorError } from '../../errors.ts';
import type { Contract } from '../../model/contract.ts';
import type { Schema, SchemaObject, Validation } from '../../model/schema.ts';
import { boundSchema, SAMPLE_LIMITS, USUAL_ITEMS } from './bounded-schema.ts';
import { enrichSchema } from './enriched-schema.ts';
import { createFiniteSchemas } from './finite-schema.ts';
import { createFormats } from './generator-formats.ts';

/** Makes values for schemas. */
export interface Generator {
  /**
   * A value that the schema permits. It draws on `random` and nothing else, so the same draws make the same value.
   * Dates and times in it are shortly before `now`.
   */
  generate(schema: Schema, random: () => number, options?: { readonly now?: string }): unknown;
}

const START_OF_TIME = '2026-01-01T00:00:00.000Z';
const OPTIONAL_MEMBERS = 0.75;
/** Every draw may miss what cannot be drawn for (`not`, crossed patterns); the later half leaves optional members out. */
const ATTEMPTS = 10;

/**
 * Makes a generator over the named schemas of all contracts.
 *
 * json-schema-faker keeps only its registries of formats and extensions per module, and neither is touched here: all
 * options, the seed among them, go with each call. It follows references without an end and reads unknown keywords as
 * properties, so it is given finite, bounded schemas of known keywords (`finite-schema.ts`, `bounded-schema.ts`,
 * `enriched-schema.ts`). With `validation` a value
 * that breaks its schema is drawn again.
 *
 * @example
 * createGenerator(contracts, { validation }).generate({ type: 'string', format: 'email' }, () => 0.5);
 */
export function createGenerator(
  contracts: readonly Contract[],
  { validation }: { readonly validation?: Validation } = {},
): Generator {
  const toFinite = createFiniteSchemas(contracts);
  const kept = new WeakMap<SchemaObject, Schema>();
  const prepare = (schema: Schema): Schema => {
    if (typeof schema === 'boolean') return enrichSchema(schema);
    const prepared = kept.get(schema) ?? enrichSchema(boundSchema(toFinite(schema)));
    kept.set(schema, prepared);
    return prepared;
  };
  return {
    generate(schema, random, { now = START_OF_TIME } = {}) {
      const prepared = prepare(schema);
      const formats = createFormats(Date.parse(now));
      const check = validation?.check(schema) ?? (() => []);
      const missed: unknown[] = [];
      let cause: unknown;
      for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
        let size = 0;
        try {
          const seed = Math.floor(random() * 2 ** 32);
          const options: GenerateOptions = {
            seed,
            formats,
            optionalsProbability: attempt < ATTEMPTS / 2 ? OPTIONAL_MEMBERS : 0,
            maxDefaultItems: USUAL_ITEMS,
            // Finite schemas need no other limit, and beyond it come stubs that break them.
            maxDepth: Number.MAX_SAFE_INTEGER,
            outputTransform: (value, part) => {
              size += typeof value === 'string' ? 1 + value.length / 10 : 1;
              if (size > SAMPLE_LIMITS.values)
                throw new Error(`it would hold more than ${SAMPLE_LIMITS.values} values`);
              const { contentSchema } = part as SchemaObject;
              if (typeof value !== 'string' || contentSchema === undefined) return tidyNumber(value, part);
              return JSON.stringify(generateSync(contentSchema as JsonSchema, { ...options, seed: seed + size }));
            },
          };
          const value = generateSync(prepared as JsonSchema, options);
          if (check(value).length === 0) return value;
          missed.push(value);
        } catch (error) {
          cause = error;
          // Only without its optional members can it become smaller.
          if (size > SAMPLE_LIMITS.values) attempt = Math.max(attempt, ATTEMPTS - 2);
        }
      }
      // A near miss still shows what the contract means; whoever sends it validates it and says what is wrong.
      if (missed.length > 0) return missed.at(-1);
      throw new SimulatorError(
        'CONTRACT_INVALID',
        `Failed to generate a value: ${cause instanceof Error ? cause.message : 'the schema permits none'}. Give the schema an example in its contract.`,
        { cause },
      );
    },
  };
}

/** Cents at most, as people write numbers, and none of the noise that multiplying fractions leaves. */
function tidyNumber(value: unknown, schema: JsonSchema): unknown {
  if (typeof value !== 'number' || Number.isInteger(value) || typeof schema === 'boolean') return value;
  const { multipleOf, minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema as SchemaObject;
  const decimals = typeof multipleOf === 'number' ? (String(multipleOf).split('.')[1]?.length ?? 12) : 2;
  const tidy = Number(value.toFixed(decimals));
  const isWithin =
    tidy >= Number(minimum ?? -Infinity) &&
    tidy <= Number(maximum ?? Infinity) &&
    tidy > Number(exclusiveMinimum ?? -Infinity) &&
    tidy < Number(exclusiveMaximum ?? Infinity);
  return isWithin ? tidy : value;
}
