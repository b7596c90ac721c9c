/**
 * What a YAML parser says, as a sentence; what it says of itself, in words about the document.
 *
 * @example sentenceOf('Maximum call stack size exceeded') // 'The document has values in values, deeper than can be read.'
 */
export function sentenceOf(message: string): string {
  if (/call stack/i.test(message)) return 'The document has values in values, deeper than can be read.';
  if (/excessive alias/i.test(message))
    return 'The document stands for far more than is written in it, by its aliases.';
  return `${message.replace(/[.:]?\s*$/, '')}.`;
}
