import { createRequire } from 'node:module';

/**
 * The library that knows where everything stands in a text, says best what is wrong with it, and writes what people read.
 * It is loaded when there is such a thing to do, because seventy files take longer than most texts, and at once, because
 * those who ask do not wait.
 *
 * @example loadYaml().stringify({ a: 1 }) // 'a: 1\n'
 */
export function loadYaml(): typeof import('yaml') {
  return createRequire(import.meta.url)('yaml') as typeof import('yaml');
}
