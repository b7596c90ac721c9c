import type { Contract } from '../../src/model/contract.ts';
import type { Schema } from '../../src/model/schema.ts';
import { createSchemaResolver } from '../../src/model/schema-resolver.ts';

/** The channels of these contracts, with what each message holds: the tables of `docs/channels.md`, by system. */
export function channelTables(contracts: readonly Contract[]): Readonly<Record<string, string>> {
  const schemas = createSchemaResolver(contracts);
  const typeOf = (schema: Schema): string => {
    const { type, format, enum: values } = schemas.resolve(schema) ?? {};
    if (values !== undefined) return values.map((value) => `\`${String(value)}\``).join(', ');
    const types = [type ?? (schemas.isObject(schema) ? 'object' : 'any')].flat().join(' or ');
    const items = schemas.items(schema);
    return items === undefined ? `${types}${format === undefined ? '' : `, ${format}`}` : `list of ${typeOf(items)}`;
  };
  const tables: Record<string, string> = {};
  for (const { system, channels } of contracts) {
    const parts = channels.flatMap(({ address, description, messages }) => [
      `### ${address}`,
      ...(description === undefined ? [] : [description.replaceAll(/\s+/g, ' ').trim()]),
      ...messages.map(({ payload }) => {
        const required = schemas.required(payload);
        const rows = [...schemas.members(payload)].map(([name, schema]) => {
          const says = schemas.resolve(schema)?.description ?? '';
          const cells = [`\`${name}\``, typeOf(schema), required.has(name) ? 'always' : '', says];
          return `| ${cells.map((cell) => cell.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|').trim()).join(' | ')} |`;
        });
        return ['| member | type | there | |', '|---|---|---|---|', ...rows].join('\n');
      }),
    ]);
    tables[system] = [tables[system], ...parts].filter((part) => part !== undefined).join('\n\n');
  }
  return tables;
}
