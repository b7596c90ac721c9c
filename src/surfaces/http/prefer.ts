import { STATUS_CODES } from 'node:http';
import { Refusal } from '../../model/command.ts';
import type { Operation } from '../../model/operation.ts';
import type { RefusalCode } from '../../model/refusal-codes.ts';
import { responseOf } from './error-body.ts';

const WANTS_SAMPLE = /(?:^|[,;\s])(?:code\s*=\s*"?\d|example\s*=|dynamic\s*=\s*"?true)/i;

/** What of a `Prefer` header asks for a sample that there is. */
export interface SamplePreference {
  /** As it is confirmed in `Preference-Applied`; `undefined` where the world answers. */
  readonly applied: string | undefined;
  /** What cannot be applied, in sentences. */
  readonly notes: readonly string[];
}

/**
 * The part of a `Prefer` header that asks for a sample in place of the living world (`code`, `example`, `dynamic`). What
 * the operation has no answer for is not applied (RFC 7240, 2).
 *
 * @example samplePreference('code=404, return=minimal', operation) // { applied: 'code=404', notes: [] }
 */
export function samplePreference(
  prefer: string | undefined,
  operation: Pick<Operation, 'id' | 'responses'>,
): SamplePreference {
  if (prefer === undefined || !WANTS_SAMPLE.test(prefer)) return NO_SAMPLE;
  const { code, example } = parsePrefer(prefer);
  const hasCode = code === undefined || responseOf(operation, code) !== undefined;
  const responses = code === undefined ? Object.values(operation.responses) : [responseOf(operation, code)];
  const examples = responses.flatMap((response) => Object.values(response?.content ?? {}));
  const hasExample = example === undefined || (hasCode && examples.some((media) => example in media.examples));
  const applied = prefer
    .split(/[,;]/)
    .map((part) => part.trim())
    .filter((part) => /^(?:code|example|dynamic)\s*=/i.test(part))
    .filter((part) => (/^code/i.test(part) ? hasCode : /^example/i.test(part) ? hasExample : true));
  return {
    applied: applied.length === 0 ? undefined : applied.join(', '),
    notes: [
      ...(hasCode ? [] : [`The preference code=${code} was not applied: ${operation.id} has no such answer.`]),
      ...(hasExample
        ? []
        : [`The preference example=${example} was not applied: ${operation.id} has no such example.`]),
    ],
  };
}

const NO_SAMPLE: SamplePreference = { applied: undefined, notes: [] };

/**
 * The error that a preference asks for by its code alone, where the contract shows no example of one: written as every
 * error is, it says what it should; a sample of its schema would be words.
 *
 * @example sampleRefusal('code=409', operation)?.status // 409
 */
export function sampleRefusal(preference: string, operation: Pick<Operation, 'responses'>): Refusal | undefined {
  const { code = 0, example, dynamic } = parsePrefer(preference);
  if (code < 400 || example !== undefined || dynamic === true) return undefined;
  const media = Object.values(responseOf(operation, code)?.content ?? {});
  if (media.length === 0 || media.some(({ examples }) => Object.keys(examples).length > 0)) return undefined;
  const phrase = STATUS_CODES[code] ?? 'Error';
  // The name of the status, whatever was asked for, stands where the code of a refusal stands.
  const word = phrase.toUpperCase().replace(/[^A-Z]+/g, '_') as RefusalCode;
  return new Refusal(code, word, `Failed to answer: ${phrase} was asked for by Prefer. Ask without it.`, {
    headers: { 'preference-applied': preference },
  });
}

/**
 * What a `Prefer` header wishes of a sample.
 *
 * @example parsePrefer('code=404, dynamic=true') // { code: 404, dynamic: true }
 */
export function parsePrefer(prefer: string | undefined): { code?: number; example?: string; dynamic?: boolean } {
  const wishes = new Map(
    (prefer ?? '').split(/[,;]/).map((part) => {
      const [name = '', value = ''] = part.split('=').map((side) => side.trim());
      return [name.toLowerCase(), value.replace(/^"(.*)"$/, '$1')] as const;
    }),
  );
  const [code, example, dynamic] = ['code', 'example', 'dynamic'].map((name) => wishes.get(name));
  return {
    ...(code !== undefined && { code: Number(code) }),
    ...(example !== undefined && { example }),
    ...(dynamic !== undefined && { dynamic: dynamic.toLowerCase() === 'true' }),
  };
}
