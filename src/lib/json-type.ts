/**
 * Whether a media type is JSON, whatever its parameters.
 *
 * @example isJsonType('application/problem+json; charset=utf-8') // true
 */
export function isJsonType(mediaType: string): boolean {
  return /^[^;]*[/+]json\s*(;|$)/i.test(mediaType);
}
