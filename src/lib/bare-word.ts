/**
 * A name without casing and separators, for comparing names that are written in different styles.
 *
 * @example bareWord('FriendlyName') === bareWord('friendly_name') // true
 */
export function bareWord(name: string): string {
  return name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
}
