import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Commit } from '../../src/engine/commit.ts';
import type { OperationInput } from '../../src/engine/input.ts';
import { commitFacts, keptLine, wholeLine } from '../../src/engine/keeping/commit-lines.ts';
import { Restorer, Shortener } from '../../src/engine/keeping/short-lines.ts';
import { NO_CONSEQUENCES } from '../../src/engine/state/consequences.ts';
import type { Write } from '../../src/engine/state/store/store.ts';

/** Every member that a request may have: one that is new has to be told by lines, too. */
const FULL: Required<OperationInput> = {
  kind: 'operation',
  operation: 'shop/shop/createOrder',
  method: 'POST',
  url: '/orders',
  path: { id: '1' },
  query: { page: 1 },
  rawQuery: 'page=1',
  headers: { accept: 'a/b' },
  body: { note: 'one' },
  size: 4,
  bytes: 'AAAA',
  principal: { subject: 'anybody', scopes: [], isAdministrator: false },
  origin: 'http://a.test',
  prefix: '/@a',
  notes: ['ignored'],
  recordedIn: 'both',
  isSample: true,
  trace: 'ab',
  refusal: { status: 400, code: 'INVALID_REQUEST', message: 'No.', violations: [], headers: {}, details: {} },
};
const NEEDED = ['kind', 'operation', 'method', 'url', 'path', 'query', 'rawQuery', 'headers'] as const;
const OTHER: Partial<Record<keyof OperationInput, unknown>> = {
  operation: 'shop/shop/changeOrder',
  method: 'PATCH',
  url: '/orders/2',
  path: { id: '2' },
  query: {},
  rawQuery: '',
  body: null,
  size: 9,
  bytes: 'BBBB',
  principal: { subject: 'somebody', scopes: ['read'], isAdministrator: true },
  origin: 'http://b.test',
  prefix: '',
  notes: ['another'],
  recordedIn: 'journal',
  isSample: false,
  trace: 'cd',
};

const changeable = Object.keys(FULL).filter((name) => name !== 'kind' && name !== 'headers');
const requests = fc.record({
  client: fc.integer({ min: 0, max: 80 }),
  others: fc.subarray(changeable),
  missing: fc.subarray(changeable.filter((name) => !(NEEDED as readonly string[]).includes(name))),
  answer: fc.constantFrom('none', 'stored', 'alike', 'bytes', 'broken'),
  isReset: fc.integer({ min: 0, max: 30 }).map((chance) => chance === 0),
});

const CLIENTS = Array.from({ length: 81 }, (_, client) => ({ accept: `client/${client}` }));
const stored = { note: 'one', state: 'Open' };
const violations = [{ in: 'body' as const, path: '/note', message: 'is required' }];
const ANSWERS = {
  none: undefined,
  stored: { status: 201, headers: { a: 'b' }, body: stored, violations: [] },
  alike: { status: 200, headers: {}, body: { ...stored }, violations: [] },
  bytes: { status: 200, headers: {}, body: Buffer.from('text'), violations: [] },
  broken: { status: 200, headers: {}, body: stored, violations },
};
const CLOCK = { now: 0, mode: 'manual' as const, rate: 1 };

function commitOf(number: number, input: unknown, answer: keyof typeof ANSWERS): { commit: Commit; writes: Write[] } {
  const writes: Write[] = [
    { collection: 'gone', id: '1' },
    { collection: 'shop/Order', id: '2', entity: stored },
  ];
  const commit = new Commit(
    number,
    number,
    input as OperationInput,
    number,
    undefined,
    ANSWERS[answer],
    NO_CONSEQUENCES,
    writes,
    undefined,
  );
  return { commit, writes };
}

test('whatever clients send and are answered, in whatever order, is read again as it was', () => {
  fc.assert(
    fc.property(fc.array(requests, { maxLength: 200 }), (list) => {
      const shortener = new Shortener();
      const restorer = new Restorer();
      for (const [index, { client, others, missing, answer, isReset }] of list.entries()) {
        const input: Record<string, unknown> = { ...FULL, headers: CLIENTS[client] };
        for (const name of others) if (name in OTHER) input[name] = OTHER[name as keyof OperationInput];
        for (const name of missing) delete input[name];
        if (isReset) shortener.reset();
        const { commit, writes } = commitOf(index + 1, input, answer);
        const line = keptLine({ commit, writes, clock: CLOCK }, shortener);
        const [, facts, written] = wholeLine(JSON.parse(line), restorer);
        expect(facts).toEqual(JSON.parse(JSON.stringify(commitFacts(commit))));
        expect(written[1]?.[2]).toEqual(stored);
      }
    }),
    { numRuns: 60 },
  );
});

test('what a client repeats and what was stored is written once', () => {
  const shortener = new Shortener();
  const line = (number: number) => {
    const { commit, writes } = commitOf(number, { ...FULL, body: { note: number } }, 'stored');
    return keptLine({ commit, writes, clock: CLOCK }, shortener);
  };
  expect(line(1)).toContain('"accept":"a/b"');
  expect(line(2)).not.toContain('"accept"');
  expect(line(2).match(/"state":"Open"/g)).toHaveLength(1);
  shortener.reset();
  expect(line(3)).toContain('"accept":"a/b"');
});

test('a line that names one that has not come is refused, and nothing is made up for it', () => {
  const shortener = new Shortener();
  const [, second] = [1, 2].map((number) => {
    const { commit, writes } = commitOf(number, { ...FULL }, 'none');
    return keptLine({ commit, writes, clock: CLOCK }, shortener);
  });
  expect(() => wholeLine(JSON.parse(second ?? ''), new Restorer())).toThrow('names what is not there: like 0');
});
