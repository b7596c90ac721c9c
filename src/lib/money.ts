/** An amount in the smallest unit of its currency, for example pence: a whole number, so that sums are exact. */
export type Minor = number;

/**
 * How many decimals a currency has (ISO 4217).
 *
 * @example decimalsOf('KWD') // 3
 */
export function decimalsOf(currency: string): number {
  if (WITHOUT_DECIMALS.has(currency)) return 0;
  return WITH_THREE_DECIMALS.has(currency) ? 3 : 2;
}

/**
 * An amount in minor units, rounded half-up where it is finer than its currency.
 *
 * It goes by the digits that the number is written with: 1.005 is one and a half pence above a pound, although the
 * nearest binary number lies below it.
 *
 * @example toMinor(1.005, 'GBP') // 101
 */
export function toMinor(amount: number, currency: string): Minor {
  const whole = wholeUnits(amount, UNITS[decimalsOf(currency)] as number);
  if (whole !== undefined) return whole;
  const { digits, decimals } = readDecimal(amount);
  return toNumber(divideHalfUp(digits * 10n ** BigInt(decimalsOf(currency)), 10n ** BigInt(decimals)));
}

/**
 * An amount as contracts carry it: a number of whole units with the currency's decimals.
 *
 * @example fromMinor(3360, 'GBP') // 33.6
 */
export function fromMinor(minor: Minor, currency: string): number {
  // Both are exact, so the quotient is the number nearest to the decimal, and so the one that the decimal is read as.
  if (Number.isSafeInteger(minor)) return minor / (UNITS[decimalsOf(currency)] as number);
  return writeDecimal(BigInt(minor), decimalsOf(currency));
}

/** Whether an amount needs no more decimals than its currency has. */
export function isExact(amount: number, currency: string): boolean {
  if (wholeUnits(amount, UNITS[decimalsOf(currency)] as number) !== undefined) return true;
  return Number.isFinite(amount) && readDecimal(amount).decimals <= decimalsOf(currency);
}

/**
 * The sum of decimals, without the errors of binary fractions.
 *
 * @example addDecimals(0.1, 0.2) // 0.3
 */
export function addDecimals(...amounts: readonly number[]): number {
  let thousandths = 0;
  for (const amount of amounts) thousandths += wholeUnits(amount, 1_000) ?? Number.NaN;
  // The sum of whole numbers is exact as long as it is safe.
  if (Number.isSafeInteger(thousandths)) return thousandths / 1_000;
  const parts = amounts.map(readDecimal);
  const decimals = Math.max(0, ...parts.map((part) => part.decimals));
  const sum = parts.reduce((total, part) => total + part.digits * 10n ** BigInt(decimals - part.decimals), 0n);
  return writeDecimal(sum, decimals);
}

/**
 * The product of two decimals, without the errors of binary fractions.
 *
 * @example multiplyDecimals(3, 1.1) // 3.3
 */
export function multiplyDecimals(one: number, other: number): number {
  const [a, b] = [readDecimal(one), readDecimal(other)];
  return writeDecimal(a.digits * b.digits, a.decimals + b.decimals);
}

/**
 * A part of an amount, rounded half-up.
 *
 * @example shareOf(3100, 16, 31) // 1600
 */
export function shareOf(amount: Minor, part: number, whole: number): Minor {
  return divided(amount * part, whole) ?? toNumber(divideHalfUp(BigInt(amount) * BigInt(part), BigInt(whole)));
}

/**
 * A percentage of an amount, rounded half-up; the percentage may have decimals.
 *
 * @example percentOf(2800, 20) // 560
 */
export function percentOf(amount: Minor, percent: number): Minor {
  const quick = Number.isInteger(percent) ? divided(amount * percent, 100) : undefined;
  if (quick !== undefined) return quick;
  const { digits, decimals } = readDecimal(percent);
  return toNumber(divideHalfUp(BigInt(amount) * digits, 100n * 10n ** BigInt(decimals)));
}

const WITHOUT_DECIMALS: ReadonlySet<string> = new Set([
  ...['BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW'],
  ...['PYG', 'RWF', 'UGX', 'UYI', 'VND', 'VUV', 'XAF', 'XOF', 'XPF'],
]);

const WITH_THREE_DECIMALS: ReadonlySet<string> = new Set(['BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND']);

/** Minor units of a whole unit, by the number of decimals. */
const UNITS = [1, 10, 100, 1_000];

/**
 * An amount as a whole number of such parts of it, where it is one; else `undefined`. One that divides back to the amount
 * is what the amount was written from.
 */
function wholeUnits(amount: number, parts: number): number | undefined {
  const whole = Math.round(amount * parts);
  return whole / parts === amount && Number.isSafeInteger(whole) ? whole + 0 : undefined;
}

/** As `divideHalfUp`, where everything on the way is exact in a double; else `undefined`. */
function divided(numerator: number, denominator: number): number | undefined {
  const doubled = 2 * Math.abs(numerator) + denominator;
  if (!Number.isSafeInteger(doubled) || !Number.isSafeInteger(denominator) || denominator <= 0) return undefined;
  const rounded = (doubled - (doubled % (2 * denominator))) / (2 * denominator);
  return numerator < 0 && rounded > 0 ? -rounded : rounded;
}

/** Half goes away from zero, so that a credit is the exact opposite of the charge it takes back. */
function divideHalfUp(numerator: bigint, denominator: bigint): bigint {
  const isNegative = numerator < 0n;
  const magnitude = isNegative ? -numerator : numerator;
  const rounded = (2n * magnitude + denominator) / (2n * denominator);
  return isNegative ? -rounded : rounded;
}

/** The shortest decimal that stands for a number, as `digits` divided by ten to the power of `decimals`. */
function readDecimal(value: number): { digits: bigint; decimals: number } {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(value));
  if (match === null)
    throw new RangeError(`Failed to read the amount ${value}: it is not finite. Give a finite number.`);
  const [, sign = '', whole = '0', fraction = '', exponent = '0'] = match;
  const digits = BigInt(`${sign}${whole}${fraction}`);
  const decimals = fraction.length - Number(exponent);
  return decimals >= 0 ? { digits, decimals } : { digits: digits * 10n ** BigInt(-decimals), decimals: 0 };
}

function writeDecimal(digits: bigint, decimals: number): number {
  return Number(`${digits}e-${decimals}`);
}

function toNumber(minor: bigint): Minor {
  const number = Number(minor);
  if (!Number.isSafeInteger(number)) {
    throw new RangeError(
      `Failed to count ${minor} minor units: beyond 2^53 the sum would be inexact. Use a smaller amount.`,
    );
  }
  return number;
}
