/** A format that the validator does not have, or does not define as its standard does. */
export interface ValueFormat {
  readonly type: 'string' | 'number';
  /** Whether a value that the validator's own definition allows is one; alone, where it has none. */
  readonly validate: (value: never) => boolean;
  /** Whether it stands in place of the validator's own definition, and not beside it. */
  readonly isWhole?: boolean;
}

/**
 * The formats of OpenAPI's registry by their definitions: times by RFC 3339, whole numbers by their range, bytes by
 * RFC 4648. The validator takes a blank for the `T` of a time, `+0530` for an offset, and any whole number for an int64.
 *
 * @example VALUE_FORMATS['date-time']?.validate('2026-01-01T00:00:00+0530') // false
 */
export const VALUE_FORMATS: Readonly<Record<string, ValueFormat>> = {
  'date-time': text(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/i),
  time: text(/^\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/i),
  byte: text(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/),
  base64url: text(/^(?:[A-Za-z0-9_-]{4})*(?:[A-Za-z0-9_-]{2,3})?={0,2}$/),
  char: text(/^.$/su),
  // What the validator has for it takes quadratic time, and no address of a private network.
  url: {
    type: 'string',
    validate: (value: string) => /^(?:https?|ftp):\/\/[^\s]*$/i.test(value) && URL.canParse(value),
    isWhole: true,
  },
  regex: { type: 'string', validate: isRegularExpression, isWhole: true },
  int8: whole(-(2 ** 7), 2 ** 7),
  uint8: whole(0, 2 ** 8),
  int16: whole(-(2 ** 15), 2 ** 15),
  uint16: whole(0, 2 ** 16),
  int32: whole(-(2 ** 31), 2 ** 31),
  uint32: whole(0, 2 ** 32),
  int64: whole(-(2 ** 63), 2 ** 63),
  uint64: whole(0, 2 ** 64),
  // A double beyond it is infinite as a float.
  float: { type: 'number', validate: (value: number) => Math.abs(Math.fround(value)) !== Number.POSITIVE_INFINITY },
  double: { type: 'number', validate: (value: number) => Number.isFinite(value) },
};

/** V8 takes long to read very long ones, and nobody writes them. */
const LONGEST_EXPRESSION = 10_000;

function isRegularExpression(value: string): boolean {
  if (value.length > LONGEST_EXPRESSION) return false;
  try {
    new RegExp(value, 'u');
    return true;
  } catch {
    return false;
  }
}

function text(pattern: RegExp): ValueFormat {
  return { type: 'string', validate: (value: string) => pattern.test(value) };
}

/** Whole numbers from a least one up to, but not with, a limit. */
function whole(least: number, limit: number): ValueFormat {
  return { type: 'number', validate: (value: number) => Number.isInteger(value) && value >= least && value < limit };
}
