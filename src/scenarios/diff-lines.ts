import { isRecord, isSameJson, toPointer } from './json-values.ts';

interface Change {
  readonly kind: 'same' | 'missing' | 'extra';
  readonly text: string;
  /** Line numbers from 1. */
  readonly expectedLine: number;
  readonly actualLine: number;
}

/** Above this many cells, lines are not matched one by one: the middle is shown as replaced. */
const MOST_CELLS = 4_000_000;
const CONTEXT = 2;
const MOST_LINES = 60;
const LONGEST = 240;

/**
 * How two texts of JSON lines differ, for a person: `-` is missing, `+` is new; of two lines that replace each other,
 * only the members that differ are shown. No lines where they are the same.
 *
 * @example diffLines('{"a":1}\n', '{"a":2}\n') // ['line 1:', '  /a: expected 1, got 2']
 */
export function diffLines(expected: string, actual: string): string[] {
  if (expected === actual) return [];
  const changes = changesOf(toLines(expected), toLines(actual));
  const shown: string[] = [];
  for (let at = 0; at < changes.length; at += 1) {
    if (shown.length >= MOST_LINES) return [...shown, '… and more'];
    const change = changes[at] as Change;
    if (change.kind === 'same') {
      const isNear = changes.slice(Math.max(0, at - CONTEXT), at + CONTEXT + 1).some(({ kind }) => kind !== 'same');
      if (isNear) shown.push(`  ${short(change.text)}`);
      continue;
    }
    const end = changes.findIndex(({ kind }, index) => index > at && kind === 'same');
    const block = changes.slice(at, end === -1 ? undefined : end);
    shown.push(...describeBlock(block));
    at += block.length - 1;
  }
  return shown.length > 0 ? shown : ['They differ only in how the last line ends.'];
}

function describeBlock(block: readonly Change[]): string[] {
  const missing = block.filter(({ kind }) => kind === 'missing');
  const extra = block.filter(({ kind }) => kind === 'extra');
  const lines = [`line ${block[0]?.expectedLine ?? 1}:`];
  for (let index = 0; index < Math.max(missing.length, extra.length); index += 1) {
    const [before, after] = [missing[index]?.text, extra[index]?.text];
    const members = before !== undefined && after !== undefined ? differences(before, after) : undefined;
    if (members !== undefined) lines.push(...members.map((line) => `  ${line}`));
    else {
      if (before !== undefined) lines.push(`- ${short(before)}`);
      if (after !== undefined) lines.push(`+ ${short(after)}`);
    }
  }
  return lines;
}

/** Member by member, where two lines are objects of the same kind with few differences. */
function differences(before: string, after: string): string[] | undefined {
  try {
    const [a, b] = [JSON.parse(before) as unknown, JSON.parse(after) as unknown];
    if (!isRecord(a) || !isRecord(b) || a.kind !== b.kind) return undefined;
    const found = compareParts(a, b, []);
    return found.length <= 12 ? found : undefined;
  } catch {
    return undefined;
  }
}

function compareParts(a: unknown, b: unknown, keys: readonly string[]): string[] {
  if (isSameJson(a, b) && (a === undefined) === (b === undefined)) return [];
  const isPair = (isRecord(a) && isRecord(b)) || (Array.isArray(a) && Array.isArray(b));
  if (!isPair) return [`${toPointer(keys)}: expected ${show(a)}, got ${show(b)}`];
  const [before, after] = [a as Record<string, unknown>, b as Record<string, unknown>];
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.flatMap((name) => compareParts(before[name], after[name], [...keys, name]));
}

function changesOf(expected: readonly string[], actual: readonly string[]): Change[] {
  let head = 0;
  while (head < expected.length && head < actual.length && expected[head] === actual[head]) head += 1;
  let tail = 0;
  const most = Math.min(expected.length, actual.length) - head;
  while (tail < most && expected[expected.length - 1 - tail] === actual[actual.length - 1 - tail]) tail += 1;
  const same = (from: number, to: number, shift: number): Change[] =>
    expected.slice(from, to).map((text, index) => ({
      kind: 'same',
      text,
      expectedLine: from + index + 1,
      actualLine: from + index + 1 + shift,
    }));
  return [
    ...same(0, head, 0),
    ...matchLines(expected.slice(head, expected.length - tail), actual.slice(head, actual.length - tail), head),
    ...same(expected.length - tail, expected.length, actual.length - expected.length),
  ];
}

/** The longest common subsequence, walked from the front. */
function matchLines(expected: readonly string[], actual: readonly string[], offset: number): Change[] {
  const width = actual.length + 1;
  const isSmall = (expected.length + 1) * width <= MOST_CELLS;
  const lengths = new Uint32Array(isSmall ? (expected.length + 1) * width : 0);
  for (let row = expected.length - 1; isSmall && row >= 0; row -= 1) {
    for (let column = actual.length - 1; column >= 0; column -= 1) {
      lengths[row * width + column] =
        expected[row] === actual[column]
          ? (lengths[(row + 1) * width + column + 1] ?? 0) + 1
          : Math.max(lengths[(row + 1) * width + column] ?? 0, lengths[row * width + column + 1] ?? 0);
    }
  }
  const changes: Change[] = [];
  let [row, column] = [0, 0];
  while (row < expected.length || column < actual.length) {
    const [before, after] = [expected[row], actual[column]];
    const place = { expectedLine: offset + row + 1, actualLine: offset + column + 1 };
    if (isSmall && before !== undefined && before === after) {
      changes.push({ kind: 'same', text: before, ...place });
      row += 1;
      column += 1;
      continue;
    }
    const isMissing =
      after === undefined ||
      (before !== undefined &&
        (!isSmall || (lengths[(row + 1) * width + column] ?? 0) >= (lengths[row * width + column + 1] ?? 0)));
    if (isMissing) {
      changes.push({ kind: 'missing', text: before ?? '', ...place });
      row += 1;
    } else {
      changes.push({ kind: 'extra', text: after, ...place });
      column += 1;
    }
  }
  return changes;
}

function toLines(text: string): string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

function show(value: unknown): string {
  return value === undefined ? 'nothing' : short(JSON.stringify(value));
}

function short(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`;
}
