import type { ErrorFacts } from '../../engine/system.ts';

/** Parts of the words that contracts have for what each status says, the closest first. */
const WORDS: Readonly<Record<number, string>> = {
  400: 'invalidrequest badrequest validation invalid malformed badinput parameter bad input required',
  401: 'unauthorized unauthenticated authentication credential token login auth',
  403: 'forbidden permission denied scope privilege access',
  404: 'notfound nosuch notexist missing unknown absent',
  405: 'methodnotallowed method notallowed',
  406: 'notacceptable accept',
  409: 'conflict exists duplicate illegalstate transition state',
  410: 'gone expired deleted',
  412: 'precondition etag version modified',
  413: 'toolarge large size limit',
  415: 'mediatype contenttype unsupported',
  422: 'unprocessable validation invalid semantic required',
  428: 'preconditionrequired precondition required',
  429: 'ratelimit toomany throttl quota limit',
  500: 'internal server unexpected system fault unknown',
  501: 'notimplemented unsupported implemented',
  503: 'unavailable overload server internal',
  504: 'timeout unavailable',
};

/**
 * The value of an enum that says what an error says: its code, its status, or a word for that; `undefined` where none
 * fits.
 *
 * @example errorWord(['ResourceMissing', 'InvalidInput'], refusalWithStatus404) // 'ResourceMissing'
 */
export function errorWord(values: readonly unknown[], { status, code }: Pick<ErrorFacts, 'status' | 'code'>): unknown {
  const plain = values.map((value) => ({ value, word: lettersOf(value) }));
  const wanted = lettersOf(code);
  const exact = plain.find(({ value, word }) => word === wanted || value === status || value === String(status));
  if (exact !== undefined) return exact.value;
  for (const part of (WORDS[status] ?? WORDS[status < 500 ? 400 : 500] ?? '').split(' ')) {
    const found = plain.find(({ word }) => word.includes(part));
    if (found !== undefined) return found.value;
  }
  return undefined;
}

function lettersOf(value: unknown): string {
  return typeof value === 'string' ? value.toLowerCase().replace(/[^a-z]/g, '') : '';
}
