import { keysOf, pointerTo } from '../lib/json-pointer.ts';
import { didYouMean } from '../lib/nearest-word.ts';
import { createMetaAjv, type Draft, type ErrorObject, type ValidateFunction } from './ajv.ts';
import { isPlainObject } from './plain-object.ts';
import type { Finding, SourceFile } from './source-file.ts';

/** Where a schema breaks the metaschema of its draft; what that changes is reported where the schema is read. */
export async function metaschemaFindings(source: SourceFile, draft: Draft): Promise<Finding[]> {
  const ajv = await createMetaAjv(draft);
  const validate = ajv.getSchema(META_URIS[draft]);
  if (validate === undefined || validate(source.value) === true) return [];
  return toFindings(source, validate.errors ?? []).map((finding) => ({ ...finding, severity: 'warning' }));
}

/**
 * Finds where documents break a JSON Schema (2020-12) of ours that describes their format.
 *
 * @example const check = createSchemaCheck(APS_TYPE_SCHEMA); await check(source);
 */
export function createSchemaCheck(schema: object): (source: SourceFile) => Promise<Finding[]> {
  let compiling: Promise<ValidateFunction> | undefined;
  return async (source) => {
    compiling ??= createMetaAjv('2020-12', { validateSchema: false }).then((ajv) => ajv.compile(schema));
    const validate = await compiling;
    return validate(source.value) === true ? [] : toFindings(source, validate.errors ?? []);
  };
}

const META_URIS: Readonly<Record<Draft, string>> = {
  'draft-04': 'http://json-schema.org/draft-04/schema',
  'draft-06': 'http://json-schema.org/draft-06/schema',
  'draft-07': 'http://json-schema.org/draft-07/schema',
  '2019-09': 'https://json-schema.org/draft/2019-09/schema',
  '2020-12': 'https://json-schema.org/draft/2020-12/schema',
};

/** A failed alternative (`anyOf`) repeats what its branches say, so that only the errors of branches are kept. */
function toFindings(source: SourceFile, errors: readonly ErrorObject[]): Finding[] {
  return errors
    .filter((error) => !['anyOf', 'oneOf', 'allOf', '$ref', 'if'].includes(error.keyword) || errors.length === 1)
    .map((error) => toFinding(source, error));
}

function toFinding(source: SourceFile, error: ErrorObject): Finding {
  const params = error.params as Readonly<Record<string, unknown>>;
  const unexpected = params.additionalProperty;
  if (typeof unexpected === 'string') {
    const known = isPlainObject(error.parentSchema?.properties) ? Object.keys(error.parentSchema.properties) : [];
    return {
      source,
      pointer: pointerTo(error.instancePath, unexpected),
      onKey: true,
      message: `\`${unexpected}\` is not expected here.`,
      hint: didYouMean(unexpected, known, `Known here: ${known.join(', ')}.`),
    };
  }
  const name = keysOf(error.instancePath).at(-1);
  const allowed = Array.isArray(params.allowedValues) ? params.allowedValues.map(String) : undefined;
  return {
    source,
    pointer: error.instancePath,
    missing: typeof params.missingProperty === 'string' ? params.missingProperty : undefined,
    message: `${name === undefined ? 'The document' : `\`${name}\``} ${error.message ?? 'is wrong'}.`,
    hint:
      allowed === undefined
        ? 'Correct the value.'
        : didYouMean(String(error.data), allowed, `Allowed are ${allowed.join(', ')}.`),
  };
}
