import { keysOf, pointerTo } from '../lib/json-pointer.ts';
import { referencesIn } from './references.ts';

/** References one behind the other; those who follow them take a step for each, from each. */
export const LONGEST_CHAIN = 100;

/**
 * Where a chain of references within a document begins that is too long to be followed from every one of its links;
 * `undefined` where there is none. Circles are found elsewhere.
 *
 * @example longChain({ a: { $ref: '#/b' }, b: {} }) // undefined
 */
export function longChain(document: unknown): string | undefined {
  const next = new Map<string, string>();
  for (const { ref, pointer } of referencesIn(document)) {
    if (ref.startsWith('#/') && pointer.endsWith('/$ref')) {
      next.set(pointer.slice(0, -'/$ref'.length), pointerTo('', ...keysOf(decoded(ref.slice(1)))));
    }
  }
  /** The reference that stands at a place, or that has to be followed on the way to it. */
  const linkTo = (target: string | undefined): string | undefined => {
    for (let place = target ?? ''; place !== ''; place = place.slice(0, place.lastIndexOf('/')))
      if (next.has(place)) return place;
    return undefined;
  };
  const lengths = new Map<string, number>();
  for (const start of next.keys()) {
    const links: string[] = [];
    for (
      let link: string | undefined = start;
      link !== undefined && !lengths.has(link);
      link = linkTo(next.get(link))
    ) {
      // Its own length is known once that of the next one is; a circle ends where it has been before.
      lengths.set(link, 0);
      links.push(link);
    }
    for (const link of links.toReversed()) {
      const target = linkTo(next.get(link));
      const length = 1 + (target === undefined ? 0 : (lengths.get(target) ?? 0));
      if (length > LONGEST_CHAIN) return link;
      lengths.set(link, length);
    }
  }
  return undefined;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
