import { isPlainObject, listOr } from '../plain-object.ts';

/**
 * What an `x-faker` hint asks for, in our words: values to choose from, or the format that they are written in;
 * `undefined` for a function that is not known.
 *
 * @example readFaker('internet.email') // { 'x-value-format': 'email' }
 * @example readFaker({ 'helpers.arrayElement': [['a', 'b']] }) // { 'x-values': ['a', 'b'] }
 */
export function readFaker(hint: unknown): Readonly<Record<string, unknown>> | undefined {
  const [[name = '', given] = []] = isPlainObject(hint) ? Object.entries(hint) : [[String(hint), undefined] as const];
  if (/^(helpers|random)\.arrayElements?$/i.test(name)) {
    const [values] = listOr(given);
    return Array.isArray(values) && values.length > 0 ? { 'x-values': values } : undefined;
  }
  const format = FORMATS.find(([pattern]) => pattern.test(name))?.[1];
  return format === undefined ? undefined : { 'x-value-format': format };
}

/** Functions of faker, of all its versions, and the formats that say the same. */
const FORMATS: readonly (readonly [RegExp, string])[] = [
  [/\.(email|exampleEmail)$/i, 'email'],
  [/^internet\.(url|avatar)|^image\./i, 'uri'],
  [/\.(domainName|domainWord)$/i, 'hostname'],
  [/\.ipv6$/i, 'ipv6'],
  [/\.(ip|ipv4)$/i, 'ipv4'],
  [/\.(uuid|guid)$/i, 'uuid'],
  [/^date\./i, 'date-time'],
  [/^phone\./i, 'x-phone'],
  [/\.currencyCode$/i, 'x-currency'],
  [/\.(firstName|middleName)$/i, 'x-first-name'],
  [/\.lastName$/i, 'x-last-name'],
  [/^(name|person)\.(findName|fullName)$/i, 'x-full-name'],
  [/^company\.(name|companyName)$/i, 'x-company'],
  [/\.(city|cityName)$/i, 'x-city'],
  [/\.country$/i, 'x-country'],
  [/\.(streetAddress|street|streetName)$/i, 'x-street'],
  [/\.(zipCode|postCode)$/i, 'x-postcode'],
  [/^(lorem|commerce|word|hacker|random\.words?|internet\.user_?name|internet\.username)/i, 'x-words'],
];
