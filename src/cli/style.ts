/** Colours of a terminal; without them a text stays as it is. */
export interface Style {
  dim(text: string): string;
  /** In the colour that fits what an address ends with: green for beginnings, red for ends. */
  channel(address: string, text?: string): string;
  /** In the colour of the class of a status. */
  status(status: number | undefined, text: string): string;
}

/**
 * Makes the colours of a terminal, or none: `NO_COLOR` (https://no-color.org) is for those who want none.
 *
 * @example createStyle(stdout.isTTY === true && !environment.NO_COLOR).dim('12:00')
 */
export function createStyle(hasColours: boolean): Style {
  const paint = (code: number, text: string) => (hasColours ? `\u001b[${code}m${text}\u001b[0m` : text);
  return {
    dim: (text) => paint(2, text),
    channel: (address, text = address) => paint(COLOURS.find(([end]) => end.test(address))?.[1] ?? MAGENTA, text),
    status: (status, text) => paint(status === undefined || status >= 500 ? RED : status >= 400 ? YELLOW : GREEN, text),
  };
}

/**
 * How wide a terminal is; nothing where it does not know, which some say by 0.
 *
 * @example columnsOf({ columns: 80 }) // 80
 */
export function columnsOf({ columns }: { readonly columns?: number }): number | undefined {
  return columns === 0 ? undefined : columns;
}

/**
 * A text from elsewhere as one line of a terminal: whatever could steer the terminal is left out, and what does not fit.
 *
 * @example toLine('a\nb', 80) // 'ab'
 */
export function toLine(text: string, columns: number | undefined): string {
  const safe = text.replace(/\p{Cc}|\p{Cf}/gu, '');
  return columns === undefined || safe.length <= columns ? safe : `${safe.slice(0, Math.max(columns - 1, 0))}…`;
}

const [RED, GREEN, YELLOW, BLUE, MAGENTA, CYAN] = [31, 32, 33, 34, 35, 36] as const;

const COLOURS: readonly (readonly [RegExp, number])[] = [
  [/(created|activated)$/i, GREEN],
  [/suspended$/i, YELLOW],
  [/(cancelled|deleted|terminated)$/i, RED],
  [/received$/i, CYAN],
  [/(updated|change(d)?)$/i, BLUE],
];
