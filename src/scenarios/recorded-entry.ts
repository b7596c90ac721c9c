import type { Contract } from '../model/contract.ts';
import type { Operation } from '../model/operation.ts';

/** A line of a transcript. */
export interface RecordedEntry {
  readonly kind: string;
  readonly method?: string;
  readonly path?: string;
  readonly query?: string;
  readonly operationId?: string;
  readonly status?: number;
  readonly channel?: string;
  readonly body?: unknown;
  readonly payload?: unknown;
}

/** What a recorded request was for, with the values of its path. */
export interface RecordedOperation {
  readonly contract: Contract;
  readonly operation: Operation;
  readonly path: Readonly<Record<string, string>>;
}

/**
 * Finds the operation that a recorded request was for; nothing where none of the contracts has it.
 *
 * @example recordedOperation({ kind: 'request', method: 'GET', path: '/orders/1', operationId: 'readOrder' }, contracts)?.path
 */
export function recordedOperation(
  { operationId, method, path = '' }: RecordedEntry,
  contracts: readonly Contract[],
): RecordedOperation | undefined {
  for (const contract of contracts) {
    for (const operation of contract.operations) {
      if (operation.id !== operationId || operation.method !== method) continue;
      const names = [...operation.path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name ?? '');
      const pattern = operation.path
        .split(/\{[^}]+\}/)
        .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
        .join('([^/]*)');
      const values = new RegExp(`^${pattern}/?$`).exec(path)?.slice(1);
      if (values === undefined) continue;
      const entries = names.map((name, index): [string, string] => [name, decodeURIComponent(values[index] ?? '')]);
      return { contract, operation, path: Object.fromEntries(entries) };
    }
  }
  return undefined;
}
