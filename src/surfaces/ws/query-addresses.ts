import { type ChannelAddress, createAddressFinder } from '../../model/channel-address.ts';
import type { QueryLookup } from '../surface.ts';

/** A channel whose address has a query, and what its parameters are in a request. */
export interface FoundByQuery {
  /** The address, as it was declared. */
  readonly address: string;
  /** The same with the values of the request. */
  readonly asked: string;
}

/**
 * Makes what finds channels whose addresses have queries (`/stream?symbol={symbol}`), whatever their order and whatever
 * else is in the query. Who names none of its parameters means all values.
 *
 * @example createQueryFinder([{ address: '/stream?symbol={symbol}' }])('/stream', new URLSearchParams('symbol=BTC'))
 */
export function createQueryFinder(
  addresses: readonly ChannelAddress[],
): (path: string, query: QueryLookup) => FoundByQuery | undefined {
  const known = addresses
    .filter(({ address }) => address.includes('?'))
    .map(({ address, values = {} }) => {
      const [base = '', query = ''] = address.split(/\?(.*)/s);
      const isBase = createAddressFinder([{ address: base, values }]);
      const parameters = query.split('&').map((pair) => {
        const [name = '', template = ''] = pair.split(/=(.*)/s);
        const isValue = createAddressFinder([{ address: template, values }]);
        return { name, fits: (value: string) => isValue(value) !== undefined };
      });
      return { address, isBase, parameters };
    });
  return (path, query) => {
    for (const { address, isBase, parameters } of known) {
      if (isBase(path) === undefined) continue;
      const given = parameters.filter(({ name }) => query.get(name) !== null);
      if (given.length === 0) return { address, asked: address };
      if (!parameters.every(({ name, fits }) => fits(query.get(name) ?? ''))) continue;
      const pairs = parameters.map(({ name }) => `${name}=${query.get(name)}`);
      return { address, asked: `${path}?${pairs.join('&')}` };
    }
    return undefined;
  };
}
