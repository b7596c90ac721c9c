import type { Channel } from '../../../model/channel.ts';
import type { Place } from '../../place.ts';
import { isPlainObject } from '../../plain-object.ts';
import type { LoadContext } from './messages.ts';

/** The channels that stand at a place. What cannot be read is left out and reported, and all others are served. */
export function readChannels(
  place: Place,
  { files, report }: LoadContext,
  read: (target: Place) => Channel[],
): Channel[] {
  const leaveOut = (why: string): Channel[] => {
    report({
      source: place.source,
      pointer: place.pointer,
      onKey: true,
      message: `${why}: it is left out.`,
      hint: 'Correct it to have it served.',
    });
    return [];
  };
  const target = files.follow(place);
  // That a reference leads nowhere is reported where references are checked.
  if (target === undefined) return [];
  if (!isPlainObject(target.value)) return leaveOut('This can hold no message');
  try {
    return read(target);
  } catch (error) {
    return leaveOut(`This cannot be read (${error instanceof Error ? error.message : error})`);
  }
}
