import { nearestWord } from '../../lib/nearest-word.ts';
import { once } from '../../lib/once.ts';
import type { Contract } from '../../model/contract.ts';
import type { Operation } from '../../model/operation.ts';

/** Says which operation a request that met none was most likely meant for, and what differs. */
export type PathAdvice = (method: string, path: string) => string | undefined;

/** Beyond these, a request is no slip of the pen, and comparing it costs more than the advice is worth. */
const MOST_SEGMENTS = 20;
const LONGEST_PATH = 200;
const MOST_TEMPLATES = 5_000;

/**
 * Makes what advises whoever missed a path, by comparing it with every path there is, segment by segment.
 *
 * @example createPathAdvice(contracts)('GET', '/customers') // 'Did you mean GET /v1/customers? "v1" is missing.'
 */
export function createPathAdvice(contracts: readonly Pick<Contract, 'operations'>[]): PathAdvice {
  const templates = once(() =>
    contracts
      .flatMap(({ operations }) => operations)
      .slice(0, MOST_TEMPLATES)
      .map((operation) => ({ operation, segments: segmentsOf(operation.path) })),
  );
  return (method, path) => {
    const asked = segmentsOf(path);
    if (path.length > LONGEST_PATH || asked.length > MOST_SEGMENTS) return undefined;
    let best: { readonly operation: Operation; readonly steps: readonly Step[]; readonly cost: number } | undefined;
    for (const { operation, segments } of templates()) {
      if (Math.abs(segments.length - asked.length) > 2) continue;
      const { cost, steps } = align(asked, segments);
      const total = cost + (operation.method === method ? 0 : 0.4);
      if (total < (best?.cost ?? Math.max(1.5, asked.length / 2))) best = { operation, steps, cost: total };
    }
    if (best === undefined) return undefined;
    const { operation, steps } = best;
    const differences = steps.map(describe);
    if (operation.method !== method) differences.unshift(`the method is ${operation.method}, and not ${method}`);
    const why = differences.length === 0 ? '' : ` There ${differences.join(', ')}.`;
    return `Did you mean ${operation.method} ${operation.path} (${operation.id})?${why}`;
  };
}

/** One place where a path differs from a template. */
interface Step {
  readonly asked: string | undefined;
  readonly meant: string | undefined;
}

function describe({ asked, meant }: Step): string {
  if (asked === undefined) return `"${meant}" is missing`;
  return meant === undefined ? `"${asked}" is too much` : `"${asked}" stands for "${meant}"`;
}

interface Alignment {
  readonly cost: number;
  readonly steps: readonly Step[];
}

/** The cheapest way from the one list of segments to the other. */
function align(asked: readonly string[], meant: readonly string[]): Alignment {
  let row: Alignment[] = [{ cost: 0, steps: [] }];
  for (const segment of meant) {
    const last = row.at(-1) as Alignment;
    row.push(extend(last, 1, { asked: undefined, meant: segment }));
  }
  for (const word of asked) {
    const next: Alignment[] = [extend(row[0] as Alignment, 1, { asked: word, meant: undefined })];
    for (const [index, segment] of meant.entries()) {
      const [diagonal, above, left] = [row[index], row[index + 1], next[index]] as [Alignment, Alignment, Alignment];
      const cost = costOf(word, segment);
      const replaced = cost === 0 ? diagonal : extend(diagonal, cost, { asked: word, meant: segment });
      const dropped = extend(above, 1, { asked: word, meant: undefined });
      const added = extend(left, 1, { asked: undefined, meant: segment });
      next.push([replaced, dropped, added].reduce((best, each) => (each.cost < best.cost ? each : best)));
    }
    row = next;
  }
  return row.at(-1) as Alignment;
}

function extend({ cost, steps }: Alignment, more: number, step: Step): Alignment {
  return { cost: cost + more, steps: [...steps, step] };
}

/** A parameter takes any text; a word that is only misspelt is nearer than another. */
function costOf(word: string, segment: string): number {
  if (word === segment || segment.includes('{')) return 0;
  return nearestWord(word, [segment]) === undefined ? 1.2 : 0.5;
}

function segmentsOf(path: string): readonly string[] {
  return path.split('/').filter((segment) => segment !== '');
}
