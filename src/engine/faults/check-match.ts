import { nearestWord, suggestion } from '../../lib/nearest-word.ts';
import type { Operation } from '../../model/operation.ts';
import type { Violation } from '../../model/schema.ts';
import { channelMatcher } from '../records/event-log.ts';
import type { ContractView } from '../state/contract-view.ts';
import type { FaultMatch } from './fault.ts';

/**
 * Why a fault could never strike: what it names is in no contract. Each violation has the nearest name that there is.
 *
 * @example checkMatch({ operationId: 'createCustomr' }, registry)[0].message // '… Did you mean `createCustomer`?'
 */
export function checkMatch(match: FaultMatch, registry: ContractView): readonly Violation[] {
  const { channel, target, system } = match;
  // Where deliveries go, only those who ask for them know.
  if (target !== undefined) return [];
  return channel === undefined ? checkRequest(match, registry) : checkEvent(channel, system, registry);
}

function checkEvent(channel: string, system: string | undefined, { channels }: ContractView): readonly Violation[] {
  const fits = channelMatcher(channel);
  const meant = channels.filter((each) => fits(each.channel.address));
  if (meant.length === 0) {
    const known = channels.map((each) => each.channel.address);
    return [unknown('channel', 'no channel of a contract is called this', nearest(channel, known))];
  }
  if (system === undefined) return [];
  const ofSystem = channelMatcher(system);
  if (meant.some((each) => ofSystem(each.channel.system))) return [];
  return [unknown('system', 'none of these channels is of this system', meant[0]?.channel.system)];
}

function checkRequest(match: FaultMatch, { faultTargets }: ContractView): readonly Violation[] {
  const all = faultTargets.map(({ operation }) => operation);
  const found: Violation[] = [];
  const need = (name: keyof FaultMatch, message: string, known: (operation: Operation) => readonly string[]): void => {
    const value = match[name];
    if (value === undefined || all.some((operation) => TESTS[name]?.(value, operation) === true)) return;
    found.push(unknown(name, message, nearest(value, [...new Set(all.flatMap(known))])));
  };
  need('operationId', 'no operation that a fault can strike has this id', ({ id }) => [id]);
  need('system', 'no system that a fault can strike is called this', ({ system }) => [system]);
  need('method', 'no operation has this method', ({ method }) => [method]);
  need('path', 'no operation that a fault can strike is at this path', pathsOf);
  if (found.length > 0 || all.some((operation) => fitsAll(match, operation))) return found;
  return [{ in: 'body', path: '/match', message: 'no operation is all of this at once' }];
}

const TESTS: Readonly<Partial<Record<keyof FaultMatch, (value: string, operation: Operation) => boolean>>> = {
  operationId: (value, { id }) => channelMatcher(value)(id),
  system: (value, { system }) => channelMatcher(value)(system),
  method: (value, { method }) => value.toUpperCase() === method,
  path: (value, operation) => pathsOf(operation).some((path) => value === path || meet(value, path)),
};

function fitsAll(match: FaultMatch, operation: Operation): boolean {
  return Object.entries(TESTS).every(([name, test]) => {
    const value = match[name as keyof FaultMatch];
    return value === undefined || test(value, operation);
  });
}

function pathsOf({ path, aliases = [] }: Operation): readonly string[] {
  return [path, ...aliases];
}

function unknown(name: string, message: string, meant: string | undefined): Violation {
  return {
    in: 'body',
    path: `/match/${name}`,
    message: meant === undefined ? message : `${message}. ${suggestion(meant)}`,
  };
}

/** A pattern is compared as it is written, so that `customers/*` is near `customer/*`, of which there are many. */
function nearest(word: string, known: readonly string[]): string | undefined {
  if (!word.includes('*')) return nearestWord(word, known);
  const patterns = known.map((each) => {
    const cut = each.lastIndexOf('/');
    return cut > 0 ? `${each.slice(0, cut)}/*` : '*';
  });
  return nearestWord(word, new Set(patterns.filter((pattern) => pattern !== '*')));
}

/**
 * Whether a path can fit both: a pattern with `*` for any text, and a template with `{name}` for any text but slashes.
 * It goes through both at once and keeps every pair of places that they can be in.
 */
function meet(pattern: string, template: string): boolean {
  const parts = template.split(/(\{[^}]*\})/).flatMap((part) => (part.startsWith('{') ? [undefined] : [...part]));
  const width = parts.length + 1;
  const seen = new Set<number>();
  const open: [number, number][] = [[0, 0]];
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    const [left, right] = place;
    if (left === pattern.length && right === parts.length) return true;
    const key = left * width + right;
    if (seen.has(key)) continue;
    seen.add(key);
    const a = pattern[left];
    const isOver = right >= parts.length;
    const b = parts[right];
    // Either side's wild card may take nothing, or what the other side has next.
    if (a === '*') open.push([left + 1, right]);
    if (!isOver && b === undefined) open.push([left, right + 1]);
    if (a === '*' && !isOver) open.push([left, right + 1]);
    if (!isOver && b === undefined && a !== undefined && a !== '/') open.push([left + 1, right]);
    if (a !== undefined && a === b) open.push([left + 1, right + 1]);
  }
  return false;
}
