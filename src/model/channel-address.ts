import type { Channel } from './channel.ts';

/** Finds out which of some channels an address belongs to. */
export type AddressFinder = (address: string) => string | undefined;

/** An address, and the values that its parameters may have where these are enumerated. */
export type ChannelAddress = Pick<Channel, 'address' | 'values'>;

/**
 * Makes what finds the channel of an address: one that is called so, or one whose parameters can have values that make it
 * that address. A value is one of those that the contract enumerates, or else any text without a slash. What brokers have
 * in place of parameters is understood as well: `*` and `+` stand for one step, `>` and `#` at the end for all others. An
 * exact name wins, and else the first that fits.
 *
 * @example createAddressFinder([{ address: 'ticker/{symbol}' }])('ticker/BTCUSD') // 'ticker/{symbol}'
 */
export function createAddressFinder(channels: Iterable<ChannelAddress>): AddressFinder {
  const all = [...channels];
  const names = new Set(all.map(({ address }) => address));
  const templates = all
    .filter(({ address }) => isTemplate(address))
    .map(({ address, values = {} }) => {
      const segments = address.split('/');
      const isOpen = ALL_OTHERS.has(segments.at(-1) ?? '');
      return {
        address,
        isOpen,
        segments: (isOpen ? segments.slice(0, -1) : segments).map((segment) => toSegment(segment, values)),
      };
    });
  return (address) => {
    if (names.has(address)) return address;
    if (templates.length === 0) return undefined;
    const given = address.split('/');
    return templates.find(
      ({ segments, isOpen }) =>
        (isOpen ? segments.length < given.length : segments.length === given.length) &&
        segments.every((fits, index) => fits(given[index] ?? '')),
    )?.address;
  };
}

/** Whether an address has parameters, or what brokers have in place of them. */
export function isTemplate(address: string): boolean {
  return address.includes('{') || WILDCARD.test(address);
}

/**
 * What to say of an address that is none because a parameter has a value that the contract does not enumerate.
 *
 * @example adviceOnValues([{ address: 't/{symbol}', values: { symbol: ['BTC'] } }], 't/XYZ') // '"symbol" is one of: BTC.'
 */
export function adviceOnValues(channels: Iterable<ChannelAddress>, asked: string): string | undefined {
  const enumerated = [...channels].filter(({ values }) => values !== undefined);
  const found = createAddressFinder(enumerated.map(({ address }) => ({ address })))(asked);
  const { values = {} } = enumerated.find(({ address }) => address === found) ?? {};
  const told = Object.entries(values).map(([name, each]) => `"${name}" is one of: ${each.join(', ')}.`);
  return told.length === 0 ? undefined : told.join(' ');
}

/** Steps are parted by slashes or dots; of a wildcard nothing else is in its step. */
const WILDCARD = /(?<=^|[/.])(?:[*+](?=$|[/.])|[>#]$)/;
const ALL_OTHERS: ReadonlySet<string> = new Set(['>', '#']);

/** A parameter with its name, or a wildcard, in a segment. */
const STAND_IN = /\{([^}]*)\}|(?<=^|\.)(?:[*+](?=$|\.)|[>#]$)/;

/** What a segment of an address has to be: itself, or what stands around its parameters with something in between. */
function toSegment(segment: string, values: Readonly<Record<string, readonly string[]>>): (text: string) => boolean {
  // Texts and, between them, names of parameters.
  const parts = segment.split(STAND_IN);
  if (parts.length === 1) return (text) => text === segment;
  const steps: Step[] = [];
  for (let index = 1; index < parts.length; index += 2) {
    steps.push({ before: parts[index - 1] ?? '', values: values[parts[index] ?? ''] });
  }
  const tail = parts.at(-1) ?? '';
  return (text) => fits(text, steps, tail, 0);
}

interface Step {
  /** The text in front of the parameter. */
  readonly before: string;
  readonly values: readonly string[] | undefined;
}

/** Whether a text goes on like this. A value that may be any reaches to the next text, and has a character at least. */
function fits(text: string, [step, ...others]: readonly Step[], tail: string, from: number): boolean {
  if (step === undefined) return text.slice(from) === tail;
  if (!text.startsWith(step.before, from)) return false;
  const begin = from + step.before.length;
  if (step.values !== undefined) {
    return step.values.some((value) => text.startsWith(value, begin) && fits(text, others, tail, begin + value.length));
  }
  const [next] = others;
  const end = next === undefined ? text.length - tail.length : text.indexOf(next.before, begin + 1);
  return end > begin && fits(text, others, tail, end);
}
