/**
 * The singular of a regular English plural, in any casing; any other word is left as it is.
 *
 * @example
 * singular('categories') === 'category';
 */
export function singular(word: string): string {
  if (/[^aeiou]ies$/i.test(word)) return `${word.slice(0, -3)}y`;
  if (/(s|x|z|ch|sh)es$/i.test(word) && !/(as|is|ns|rs|ous|aus|os)es$/i.test(word)) return word.slice(0, -2);
  return /[^su]s$/i.test(word) ? word.slice(0, -1) : word;
}

/**
 * Kebab, snake or camel case as Pascal case.
 *
 * @example
 * toPascalCase('billing-account') === 'BillingAccount';
 */
export function toPascalCase(text: string): string {
  return text
    .split(/[^\p{L}\p{N}]+/u)
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('');
}

/**
 * Whether a path or channel segment names a thing: `billing-accounts` names `BillingAccount`.
 *
 * @example
 * isNameOf('invoices', 'Invoice');
 */
export function isNameOf(segment: string, name: string): boolean {
  return bare(segment) === bare(name) || bare(singular(segment)) === bare(name);
}

/**
 * Whether a path segment is about a thing, if by a part of its name: `accounts` is about `BillingAccount`.
 *
 * @example
 * aboutSameThing('accounts', 'BillingAccount');
 */
export function aboutSameThing(segment: string, name: string): boolean {
  const word = bare(singular(segment));
  return word !== '' && (bare(name).endsWith(word) || word.endsWith(bare(name)));
}

/** What is longer is no name that anybody speaks; the patterns here take time with the square of a name's length. */
const LONGEST_NAME = 200;

function bare(word: string): string {
  return word
    .slice(0, LONGEST_NAME)
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '');
}

/**
 * Whether two names are the same but for casing, separators and plural: `thing_gids` and `thingGid`.
 *
 * @example
 * isSameWord('order-items', 'OrderItem');
 */
export function isSameWord(one: string, other: string): boolean {
  return bare(one) === bare(other) || bare(singular(one)) === bare(singular(other));
}

/**
 * The words of a name, lower case: `issue_number`, `issueNumber` and `IssueNumber` are `issue` and `number`.
 *
 * @example
 * wordsOf('AccountSID'); // ['account', 'sid']
 */
export function wordsOf(name: string): readonly string[] {
  return name
    .slice(0, LONGEST_NAME)
    .replaceAll(/(\p{Ll}|\p{N})(\p{Lu})/gu, '$1 $2')
    .replaceAll(/(\p{Lu}+)(\p{Lu}\p{Ll})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

/**
 * Whether one of two names ends in the other, plural or not: `device_codes` and `codes`.
 *
 * @example
 * haveSameTail('order-items', 'item');
 */
export function haveSameTail(one: string, other: string): boolean {
  const [short, long] = [wordsOf(one), wordsOf(other)].toSorted((a, b) => a.length - b.length) as [
    readonly string[],
    readonly string[],
  ];
  return short.length > 0 && isSameWord(short.join(''), long.slice(-short.length).join(''));
}
