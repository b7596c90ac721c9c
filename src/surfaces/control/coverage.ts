import type { CoverageCounter } from '../../coverage/counter.ts';
import type { ControlContext, ControlHandler } from '../surface.ts';
import { pageOf } from './paging.ts';

export interface CoverageHandlersOptions {
  readonly coverage: Pick<CoverageCounter, 'read' | 'clear'>;
}

/**
 * Answers what of the contracts has been exercised.
 *
 * @example createCoverageHandlers({ coverage }).readCoverage({ tenant, command, base });
 */
export function createCoverageHandlers({ coverage }: CoverageHandlersOptions) {
  return {
    readCoverage: ({ command }: ControlContext) => {
      const { items, ...rest } = coverage.read();
      return {
        status: 200,
        body: { ...pageOf(items, ({ system, contract }) => `${system}/${contract}`, command), ...rest },
      };
    },
    clearCoverage: () => {
      coverage.clear();
      return { status: 204 };
    },
  } satisfies Record<string, ControlHandler>;
}
