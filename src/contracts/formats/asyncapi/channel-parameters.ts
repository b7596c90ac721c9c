import type { Channel } from '../../../model/channel.ts';
import type { Place } from '../../place.ts';
import { listOr, objectOr } from '../../plain-object.ts';
import { childOf, type SourceFiles } from '../../source-files.ts';

/**
 * What a channel says of the parameters of its address: the values that they may have (AsyncAPI 2 has them in a schema), and
 * where in a message they stand.
 *
 * @example parametersOf(channel, files); // { values: { symbol: ['BTCUSD', 'ETHUSD'] } }
 */
export function parametersOf(channel: Place, files: SourceFiles): Pick<Channel, 'values' | 'locations'> {
  const values: Record<string, readonly string[]> = {};
  const locations: Record<string, string> = {};
  for (const [name, place] of files.members(childOf(channel, 'parameters'))) {
    const parameter = files.follow(place) ?? place;
    const { enum: own, location } = objectOr(parameter.value);
    const { enum: inSchema } = objectOr(files.follow(childOf(parameter, 'schema'))?.value);
    const listed = [...listOr(own), ...listOr(inSchema)].filter(isScalar).map(String);
    if (listed.length > 0) values[name] = listed;
    const pointer = typeof location === 'string' ? /^\$message\.payload#(\/.*)$/.exec(location)?.[1] : undefined;
    if (pointer !== undefined) locations[name] = pointer;
  }
  return {
    ...(Object.keys(values).length > 0 && { values }),
    ...(Object.keys(locations).length > 0 && { locations }),
  };
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
