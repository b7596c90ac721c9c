import type { Contract } from '../model/contract.ts';
import type { Operation } from '../model/operation.ts';
import type { Schema } from '../model/schema.ts';

/** What a load is written down as, in this order; operations and schemas belong to the contract before them. */
type Part<Rest> =
  | { readonly rest: Rest }
  | { readonly contract: Omit<Contract, 'operations'> }
  | { readonly schema: readonly [string, Schema] }
  | { readonly operation: Operation }
  | { readonly isEnd: true };

interface OpenContract {
  readonly contract: Omit<Contract, 'operations'>;
  readonly schemas: (readonly [string, Schema])[];
  readonly operations: Operation[];
}

/** Characters from which a line is ended. Of a large load neither text nor bytes should have to be held as a whole. */
export const LINE = 2 ** 18;

/**
 * Contracts, and whatever else is told of them, as lines of JSON that are read one by one.
 *
 * @example for (const line of linesOf(contracts, { isThorough: true })) file.write(line);
 */
export function* linesOf(contracts: readonly Contract[], rest: object): Generator<string> {
  let line = '';
  for (const part of partsOf(contracts, rest)) {
    line += `${line === '' ? '[' : ','}${JSON.stringify(part)}`;
    if (line.length < LINE) continue;
    yield `${line}]\n`;
    line = '';
  }
  if (line !== '') yield `${line}]\n`;
}

function* partsOf(contracts: readonly Contract[], rest: object): Generator<Part<object>> {
  yield { rest };
  for (const { operations, ...contract } of contracts) {
    yield { contract: { ...contract, $defs: {} } };
    for (const schema of Object.entries(contract.$defs)) yield { schema };
    for (const operation of operations) yield { operation };
  }
  yield { isEnd: true };
}

/**
 * Reads such lines as they come.
 *
 * @example
 * const reader = new LoadReader();
 * for (const line of lines) reader.add(line);
 * const load = reader.load; // undefined where the last of them is missing
 */
export class LoadReader<Rest extends object> {
  readonly #open: OpenContract[] = [];
  #rest: Rest | undefined;
  #isEnded = false;

  add(line: string): void {
    for (const part of JSON.parse(line) as Part<Rest>[]) {
      const last = this.#open.at(-1);
      if ('rest' in part) this.#rest = part.rest;
      else if ('contract' in part) this.#open.push({ contract: part.contract, schemas: [], operations: [] });
      else if ('schema' in part) last?.schemas.push(part.schema);
      else if ('operation' in part) last?.operations.push(part.operation);
      else this.#isEnded = part.isEnd;
    }
  }

  /** All that was written; `undefined` where the last line has not come. */
  get load(): (Rest & { readonly contracts: readonly Contract[] }) | undefined {
    if (this.#rest === undefined || !this.#isEnded) return undefined;
    const contracts = this.#open.map(({ contract, schemas, operations }) => ({
      ...contract,
      // A schema may have any name, that of the prototype, too.
      $defs: Object.fromEntries(schemas),
      operations,
    }));
    return { ...this.#rest, contracts };
  }
}
