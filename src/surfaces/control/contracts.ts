import { LongText } from '../../lib/long-text.ts';
import { Refusal } from '../../model/command.ts';
import type { Contract } from '../../model/contract.ts';
import type { ControlContext, ControlHandler } from '../surface.ts';
import { createExampleHandlers, type ExampleHandlersOptions } from './examples.ts';
import { pathOf } from './input.ts';
import { pageOf } from './paging.ts';

export interface ContractHandlersOptions extends ExampleHandlersOptions {
  /** The version of the simulator. */
  readonly version: string;
  /** The raw text of each contract, by `<system>/<name>`. */
  readonly documents: Readonly<Record<string, string>>;
  /** Those that overlays change, as they make them. */
  readonly patched: Readonly<Record<string, string>>;
  /** Where worlds are kept. */
  readonly store?: StoreSummary;
  /** Writes a document, with the servers of a tenant in place of its own where there is a `base`. */
  readonly show: (document: {
    readonly text: string;
    readonly contract: Contract;
    readonly base?: string;
    readonly form?: 'json' | 'yaml';
  }) => Promise<Document>;
  /** How each operation of a contract is answered, and why. */
  readonly explain: (contract: Contract) => Promise<Iterable<Explained>>;
}

/** Where worlds are kept, and what this process is to them. */
export interface StoreSummary {
  readonly kind: string;
  readonly role: 'owner' | 'replica';
}

interface Document {
  readonly text: string;
  readonly isJson: boolean;
}

/** Characters of JSON that are read, to be checked and written again. */
const LONGEST_CHECKED = 256 * 2 ** 10;

/** Documents as they were shown lately: to write a large one takes longer than others should wait. */
class RecentTexts {
  readonly #texts = new Map<string, Promise<Document>>();

  of(name: string, write: () => Promise<Document>): Promise<Document> {
    const text = this.#texts.get(name) ?? write();
    this.#texts.delete(name);
    this.#texts.set(name, text);
    // What has failed may be tried again.
    text.catch(() => this.#texts.delete(name));
    for (const oldest of this.#texts.keys()) {
      if (this.#texts.size <= MOST_TEXTS) break;
      this.#texts.delete(oldest);
    }
    return text;
  }
}

const MOST_TEXTS = 10;

/** How one operation is answered, as the control contract has it; its place in the document is of no use to a client. */
type Explained = { readonly operation: string; readonly pointer: string };

/**
 * Answers what is simulated.
 *
 * @example createContractHandlers({ version: '1.0.0', registry, documents, patched, show, explain }).readHealth();
 */
export function createContractHandlers(options: ContractHandlersOptions) {
  const { version, registry, documents, patched, show, explain } = options;
  const { store = { kind: 'memory', role: 'owner' } } = options;
  const summaries = registry.contracts.map(summaryOf);
  const served = (key: string): Contract => {
    const contract = registry.contracts.find(({ system, name }) => `${system}/${name}` === key);
    if (contract !== undefined) return contract;
    const known = summaries.map(({ system, name }) => `${system}/${name}`).join(', ');
    throw new Refusal(
      404,
      'NOT_FOUND',
      `Failed to find the contract "${key}": it is not served. Served are: ${known || 'none'}.`,
    );
  };
  const shown = new RecentTexts();
  const explained = new Map<Contract, ReturnType<typeof explainAll>>();
  /** Contracts do not change while they are served; one with many operations takes long. */
  const explainAll = async (contract: Contract, tenant: ControlContext['tenant']) => {
    const items: Omit<Explained, 'pointer'>[] = [];
    for await (const { pointer: _, ...each } of tenant.inTurns(await explain(contract))) items.push(each);
    return items;
  };
  const isServed = (key: string): boolean => registry.contracts.some(({ system, name }) => `${system}/${name}` === key);
  return {
    ...createExampleHandlers(options, ({ command }) => served(keyOf(command))),
    readHealth: () => ({ status: 200, body: { status: 'ready', version, store, contracts: summaries } }),
    listContracts: ({ command }: ControlContext) => ({
      status: 200,
      body: pageOf(summaries, ({ system, name }) => `${system}/${name}`, command),
    }),
    readReload: ({ tenant }: ControlContext) => ({ status: 200, body: { items: tenant.dropped() } }),
    readContract: async ({ command, base }: ControlContext) => {
      const named = keyOf(command);
      // A name may end like a file's; else that says in which form the document is wanted.
      const [, stem = named, ending] = (!isServed(named) && /^(.*)\.(json|ya?ml)$/.exec(named)) || [];
      const contract = served(stem);
      const key = `${contract.system}/${contract.name}`;
      const isRaw = command.query.raw === true || command.query.raw === '';
      const form = ending === undefined ? undefined : ending === 'json' ? 'json' : 'yaml';
      const { text, isJson } = await shown.of([key, form, isRaw ? '' : base].join(' '), () =>
        show({
          text: (isRaw ? undefined : patched[key]) ?? documents[key] ?? '',
          contract,
          ...(!isRaw && { base }),
          ...(form !== undefined && { form }),
        }),
      );
      if (!isJson) return { status: 200, headers: { 'content-type': 'application/yaml' }, body: text };
      const body = text.length > LONGEST_CHECKED ? LongText.of(text) : (JSON.parse(text) as unknown);
      return { status: 200, headers: { 'content-type': 'application/json' }, body };
    },
    explainContract: async (context: ControlContext) => {
      const contract = served(keyOf(context.command));
      const known = explained.get(contract) ?? explainAll(contract, context.tenant);
      explained.set(contract, known);
      known.catch(() => explained.delete(contract));
      const items = await known;
      return { status: 200, body: pageOf(items, ({ operation }) => operation, context.command) };
    },
  } satisfies Record<string, ControlHandler>;
}

function keyOf(command: ControlContext['command']): string {
  return `${pathOf(command, 'system')}/${pathOf(command, 'name')}`;
}

function summaryOf({ system, name, title, format, version, operations, channels }: Contract) {
  return { system, name, title, format, version, operations: operations.length, channels: channels.length };
}
