import { BlockList, isIP } from 'node:net';
import { SimulatorError } from '../../errors.ts';

/** Where deliveries may go. */
export interface AllowList {
  /**
   * Whether `address`, which `host` has been resolved to, may be connected to. `host` is the host name of the target's
   * URL as `URL` has normalized it, so that `http://0x7f.1/` asks for 127.0.0.1.
   */
  permits(target: { readonly host: string; readonly port: number }, address: string): boolean;
}

/**
 * Reads the entries of `--allow-callbacks`: host names, `*.example.com`, `*`, addresses and ranges (`10.0.0.0/8`), host
 * names and addresses with a port if only that is meant.
 *
 * An address that is not public (private, loopback, link-local, multicast …) is only permitted if the list names the
 * address, a range it is in, or exactly the host that has it: what is behind `*` may have been chosen by a stranger.
 *
 * @example createAllowList(['*.example.com', '10.1.0.0/16']).permits({ host: '10.1.2.3', port: 80 }, '10.1.2.3') // true
 */
export function createAllowList(entries: readonly string[]): AllowList {
  const special = rangesOf(SPECIAL_RANGES);
  const rules = entries.map((entry) => ruleOf(entry.trim()));
  return {
    permits({ host, port }, address) {
      const plain = unmapped(withoutBrackets(address));
      if (isIP(plain) === 0) return false;
      const name = withoutBrackets(host).toLowerCase().replace(/\.$/, '');
      const isPublic = !within(special, plain) && !embeddedAddresses(plain).some((inner) => within(special, inner));
      return rules.some((rule) => {
        if (rule.port !== undefined && rule.port !== port) return false;
        if (rule.kind === 'range') return within(rule.ranges, plain);
        if (rule.kind === 'host') return rule.name === name;
        return isPublic && (rule.suffix === '' || name.endsWith(rule.suffix));
      });
    },
  };
}

type Rule =
  | { readonly kind: 'range'; readonly ranges: BlockList; readonly port?: number }
  | { readonly kind: 'host'; readonly name: string; readonly port?: number }
  | { readonly kind: 'wildcard'; readonly suffix: string; readonly port?: number };

/** What is not a public unicast address: RFC 6890 and what has been registered since. */
const SPECIAL_RANGES: readonly string[] = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '::/128',
  '::1/128',
  '64:ff9b:1::/48',
  '100::/64',
  'fc00::/7',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
];

function ruleOf(entry: string): Rule {
  const [, base = '', bits = ''] = /^([^/]+)\/(\d{1,3})$/.exec(entry) ?? [];
  if (base !== '') {
    const address = withoutBrackets(base);
    const most = isIP(address) === 4 ? 32 : 128;
    if (isIP(address) === 0 || Number(bits) > most) throw unreadable(entry);
    return { kind: 'range', ranges: rangesOf([entry.replace(base, address)]) };
  }
  if (isIP(entry) !== 0) return { kind: 'range', ranges: rangesOf([entry]) };
  const [, wildcard, rest = ''] = /^(\*\.?)?(.*)$/.exec(entry) ?? [];
  // The characters of names, addresses and ports; anything else would become part of a path or of a user name.
  if (!/^[\p{L}\p{N}._:[\]-]*$/u.test(rest)) throw unreadable(entry);
  const readable = wildcard !== undefined && /^(:\d+)?$/.test(rest) ? `any${rest}` : rest;
  // A scheme without a default port, so that no port that was written is lost.
  if (!URL.canParse(`http://${readable}`)) throw unreadable(entry);
  const { hostname } = new URL(`http://${readable}`);
  const portText = /:(\d+)$/.exec(isIP(withoutBrackets(rest)) === 0 ? rest : '')?.[1];
  const port = portText === undefined ? undefined : Number(portText);
  if (wildcard === '*.' && readable === rest && rest !== '') return { kind: 'wildcard', suffix: `.${hostname}`, port };
  if (wildcard === '*' && readable !== rest) return { kind: 'wildcard', suffix: '', port };
  if (wildcard !== undefined || hostname === '') throw unreadable(entry);
  const address = withoutBrackets(hostname);
  if (isIP(address) !== 0) return { kind: 'range', ranges: rangesOf([address]), port };
  return { kind: 'host', name: hostname.replace(/\.$/, ''), port };
}

function rangesOf(texts: readonly string[]): BlockList {
  const list = new BlockList();
  for (const text of texts) {
    const [base = '', bits] = text.split('/');
    const address = unmapped(base);
    const family = isIP(address) === 4 ? 'ipv4' : 'ipv6';
    const width = family === 'ipv4' ? 32 : 128;
    // A range of mapped addresses is a range of the addresses inside.
    const prefix = Number(bits ?? width) - (bits !== undefined && address !== base ? 96 : 0);
    if (prefix < 0) list.addSubnet(base, Number(bits), 'ipv6');
    else list.addSubnet(address, Math.min(prefix, width), family);
  }
  return list;
}

function within(list: BlockList, address: string): boolean {
  return list.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6');
}

/** An IPv4-mapped address as the IPv4 address that is connected to; any other as it is. */
function unmapped(address: string): string {
  const [bare = ''] = address.split('%');
  const groups = groupsOf(bare);
  if (groups === undefined || !groups.slice(0, 5).every((group) => group === 0) || groups[5] !== 0xffff) return bare;
  return ipv4Of(groups[6], groups[7]);
}

/** The IPv4 addresses that a translator or tunnel would make of an IPv6 address: it is as public as they are. */
function embeddedAddresses(address: string): readonly string[] {
  const groups = groupsOf(address);
  if (groups === undefined) return [];
  const isNat64 = groups[0] === 0x64 && groups[1] === 0xff9b && groups.slice(2, 6).every((group) => group === 0);
  const isCompatible = groups.slice(0, 6).every((group) => group === 0);
  if (isNat64 || isCompatible) return [ipv4Of(groups[6], groups[7])];
  if (groups[0] === 0x2002) return [ipv4Of(groups[1], groups[2])];
  // Teredo hides the client's address by turning its bits over.
  if (groups[0] === 0x2001 && groups[1] === 0) return [ipv4Of((groups[6] ?? 0) ^ 0xffff, (groups[7] ?? 0) ^ 0xffff)];
  return [];
}

/** The eight groups of an IPv6 address; `undefined` for anything else. */
function groupsOf(address: string): readonly number[] | undefined {
  if (isIP(address) !== 6) return undefined;
  // `URL` writes every form of an address in one: no dotted part, no leading zeros, the longest run of zeros left out.
  const [head = '', tail] = withoutBrackets(new URL(`http://[${address}]/`).hostname).split('::');
  const read = (part: string) => (part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16)));
  if (tail === undefined) return read(head);
  const [before, after] = [read(head), read(tail)];
  return [...before, ...new Array<number>(8 - before.length - after.length).fill(0), ...after];
}

function ipv4Of(high = 0, low = 0): string {
  return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.');
}

function withoutBrackets(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1');
}

function unreadable(entry: string): SimulatorError {
  return new SimulatorError(
    'CONFIG_INVALID',
    `Failed to read the allowed callbacks: "${entry}" is neither a host nor an address. Use entries such as example.com, *.example.com, 10.0.0.7, 10.0.0.0/8 or receiver:8080.`,
  );
}
