import { ENTRIES, OPTION_NAMES, type OptionName } from './option-table.ts';

/**
 * The JSON Schema of an object that holds these options and no others; of all options by default.
 *
 * @example ajv.compile(optionsSchema(['port', 'seed']))
 */
export function optionsSchema(names: readonly OptionName[] = OPTION_NAMES) {
  return {
    type: 'object',
    properties: Object.fromEntries(names.map((name) => [name, ENTRIES[name]])),
    additionalProperties: false,
  };
}
