import type { ControlContext, ControlHandler } from '../surface.ts';

/**
 * Answers with the tenant's canonical record.
 *
 * @example createTranscriptHandlers().readTranscriptDigest({ tenant, command, base });
 */
export function createTranscriptHandlers() {
  return {
    readTranscript: async ({ tenant }: ControlContext) => {
      // What is under way belongs to the record: without waiting, it would tell more or less by chance.
      await tenant.settled();
      return { status: 200, headers: { 'content-type': 'application/jsonl' }, body: tenant.transcript.toText() };
    },
    readTranscriptDigest: async ({ tenant }: ControlContext) => {
      await tenant.settled();
      return { status: 200, body: tenant.transcript.digest() };
    },
  } satisfies Record<string, ControlHandler>;
}
