import { createHash } from 'node:crypto';
import type { Tenant } from '../../engine/tenant.ts';
import { LongText } from '../../lib/long-text.ts';
import { Refusal } from '../../model/command.ts';
import type { ControlContext, ControlHandler } from '../surface.ts';

export interface TranscriptHandlersOptions {
  /** Writes the lines of a transcript as a scenario, an Arazzo document. */
  readonly toScenario: (
    lines: AsyncIterable<string>,
    options: { readonly specs?: string; readonly inTurns: Tenant['inTurns'] },
  ) => Promise<string>;
  /** Writes what was answered as a starting world. */
  readonly toFixture: (lines: AsyncIterable<string>) => Promise<string>;
}

/** Characters of a transcript that is written as a scenario, and of one request in it: YAML takes a second for each million. */
const MOST_WRITTEN = 8 * 2 ** 20;
const LONGEST_REQUEST = 32 * 2 ** 10;

/**
 * Answers with the tenant's canonical record.
 *
 * @example createTranscriptHandlers({ toScenario, toFixture }).readTranscriptDigest({ tenant, command, base });
 */
export function createTranscriptHandlers({ toScenario, toFixture }: TranscriptHandlersOptions) {
  return {
    readTranscript: async ({ tenant, command }: ControlContext) => {
      // What is under way belongs to the record: without waiting, what it shows would depend on chance.
      await tenant.settledSoon();
      const inTurns: Tenant['inTurns'] = (values) => tenant.inTurns(values);
      const linesOf = () => inTurns(tenant.transcript.lines());
      if (command.query.as === 'arazzo') {
        const { specs } = command.query;
        const body = await toScenario(writable(linesOf(), 'a scenario'), {
          inTurns,
          ...(typeof specs === 'string' && { specs }),
        });
        return { status: 200, headers: { 'content-type': 'application/yaml' }, body };
      }
      if (command.query.as === 'fixture')
        return {
          status: 200,
          headers: { 'content-type': 'application/yaml' },
          body: await toFixture(writable(linesOf(), 'a starting world')),
        };
      const text = new LongText();
      for await (const piece of inTurns(tenant.transcript.pieces())) text.add(piece);
      return { status: 200, headers: { 'content-type': 'application/jsonl' }, body: text };
    },
    readTranscriptDigest: async ({ tenant }: ControlContext) => {
      await tenant.settledSoon();
      const { transcript } = tenant;
      const [range, pieces] = [transcript.range(), transcript.pieces()];
      const digest = createHash('sha256');
      for await (const piece of tenant.inTurns(pieces)) digest.update(piece);
      return { status: 200, body: { digest: digest.digest('hex'), ...range } };
    },
  } satisfies Record<string, ControlHandler>;
}

/** The lines of a transcript that is short enough to be written as YAML. */
async function* writable(lines: AsyncIterable<string>, what: string): AsyncGenerator<string> {
  let length = 0;
  for await (const line of lines) {
    length += line.length;
    if (length > MOST_WRITTEN || (line.length > LONGEST_REQUEST && isRequest(line))) {
      throw new Refusal(
        400,
        'TRANSCRIPT_TOO_LONG',
        `Failed to write the transcript as ${what}: it has more than ${MOST_WRITTEN} characters, or more than ${LONGEST_REQUEST} in one request. Record a shorter story, in a tenant of its own.`,
      );
    }
    yield line;
  }
}

function isRequest(line: string): boolean {
  return (JSON.parse(line) as { readonly kind?: unknown }).kind === 'request';
}
