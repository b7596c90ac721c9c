import { type Instant, parseDuration, parseInstant } from '../lib/time.ts';
import { isWebhookSecret } from '../lib/webhook-secret.ts';

/** What JSON Schema alone cannot say of a text: what it must be, in words for messages, and whether it is. */
export interface Format {
  readonly expected: string;
  readonly validate: (text: string) => boolean;
}

export type OptionFormat =
  | 'bearer-token'
  | 'clock'
  | 'fixed-duration'
  | 'host-name'
  | 'http-origin'
  | 'http-url'
  | 'origin'
  | 'webhook-secret'
  /** Relative to the folder of the configuration file that it stands in. */
  | 'path'
  /** `memory`, `file:` and a folder, which is read as a `path`, or the address of a database. */
  | 'store'
  /** A path where it looks like one: it has a slash or a dot in it. */
  | 'name-or-path';

export const FORMATS: Readonly<Record<OptionFormat, Format>> = {
  'bearer-token': {
    expected: 'letters, digits and signs of ASCII without blanks: nothing else can stand in the header that carries it',
    validate: (text) => /^[\x21-\x7e]+$/.test(text),
  },
  clock: {
    expected: 'an ISO 8601 time before the year 9999 such as 2026-01-01T00:00:00.000Z, "real", or "real@" and a time',
    validate: (text) => text === 'real' || isStart(parseInstant(text.replace(/^real@/, ''))),
  },
  'fixed-duration': {
    expected: 'an ISO 8601 duration without months, such as PT5S or P1D',
    validate: (text) => parseDuration(text)?.months === 0,
  },
  'host-name': {
    expected: 'a host name or address without a port, such as bss.test',
    validate: (text) => URL.canParse(`http://${text}`) && new URL(`http://${text}`).hostname === text.toLowerCase(),
  },
  'http-origin': {
    expected: 'an address such as https://bss.example.com',
    validate: (text) => isHttpUrl(text) && !/[?#]/.test(text),
  },
  'http-url': { expected: 'an http or https address', validate: isHttpUrl },
  origin: {
    expected: 'scheme, host and port of a page, such as http://localhost:3000',
    validate: (text) => isHttpUrl(text) && new URL(text).origin === text,
  },
  'webhook-secret': { expected: 'whsec_ and the base64 of 24 to 64 bytes', validate: isWebhookSecret },
  store: {
    expected: 'memory, file: and a folder such as file:worlds, or an address such as postgres://localhost/worlds',
    validate: (text) => /^(memory|file:.+|postgres(ql)?:\/\/.+)$/s.test(text),
  },
  path: { expected: 'a path', validate: () => true },
  'name-or-path': { expected: 'a name or a path', validate: () => true },
};

/** A world that begins in the last year has no time for what is due in a month. */
function isStart(instant: Instant | undefined): boolean {
  return instant !== undefined && instant < Date.UTC(9999, 0, 1);
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}
