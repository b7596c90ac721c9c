import { createHash } from 'node:crypto';
import type { Awaitable } from '../../lib/awaitable.ts';
import type { ControlContext, ControlHandler } from '../surface.ts';

export interface TranscriptHandlersOptions {
  /** Writes a transcript as a scenario, an Arazzo document. */
  readonly toScenario: (transcript: string, options: { readonly specs?: string }) => Awaitable<string>;
}

/**
 * Answers with the tenant's canonical record.
 *
 * @example createTranscriptHandlers({ toScenario }).readTranscriptDigest({ tenant, command, base });
 */
export function createTranscriptHandlers({ toScenario }: TranscriptHandlersOptions) {
  return {
    readTranscript: async ({ tenant, command }: ControlContext) => {
      // What is under way belongs to the record: without waiting, what it shows would depend on chance.
      await tenant.settledSoon();
      let text = '';
      for await (const line of tenant.inTurns(tenant.transcript.lines())) text += line;
      if (command.query.as !== 'arazzo') {
        return { status: 200, headers: { 'content-type': 'application/jsonl' }, body: text };
      }
      const { specs } = command.query;
      const body = await toScenario(text, typeof specs === 'string' ? { specs } : {});
      return { status: 200, headers: { 'content-type': 'application/yaml' }, body };
    },
    readTranscriptDigest: async ({ tenant }: ControlContext) => {
      await tenant.settledSoon();
      const { transcript } = tenant;
      const [range, lines] = [transcript.range(), transcript.lines()];
      const digest = createHash('sha256');
      for await (const line of tenant.inTurns(lines)) digest.update(line);
      return { status: 200, body: { digest: digest.digest('hex'), ...range } };
    },
  } satisfies Record<string, ControlHandler>;
}
