import type { Schema } from '../../model/schema.ts';
import type { RqlTypes } from './rql.ts';

/** An APS type of which there are resources. */
export interface ApsType {
  /** Its URI. */
  readonly id: string;
  /** What its contract calls it, and where that is. */
  readonly name: string;
  readonly contract: string;
  readonly implements: readonly string[];
  /** What a resource of it looks like, as the type's own file has it. */
  readonly schema: Schema;
}

const CORE_RESOURCE = 'http://aps-standard.org/types/core/resource/1.0';

// The loaded contracts keep neither the URI of an APS type nor what it implements, so both are repeated here.
export const SERVICE: ApsType = {
  id: 'http://www.odin.com/oa/billing/bss-subscription-service/1.0',
  name: 'SubscriptionManagementService',
  contract: 'subscription-management-service',
  implements: [CORE_RESOURCE],
  schema: { $ref: 'contract://aps-subscriptions/subscription-management-service#/$defs/SubscriptionManagementService' },
};

export const ACCOUNT: ApsType = {
  id: 'http://parallels.com/aps/types/pa/account/1.2',
  name: 'PAAccount',
  contract: 'pa-account',
  implements: ['http://aps-standard.org/types/core/account/1.0', CORE_RESOURCE],
  schema: { $ref: 'contract://aps-subscriptions/pa-account#/$defs/PAAccount' },
};

export const SUBSCRIPTION: ApsType = {
  id: 'http://www.odin.com/billing/Subscription/1.0',
  name: 'BSSSubscription',
  contract: 'bss-subscription',
  implements: [CORE_RESOURCE, 'http://aps-standard.org/types/core/subscription/migratable/1.0'],
  schema: { $ref: 'contract://aps-subscriptions/bss-subscription#/$defs/BSSSubscription' },
};

export const TYPES = [SERVICE, ACCOUNT, SUBSCRIPTION];

/** The type of this URI; `undefined` for one of which there are no resources. */
export function findType(id: unknown): ApsType | undefined {
  return TYPES.find((type) => type.id === id);
}

/** How types stand to each other, for RQL. */
export const RQL_TYPES: RqlTypes = {
  implementing: (id) => [id, ...TYPES.filter((type) => type.implements.includes(id)).map((type) => type.id)],
  composing: (id) => [id, ...(findType(id)?.implements ?? [])],
};
