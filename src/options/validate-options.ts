import { createValueAjv, type ErrorObject } from '../contracts/ajv.ts';
import { FORMATS } from './formats.ts';
import { isOptionName } from './option-table.ts';
import { optionsSchema } from './options-schema.ts';

/**
 * Checks options against their schema. The build replaces this module by what Ajv makes of the schema (`build.js`), so
 * that a start does not wait for it; here, only the schemas of options that are given are compiled.
 *
 * @example validateOptions({ port: 'many' })[0]?.keyword // 'type'
 */
export function validateOptions(options: Readonly<Record<string, unknown>>): readonly ErrorObject[] {
  const ajv = createValueAjv([]);
  for (const [name, format] of Object.entries(FORMATS)) ajv.addFormat(name, format);
  const validate = ajv.compile(optionsSchema(Object.keys(options).filter(isOptionName)));
  return validate(options) ? [] : (validate.errors ?? []);
}
