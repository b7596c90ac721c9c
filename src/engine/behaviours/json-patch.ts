import { applyPatch, PatchFailure, type PatchOperation } from '../../lib/json-patch.ts';
import { type Command, Refusal } from '../../model/command.ts';
import type { Entity } from '../state/store/store.ts';
import type { OperationHandler } from '../system.ts';
import type { BehaviourParts } from './behaviour-parts.ts';
import { type BoundOperation, requireItem } from './bound-operation.ts';
import { replaceBehaviour } from './replace.ts';
import { present } from './select.ts';

/**
 * PATCH of an item by a JSON Patch (RFC 6902), where the request is one: what it makes of the item takes the item's place.
 * Any other request goes on to `otherwise`.
 */
export function jsonPatchBehaviour(
  bound: BoundOperation,
  parts: BehaviourParts,
  otherwise: OperationHandler,
): OperationHandler {
  const replace = replaceBehaviour(bound, parts);
  const { entry, binding } = bound;
  return (work, command) => {
    if (!isJsonPatch(command)) return otherwise(work, command);
    const before = present(entry, requireItem(bound, work, command));
    const after = patched(before, command.body as readonly PatchOperation[]);
    const violations = parts.validation.check(entry.resource.schema)(after);
    if (violations.length > 0) {
      throw new Refusal(
        422,
        'PATCH_INVALID',
        `Failed to patch the ${entry.resource.name}: what it would become breaks its contract. Correct the patch.`,
        { violations: violations.map((violation) => ({ in: 'body', ...violation })) },
      );
    }
    const body = (binding.request ?? []).reduceRight<unknown>((inner, name) => ({ [name]: inner }), after);
    return replace(work, { ...command, body });
  };
}

function isJsonPatch({ headers, body }: Command): boolean {
  return Array.isArray(body) && /^\s*application\/json-patch\+json\s*(?:;|$)/i.test(headers['content-type'] ?? '');
}

function patched(before: Entity, operations: readonly PatchOperation[]): unknown {
  try {
    return applyPatch(before, operations);
  } catch (error) {
    if (!(error instanceof PatchFailure)) throw error;
    const isTest = error.reason === 'test';
    throw new Refusal(
      isTest ? 409 : 422,
      isTest ? 'PATCH_TEST_FAILED' : 'PATCH_INAPPLICABLE',
      `Failed to apply the patch: ${error.message}. Read the thing again, and patch what it is now.`,
    );
  }
}
