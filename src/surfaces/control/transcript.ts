import type { ControlContext, ControlHandler } from '../surface.ts';

/**
 * Answers with the tenant's canonical record.
 *
 * @example createTranscriptHandlers().readTranscriptDigest({ tenant, command, base });
 */
export function createTranscriptHandlers() {
  return {
    readTranscript: ({ tenant }: ControlContext) => ({
      status: 200,
      headers: { 'content-type': 'application/jsonl' },
      body: tenant.transcript.toText(),
    }),
    readTranscriptDigest: ({ tenant }: ControlContext) => ({ status: 200, body: tenant.transcript.digest() }),
  } satisfies Record<string, ControlHandler>;
}
