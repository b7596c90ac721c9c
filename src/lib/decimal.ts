/** A decimal as digits without a point: `12.50` is 125 with one decimal. */
interface Decimal {
  readonly digits: bigint;
  /** Digits behind the point; below zero for a number that ends in zeros. */
  readonly decimals: number;
}

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i;

/** So many significant digits of any decimal a double holds, and writes again as they were. */
const SURE_DIGITS = 15;
/** Digits that distinguish every double from its neighbours: programs that write doubles write no more. */
const MOST_DIGITS = 17;
/** The smallest doubles have so many characters without an exponent. */
const LONGEST_DOUBLE = 1_100;

/**
 * Whether a number is a multiple of another by the digits that both are written with: 19.99 is a multiple of 0.01,
 * although the binary numbers next to them are not.
 *
 * @example isMultipleOf(1234567.891, 0.01) // false
 */
export function isMultipleOf(value: number, divisor: number): boolean {
  if (Number.isSafeInteger(value) && Number.isSafeInteger(divisor)) return value % divisor === 0;
  if (!Number.isFinite(value)) return false;
  const [a, b] = [readDecimal(String(value)), readDecimal(String(divisor))];
  const decimals = Math.max(a.decimals, b.decimals);
  return scaled(a, decimals) % scaled(b, decimals) === 0n;
}

/**
 * Whether a number keeps its digits when a double is made of it and written again. A text that a program has written
 * from a double (`0.10000000000000001`) keeps them.
 *
 * @example keepsDigits('9007199254740993') // false
 */
export function keepsDigits(text: string): boolean {
  if (text.length <= SURE_DIGITS && !text.includes('e') && !text.includes('E')) return true;
  if (text.length > LONGEST_DOUBLE) return false;
  const { digits, decimals } = readDecimal(text);
  const count = String(digits).replace('-', '').length;
  const value = Number(text);
  if (!Number.isFinite(value)) return false;
  if (count <= SURE_DIGITS) return value !== 0 || digits === 0n;
  const isSame = (other: string): boolean => {
    const read = readDecimal(other);
    return read.digits === digits && read.decimals === decimals;
  };
  return isSame(String(value)) || (decimals > 0 && count <= MOST_DIGITS && isSame(value.toPrecision(count)));
}

/** Without zeros at its end, so that equal numbers are read as equal decimals. */
function readDecimal(text: string): Decimal {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = DECIMAL.exec(text) ?? [];
  const written = `${whole}${fraction}`;
  const significant = written.replace(/0+$/, '');
  const digits = BigInt(significant === '' ? '0' : `${sign}${significant}`);
  if (digits === 0n) return { digits, decimals: 0 };
  return { digits, decimals: fraction.length - (written.length - significant.length) - Number(exponent) };
}

function scaled({ digits, decimals }: Decimal, to: number): bigint {
  return digits * 10n ** BigInt(to - decimals);
}
