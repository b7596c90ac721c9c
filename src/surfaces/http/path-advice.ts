import { misspelt } from '../../lib/nearest-word.ts';
import { once } from '../../lib/once.ts';
import type { Contract } from '../../model/contract.ts';
import type { Operation } from '../../model/operation.ts';

/** Says which operation a request that met none was most likely meant for, and what differs. */
export type PathAdvice = (method: string, path: string) => string | undefined;

/** Beyond these, a request is no slip of the pen, and comparing it costs more than the advice is worth. */
const MOST_SEGMENTS = 20;
const LONGEST_PATH = 200;
const MOST_TEMPLATES = 5_000;
/** Segments that a path may have more or less than was meant. */
const MOST_MORE = 2;

/** What a segment costs that is missing or too much, that is misspelt, and that is another altogether. */
const [ABSENT, MISSPELT, OTHER] = [1, 0.5, 1.2];
/** What another method costs. */
const OTHER_METHOD = 0.4;

/**
 * Makes what advises whoever missed a path, by comparing it with every path there is, segment by segment. Next to nothing
 * is made on the way: an answer of 404 is the commonest of all, and what it leaves behind has to be collected.
 *
 * @example createPathAdvice(contracts)('GET', '/customers') // 'Did you mean GET /v1/customers? "v1" is missing.'
 */
export function createPathAdvice(contracts: readonly Pick<Contract, 'operations'>[]): PathAdvice {
  const known = once(() => new KnownPaths(contracts));
  // Who is answered and who keeps the journal ask for the same.
  let last: { readonly method: string; readonly path: string; readonly advice: string | undefined } | undefined;
  return (method, path) => {
    if (last?.path !== path || last.method !== method) {
      last = path.length > LONGEST_PATH ? undefined : { method, path, advice: adviceOn(known(), method, path) };
    }
    return last?.advice;
  };
}

function adviceOn(known: KnownPaths, method: string, path: string): string | undefined {
  const asked = segmentsOf(path);
  if (asked.length > MOST_SEGMENTS) return undefined;
  const nearest = known.nearest(method, asked);
  if (nearest === undefined) return undefined;
  const { operation, steps } = nearest;
  const differences = steps.map(describe);
  if (operation.method !== method) differences.unshift(`the method is ${operation.method}, and not ${method}`);
  const why = differences.length === 0 ? '' : ` There ${differences.join(', ')}.`;
  return `Did you mean ${operation.method} ${operation.path} (${operation.id})?${why}`;
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

interface Template {
  readonly operation: Operation;
  readonly segments: readonly string[];
  /** Which of the words that all templates are made of each segment is. */
  readonly words: readonly number[];
}

interface Nearest {
  readonly operation: Operation;
  readonly steps: readonly Step[];
}

/** The paths of contracts, and the words that they are made of. */
class KnownPaths {
  readonly #templates: readonly Template[];
  /** Each once, however many paths it stands in; those of parameters, which take any text, as none. */
  readonly #words: readonly (Word | undefined)[];

  constructor(contracts: readonly Pick<Contract, 'operations'>[]) {
    const words: (Word | undefined)[] = [];
    const numbers = new Map<string, number>();
    const numberOf = (segment: string): number => {
      const number = numbers.get(segment) ?? words.length;
      if (number < words.length) return number;
      words.push(segment.includes('{') ? undefined : { text: segment, inSmall: segment.toLowerCase() });
      numbers.set(segment, number);
      return number;
    };
    this.#templates = contracts
      .flatMap(({ operations }) => operations)
      .slice(0, MOST_TEMPLATES)
      .map((operation) => {
        const segments = segmentsOf(operation.path);
        return { operation, segments, words: segments.map(numberOf) };
      });
    this.#words = words;
  }

  /** The operation whose path differs least, and where; nothing where all differ by too much. */
  nearest(method: string, asked: readonly string[]): Nearest | undefined {
    const costs = asked.map((word) => this.#costsOf(word));
    const rows: [number[], number[]] = [[], []];
    let best: Template | undefined;
    let least = Math.max(1.5, asked.length / 2);
    for (const template of this.#templates) {
      if (Math.abs(template.words.length - asked.length) > MOST_MORE) continue;
      const more = template.operation.method === method ? 0 : OTHER_METHOD;
      const cost = costBelow(least - more, costs, template.words, rows) + more;
      if (cost >= least) continue;
      best = template;
      least = cost;
    }
    if (best === undefined) return undefined;
    return { operation: best.operation, steps: stepsTo(best, asked, costs) };
  }

  /** What a word costs that stands for each of those known. */
  #costsOf(word: string): readonly number[] {
    const isMisspelt = misspelt(word);
    return this.#words.map((known) => {
      if (known === undefined || known.text === word) return 0;
      return isMisspelt(known.inSmall) ? MISSPELT : OTHER;
    });
  }
}

interface Word {
  readonly text: string;
  readonly inSmall: string;
}

/** By word asked for, then by known word. */
type Costs = readonly (readonly number[])[];

/** What the cheapest way costs from the words asked for to those of a template; infinite where that is no less than a bound. */
function costBelow(bound: number, costs: Costs, words: readonly number[], rows: [number[], number[]]): number {
  let [last, current] = rows;
  last[0] = 0;
  for (let column = 1; column <= words.length; column += 1) last[column] = at(last, column - 1) + ABSENT;
  for (const ofWord of costs) {
    current[0] = at(last, 0) + ABSENT;
    let least = current[0];
    for (let column = 1; column <= words.length; column += 1) {
      current[column] = cheapest(last, current, column, ofWord[words[column - 1] as number] as number);
      least = Math.min(least, at(current, column));
    }
    if (least >= bound) return Number.POSITIVE_INFINITY;
    [last, current] = [current, last];
  }
  return at(last, words.length);
}

/** What it costs to come to a column: a word stands for the one meant, is too much, or one is missing. */
function cheapest(above: readonly number[], row: readonly number[], column: number, cost: number): number {
  return Math.min(at(above, column - 1) + cost, at(above, column) + ABSENT, at(row, column - 1) + ABSENT);
}

/** Where the cheapest way leads by a difference, from its beginning. */
function stepsTo({ segments, words }: Template, asked: readonly string[], costs: Costs): readonly Step[] {
  const table = [[0, ...words.map((_, column) => (column + 1) * ABSENT)]];
  for (const ofWord of costs) {
    const above = table.at(-1) as number[];
    const row = [at(above, 0) + ABSENT];
    for (const [column, word] of words.entries()) {
      row.push(cheapest(above, row, column + 1, ofWord[word] as number));
    }
    table.push(row);
  }
  const steps: Step[] = [];
  for (let [row, column] = [asked.length, words.length]; row > 0 || column > 0; ) {
    const here = at(table[row] as number[], column);
    const cost =
      row > 0 && column > 0 ? ((costs[row - 1] as readonly number[])[words[column - 1] as number] as number) : 0;
    if (row > 0 && column > 0 && here === at(table[row - 1] as number[], column - 1) + cost) {
      if (cost > 0) steps.push({ asked: asked[row - 1], meant: segments[column - 1] });
      row -= 1;
      column -= 1;
    } else if (row > 0 && here === at(table[row - 1] as number[], column) + ABSENT) {
      steps.push({ asked: asked[row - 1], meant: undefined });
      row -= 1;
    } else {
      steps.push({ asked: undefined, meant: segments[column - 1] });
      column -= 1;
    }
  }
  return steps.reverse();
}

function at(row: readonly number[], column: number): number {
  return row[column] as number;
}

function segmentsOf(path: string): readonly string[] {
  return path.split('/').filter((segment) => segment !== '');
}
