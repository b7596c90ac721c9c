/** The chance a format draws on. */
export interface Chance {
  next(): number;
  int(min: number, max: number): number;
  pick<T>(from: readonly T[]): T;
}

const DAY = 86_400_000;

/**
 * Makes what writes strings of each format. All of it is safe to publish: hosts and mailboxes of RFC 2606, addresses
 * and telephone numbers that are reserved for fiction and documentation.
 *
 * @example
 * createFormats(Date.parse('2026-01-01T00:00:00Z')).email?.(chance); // 'amber.birch@example.com'
 */
export function createFormats(now: number): Record<string, (chance: Chance) => string> {
  const time = (chance: Chance) => new Date(now - chance.int(0, 30 * DAY)).toISOString();
  const word = (chance: Chance) => chance.pick(WORDS);
  const email = (chance: Chance) => `${word(chance)}.${word(chance)}@example.com`;
  const host = (chance: Chance) => `${word(chance)}.example.com`;
  const uri = (chance: Chance) => `https://example.com/${word(chance)}`;
  const path = (chance: Chance) => `/${word(chance)}/${chance.int(0, 999)}`;
  return {
    'date-time': time,
    date: (chance) => time(chance).slice(0, 10),
    time: (chance) => time(chance).slice(11),
    duration: (chance) => `P${chance.int(1, 30)}D`,
    email,
    'idn-email': email,
    hostname: host,
    'idn-hostname': host,
    uri,
    url: uri,
    iri: uri,
    'uri-reference': path,
    'iri-reference': path,
    'uri-template': (chance) => `${uri(chance)}/{id}`,
    'json-pointer': path,
    'relative-json-pointer': (chance) => `${chance.int(0, 3)}${path(chance)}`,
    regex: (chance) => `^${word(chance)}$`,
    ipv4: (chance) => `${chance.pick(['192.0.2', '198.51.100', '203.0.113'])}.${chance.int(1, 254)}`,
    ipv6: (chance) => `2001:db8::${chance.int(1, 0xffff).toString(16)}`,
    uuid,
    byte: (chance) => Buffer.from(word(chance)).toString('base64'),
    binary: word,
    password: word,
    [OWN_FORMATS.phone]: phone,
    [OWN_FORMATS.currency]: (chance) => chance.pick(['USD', 'EUR', 'GBP']),
    'x-first-name': (chance) => chance.pick(FIRST_NAMES),
    'x-last-name': (chance) => chance.pick(LAST_NAMES),
    'x-full-name': (chance) => `${chance.pick(FIRST_NAMES)} ${chance.pick(LAST_NAMES)}`,
    'x-company': (chance) => `${chance.pick(LAST_NAMES)} ${chance.pick(['Ltd', 'Inc', 'GmbH'])}`,
    'x-city': (chance) => chance.pick(CITIES),
    'x-country': (chance) => chance.pick(COUNTRIES),
    'x-street': (chance) => `${chance.int(1, 99)} ${chance.pick(LAST_NAMES)} Street`,
    'x-postcode': (chance) => String(chance.int(10_000, 99_999)),
    [OWN_FORMATS.words]: (chance) => `${word(chance)} ${word(chance)}`,
  };
}

/** Formats for what contracts leave to the name of a property, or do not say at all. */
export const OWN_FORMATS = { phone: 'x-phone', currency: 'x-currency', words: 'x-words' } as const;

const FIRST_NAMES = ['Ada', 'Ben', 'Cleo', 'Dan', 'Eve', 'Finn', 'Gita', 'Hugo', 'Ines', 'Jon', 'Kira', 'Leo'] as const;
const LAST_NAMES = ['Archer', 'Baker', 'Carter', 'Draper', 'Fisher', 'Glover', 'Hunter', 'Mason', 'Potter'] as const;
const CITIES = ['Bristol', 'Leipzig', 'Lyon', 'Oslo', 'Porto', 'Turin', 'Utrecht', 'Vienna'] as const;
const COUNTRIES = ['Austria', 'France', 'Germany', 'Italy', 'Norway', 'Portugal', 'United Kingdom'] as const;

// biome-ignore format: a list
const WORDS = [
  'amber', 'birch', 'cedar', 'delta', 'ember', 'fjord', 'grove', 'harbor', 'indigo', 'juniper', 'kestrel', 'lagoon',
  'maple', 'north', 'ochre', 'prairie', 'quartz', 'ridge', 'sierra', 'tundra', 'umber', 'valley', 'willow', 'zephyr',
] as const;

function uuid(chance: Chance): string {
  const hex = (digits: number) =>
    chance
      .int(0, 16 ** digits - 1)
      .toString(16)
      .padStart(digits, '0');
  const variant = chance.pick(['8', '9', 'a', 'b']);
  return `${hex(8)}-${hex(4)}-4${hex(3)}-${variant}${hex(3)}-${hex(12)}`;
}

/** Numbers that regulators keep free for drama and documentation (Ofcom, NANPA, BNetzA): they reach nobody. */
function phone(chance: Chance): string {
  const digits = (count: number) => String(chance.int(0, 10 ** count - 1)).padStart(count, '0');
  return chance.pick([
    () => `+44207946${`0${digits(3)}`}`,
    () => `+447700900${digits(3)}`,
    () => `+1212555${`01${digits(2)}`}`,
    () => `+493023125${digits(3)}`,
  ])();
}
