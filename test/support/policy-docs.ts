import type { PolicyEntry, PolicyTable } from '../../src/engine/policies/policy.ts';
import { CATALOGUE, PRICE_LISTS } from '../../src/operator/catalogue.ts';
import { loadSystems } from '../../src/operator/load-systems.ts';
import { OPERATOR_POLICIES } from '../../src/operator/policies.ts';
import { fillPlaces } from './fill-places.ts';

/**
 * `docs/policies.md` with a table of each section's policies where it names the section in a comment, and one of prices
 * where it wants that.
 */
export async function withPolicies(text: string): Promise<string> {
  const systems = await loadSystems();
  const tables: Record<string, PolicyTable> = { operator: OPERATOR_POLICIES };
  for (const { name, policies } of systems) if (policies !== undefined) tables[name] = policies;
  const withPrices = text.replace(
    /<!-- prices -->[\s\S]*?<!-- end -->/,
    `<!-- prices -->\n${priceTable()}\n<!-- end -->`,
  );
  return fillPlaces(
    withPrices,
    'policies',
    Object.fromEntries(Object.entries(tables).map(([section, table]) => [section, tableOf(table)])),
  );
}

function priceTable(): string {
  const currencies = Object.keys(PRICE_LISTS);
  const rows = CATALOGUE.map(({ productId, productName, monthlyPrice, isDiscontinued }) => {
    const prices = [monthlyPrice, ...currencies.map((currency) => PRICE_LISTS[currency]?.[productId] ?? '')];
    return `| \`${productId}\` | ${productName}${isDiscontinued ? ' (no longer sold)' : ''} | ${prices.join(' | ')} |`;
  });
  return [
    `| product | | GBP | ${currencies.join(' | ')} |`,
    `|---|---|---:|${'---:|'.repeat(currencies.length)}`,
    ...rows,
  ].join('\n');
}

function tableOf(table: PolicyTable): string {
  const rows = Object.entries(table).map(
    ([name, entry]) => `| \`${name}\` | ${defaultOf(entry)} | ${entry.description} |`,
  );
  return ['| value | default | meaning |', '|---|---|---|', ...rows].join('\n');
}

function defaultOf({ default: value }: PolicyEntry): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  const isFlat = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isFlat) return `\`${JSON.stringify(value)}\``;
  return Object.entries(value)
    .map(([key, part]) => `${key} ${typeof part === 'object' ? `\`${JSON.stringify(part)}\`` : String(part)}`)
    .join(', ');
}
