import { describeOption, flagOf } from '../../src/cli/option-flags.ts';
import { toKebabCase } from '../../src/cli/option-text.ts';
import { FORMATS } from '../../src/options/formats.ts';
import { ENTRIES, OPTION_NAMES, type OptionEntry, type OptionName } from '../../src/options/option-table.ts';
import { optionsSchema } from '../../src/options/options-schema.ts';

/** The README with the table of options in its place. */
export function withOptions(readme: string): string {
  const rows = OPTION_NAMES.map((name) => `| \`${flagOf(name).flags}\` | ${capitalize(cell(name))} |`);
  const table = ['| option | what it sets |', '|---|---|', ...rows].join('\n');
  return readme.replace(/(<!-- options: .*? -->\n)[\s\S]*?(<!-- end of options -->)/, `$1\n${table}\n\n$2`);
}

/** `bss-simulator.schema.json`: the schema of the configuration file, in keywords that every editor knows. */
export function publishedSchema(): string {
  const { type, properties, additionalProperties } = optionsSchema();
  const aliases = OPTION_NAMES.filter((name) => toKebabCase(name) !== name).map((name) => [
    toKebabCase(name),
    { $ref: `#/properties/${name}` },
  ]);
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'bss-simulator.yaml',
    type,
    properties: { $schema: { type: 'string' }, ...properties, ...Object.fromEntries(aliases) },
    additionalProperties,
  };
  return `${JSON.stringify(schema, publish, 1)}\n`;
}

const INTERNAL = ['placeholder', 'variadic', 'cliDefault', 'sharedDefault'];

function publish(key: string, value: unknown): unknown {
  if (INTERNAL.includes(key) || (key === 'format' && Object.hasOwn(FORMATS, String(value)))) return undefined;
  if (key === 'description' && typeof value === 'string') return `${capitalize(value)}.`;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const { description, cliDefault, sharedDefault } = value as Partial<OptionEntry>;
  return {
    ...value,
    ...(cliDefault !== undefined && { default: cliDefault }),
    ...(sharedDefault !== undefined && { description: `${description}; beyond loopback: ${String(sharedDefault)}` }),
  };
}

function cell(name: OptionName): string {
  return describeOption(ENTRIES[name]).replaceAll('|', '\\|').replaceAll('<', '&lt;');
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
