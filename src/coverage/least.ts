import { SimulatorError } from '../errors.ts';
import { didYouMean } from '../lib/nearest-word.ts';
import type { Coverage, Share } from './covered.ts';
import { percentOf } from './text.ts';

/** How much has to be exercised, in percent: by kind, or of everything that contracts declare. */
export type Least = ReadonlyMap<Kind, number>;

type Kind = (typeof KINDS)[number];

const KINDS = ['all', 'operations', 'answers', 'channels', 'moves', 'faults'] as const;

/**
 * Reads what the command line asks for; throws `CONFIG_INVALID` where it makes no sense.
 *
 * @example parseLeast(['80', 'operations=100'])
 */
export function parseLeast(given: readonly string[]): Least {
  return new Map(
    given
      .flatMap((text) => text.split(','))
      .map((text) => {
        const [name = '', value = ''] = text.includes('=') ? text.split('=') : ['all', text];
        const kind = KINDS.find((each) => each === name);
        const percent = /^\d+(\.\d+)?%?$/.test(value) ? Number.parseFloat(value) : Number.NaN;
        if (kind !== undefined && percent <= 100) return [kind, percent];
        const advice =
          kind === undefined
            ? didYouMean(name, KINDS, `Use one of: ${KINDS.join(', ')}.`)
            : 'Give for example --min 80, or --min operations=100,answers=60.';
        throw new SimulatorError(
          'CONFIG_INVALID',
          `Failed to read the least coverage: "${text}" is no percentage of something that is counted. ${advice}`,
        );
      }),
  );
}

/**
 * Where less was exercised than has to be, in sentences; none where all is well.
 *
 * @example shortfalls(coverage, parseLeast(['80'])) // ['Only 61 % of all is covered, and 80 % have to be.']
 */
export function shortfalls({ totals }: Coverage, least: Least): readonly string[] {
  const { operations, answers, channels, moves } = totals;
  const declared = [operations, answers, channels, moves];
  const all: Share = {
    covered: declared.reduce((sum, { covered }) => sum + covered, 0),
    total: declared.reduce((sum, { total }) => sum + total, 0),
  };
  return [...least].flatMap(([kind, percent]) => {
    const share = { ...totals, all }[kind];
    // As it is, not as it is shown: 99.6 is less than 100.
    if (share.total === 0 || (100 * share.covered) / share.total >= percent) return [];
    const name = kind === 'all' ? 'operations, answers, channels and moves together' : kind;
    return [
      `Only ${percentOf(share)} % of ${name} are covered (${share.covered} of ${share.total}), and ${percent} % have to be.`,
    ];
  });
}
