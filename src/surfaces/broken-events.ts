import type { Registry } from '../engine/registry.ts';
import { Refusal } from '../model/command.ts';
import type { Logger } from './log.ts';

/**
 * What happens to an event that breaks its contract: it is logged, or with `strict` undoes the change that caused it.
 *
 * @example createRegistry({ …, reportBrokenEvent: createBrokenEventReport({ strict: false, log }) });
 */
export function createBrokenEventReport({
  strict,
  log,
}: {
  readonly strict: boolean;
  readonly log: Pick<Logger, 'warn'>;
}): Registry['reportBrokenEvent'] {
  return (channel, violations) => {
    if (strict) {
      const why = violations.map(({ path, message }) => `${path} ${message}`).join('; ');
      throw new Refusal(
        500,
        'EVENT_INVALID',
        `Failed to publish on ${channel}: the message breaks its contract: ${why}. Report this, or run without --strict.`,
      );
    }
    log.warn({ channel, violations }, 'an event breaks its contract');
  };
}
