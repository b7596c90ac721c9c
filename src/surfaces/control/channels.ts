import type { Registry } from '../../engine/registry.ts';
import { nearestWord } from '../../lib/nearest-word.ts';
import { adviceOnValues } from '../../model/channel-address.ts';

/**
 * What to say of a channel that no contract has: the one that was most likely meant, or else which there are.
 *
 * @example adviceOnChannel(registry, 'customer/craeted') // 'Did you mean "customer/created"?'
 */
export function adviceOnChannel({ channels }: Pick<Registry, 'channels'>, unknown: string): string {
  const values = adviceOnValues(
    channels.map(({ channel }) => channel),
    unknown,
  );
  if (values !== undefined) return values;
  const known = channels.map(({ channel }) => channel.address);
  const meant = nearestWord(unknown, known);
  return meant === undefined ? `Known channels: ${known.join(', ') || 'none'}.` : `Did you mean "${meant}"?`;
}
