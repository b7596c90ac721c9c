import { nearestWord, suggestion } from '../../lib/nearest-word.ts';
import { Refusal } from '../../model/command.ts';
import { allOf, type Comparison, type Filter } from '../state/store/filter.ts';
import type { Query } from '../state/store/store.ts';
import type { StoredResource } from '../state/stored-resource.ts';

const COMPARISON = /^([^=!<>~:;]+?)(==|!=|>=|<=|=|~|>|<|:)(.*)$/s;

const OPERATORS: Readonly<Record<string, Comparison['op']>> = {
  '==': 'eq',
  '=': 'eq',
  ':': 'eq',
  '!=': 'ne',
  '>': 'gt',
  '>=': 'gte',
  '<': 'lt',
  '<=': 'lte',
  '~': 'contains',
};

/**
 * Reads what a list of any collection is filtered by: comparisons such as `status==Active`, `monthlyCharge>=20` and
 * `lastName~smi`, with `;` between those that must all hold. What is no comparison is looked for in every text.
 *
 * @example readFilter('status==Active;smith', registry.resource('connectx/Customer'), ['customerId', 'status'])
 */
export function readFilter(text: string, entry: StoredResource, names: readonly string[]): Filter | undefined {
  return allOf(
    ...text
      .split(';')
      .map((part) => part.trim())
      .filter((part) => part !== '')
      .map((part): Filter => {
        const [, path = '', operator = '', value = ''] = COMPARISON.exec(part) ?? [];
        const op = OPERATORS[operator];
        // A colon stands in many texts that are no comparison.
        const isMeant = op !== undefined && (operator !== ':' || isKnown(path.trim(), entry));
        if (!isMeant) return { op: 'contains', path: '*', value: part };
        return { op, path: knownPath(path.trim(), entry, names, 'filter'), value: value.trim() };
      }),
  );
}

/**
 * Reads what a list is sorted by: paths with commas between, the most significant first, `-` before a descending one.
 *
 * @example readOrder('-status,lastName', entry, columns) // [{ path: 'status', descending: true }, { path: 'lastName', … }]
 */
export function readOrder(text: string, entry: StoredResource, names: readonly string[]): Query['order'] {
  const paths = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  if (paths.length === 0) return undefined;
  return paths.map((part) => ({
    path: knownPath(part.replace(/^[-+]/, ''), entry, names, 'sort'),
    descending: part.startsWith('-'),
  }));
}

function isKnown(path: string, entry: StoredResource): boolean {
  return entry.propertyLike(path) !== undefined;
}

function knownPath(path: string, entry: StoredResource, names: readonly string[], parameter: string): string {
  const known = entry.propertyLike(path);
  if (known !== undefined) return known;
  const nearest = nearestWord(path, names);
  throw new Refusal(
    400,
    'INVALID_REQUEST',
    `Failed to list ${entry.collection}: its contract has no property "${path.slice(0, 200)}". ${nearest === undefined ? 'List the collections to see the columns.' : suggestion(nearest)}`,
    {
      violations: [
        { in: 'query', path: parameter, message: 'must name properties of the resource, as its columns list them' },
      ],
    },
  );
}
