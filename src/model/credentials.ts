import type { Contract } from './contract.ts';
import type { Operation } from './operation.ts';

/** Where a request carries what lets it in, and what has to stand before the token there. */
export interface Credential {
  readonly in: 'header' | 'query' | 'cookie';
  readonly name: string;
  /** Of an `Authorization` header: `Bearer`, `Basic` or another. */
  readonly scheme?: string;
}

/**
 * The credentials that an operation wants, all of them together; none where it wants none. Of several ways to be let in it
 * is the first.
 *
 * @example credentialsOf(listResources, apsContract) // [{ in: 'header', name: 'APS-Token' }]
 */
export function credentialsOf(
  { security }: Pick<Operation, 'security'>,
  { securitySchemes }: Pick<Contract, 'securitySchemes'>,
): readonly Credential[] {
  const names = Object.keys(security.find((each) => Object.keys(each).length > 0) ?? {});
  return names.flatMap((each): readonly Credential[] => {
    const { type, in: place = 'header', name = each, scheme = 'bearer' } = securitySchemes[each] ?? { type: 'other' };
    if (type === 'apiKey') return [{ in: place, name }];
    if (type === 'mutualTLS') return [];
    return [{ in: 'header', name: 'Authorization', scheme: scheme.charAt(0).toUpperCase() + scheme.slice(1) }];
  });
}

/**
 * What a credential is in a request; any will do, unless a simulator is strict.
 *
 * @example credentialValue({ in: 'header', name: 'Authorization', scheme: 'Bearer' }, 'any') // 'Bearer any'
 */
export function credentialValue({ scheme }: Credential, token: string): string {
  if (scheme === undefined) return token;
  return `${scheme} ${scheme === 'Basic' ? btoa(`${token}:${token}`) : token}`;
}
