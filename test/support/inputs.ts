import type { OperationInput } from '../../src/engine/input.ts';
import { type Operation, operationKey } from '../../src/model/operation.ts';

/** A request for an operation, as a surface brings it; it stands in no record unless a test says so. */
export function operationInput(
  operation: Pick<Operation, 'system' | 'contract' | 'id' | 'method' | 'path'>,
  more: Partial<OperationInput> = {},
): OperationInput {
  return {
    kind: 'operation',
    operation: operationKey(operation),
    method: operation.method,
    url: operation.path,
    path: {},
    query: {},
    rawQuery: '',
    headers: {},
    origin: '',
    prefix: '',
    recordedIn: 'none',
    ...more,
  };
}
