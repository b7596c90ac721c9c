import type { PolicyTable, PolicyValues } from '../../engine/policies/policy.ts';
import type { Reader } from '../../engine/state/reader.ts';

/** What an account's attributes lead to: decisions of this project. */
export const ACCOUNT_POLICIES = {
  payerRelationships: {
    type: 'array',
    items: { type: 'string' },
    default: ['isContainedIn', 'isPaidBy'],
    description: 'types of relationship by which the other account pays what is billed to this one',
  },
  creditLimit: {
    enum: ['announce', 'block', 'hold'],
    default: 'announce',
    description:
      'what follows when more is owed on an account than its credit limit: the account announces it; its customer can start no service as well (`block`); or is suspended until less is owed (`hold`)',
  },
} as const satisfies PolicyTable;

/** The policy of this tenant. */
export function accountPolicy({ policies }: Pick<Reader, 'policies'>): PolicyValues<typeof ACCOUNT_POLICIES> {
  return policies['billing-account'] as PolicyValues<typeof ACCOUNT_POLICIES>;
}
