/** Finds out which of some channels an address belongs to. */
export type AddressFinder = (address: string) => string | undefined;

/**
 * Makes what finds the channel of an address: one that is called so, or one whose parameters can have values that make it
 * that address. A value is any text without a slash. An exact name wins, and else the first that fits.
 *
 * @example createAddressFinder(['ticker/{symbol}'])('ticker/BTCUSD') // 'ticker/{symbol}'
 */
export function createAddressFinder(addresses: Iterable<string>): AddressFinder {
  const all = [...addresses];
  const names = new Set(all);
  const templates = all
    .filter((address) => address.includes('{'))
    .map((address) => ({ address, segments: address.split('/').map(toSegment) }));
  return (address) => {
    if (names.has(address)) return address;
    if (templates.length === 0) return undefined;
    const given = address.split('/');
    return templates.find(
      ({ segments }) => segments.length === given.length && segments.every((fits, index) => fits(given[index] ?? '')),
    )?.address;
  };
}

/** What a segment of an address has to be: itself, or what stands around its parameters with something in between. */
function toSegment(segment: string): (text: string) => boolean {
  const parts = segment.split(/\{[^}]*\}/);
  if (parts.length === 1) return (text) => text === segment;
  const [head = '', ...middle] = parts;
  const tail = middle.pop() ?? '';
  return (text) => {
    if (!text.startsWith(head)) return false;
    // Each parameter has a value of one character at least.
    let from = head.length + 1;
    for (const part of middle) {
      const at = text.indexOf(part, from);
      if (at < 0) return false;
      from = at + part.length + 1;
    }
    return text.endsWith(tail) && from <= text.length - tail.length;
  };
}
