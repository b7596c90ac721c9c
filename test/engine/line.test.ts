import { expect, test } from 'vitest';
import { type Lanes, Line } from '../../src/engine/delivery/line.ts';

/** A line whose receivers answer, and whose patience ends, when the test says so. */
function lineOf({ most = 64, own = [] }: { most?: number; own?: readonly string[] } = {}) {
  const happened: string[] = [];
  const answers = new Map<string, () => void>();
  const impatient: (() => void)[] = [];
  const lanes: Lanes = {
    most,
    isOwn: (target) => own.includes(target),
    slow: () => new Promise((resolve) => impatient.push(resolve)),
  };
  const line = new Line(lanes);
  return {
    line,
    happened,
    /** Puts an attempt at the end, which is answered when it is told to. */
    add(name: string, target = `http://${name}.example/`): void {
      line.add(target, async () => {
        happened.push(`${name} begins`);
        await new Promise<void>((resolve) => answers.set(name, resolve));
        return () => void happened.push(`${name} happens`);
      });
    },
    async answer(name: string): Promise<void> {
      answers.get(name)?.();
      await quiet();
    },
    /** Whoever is asked just now has taken so long that others need not wait. */
    async loseAllPatience(): Promise<void> {
      // Whoever comes next is waited for, too.
      for (let round = 0; round < 100; round += 1) {
        for (const end of impatient.splice(0)) end();
        await quiet();
      }
    },
  };
}

/** Lets everything happen that waits for nothing outside. */
function quiet(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

test('attempts are made one after another as long as receivers answer soon', async () => {
  const { add, answer, happened } = lineOf();
  add('a');
  add('b');
  await quiet();
  expect(happened).toEqual(['a begins']);

  await answer('a');
  await answer('b');
  expect(happened).toEqual(['a begins', 'a happens', 'b begins', 'b happens']);
});

test('nobody waits for a receiver that takes long, and yet what comes of it happens in order', async () => {
  const { add, answer, loseAllPatience, happened } = lineOf();
  add('slow');
  add('fast');
  await loseAllPatience();
  await answer('fast');
  expect(happened).toEqual(['slow begins', 'fast begins']);

  await answer('slow');
  expect(happened).toEqual(['slow begins', 'fast begins', 'slow happens', 'fast happens']);
});

test('two attempts at one target never run side by side', async () => {
  const { add, answer, loseAllPatience, happened } = lineOf();
  add('first', 'http://same.example/');
  add('second', 'http://same.example/');
  await loseAllPatience();
  expect(happened).toEqual(['first begins']);

  await answer('first');
  expect(happened).toEqual(['first begins', 'first happens', 'second begins']);
});

test('what the receiver of an attempt asks for waits until all before it has happened', async () => {
  const { line, add, answer, loseAllPatience, happened } = lineOf();
  add('slow');
  line.add('http://calls-back.example/', async (inPlace) => {
    await inPlace?.();
    happened.push('its receiver calls back');
    return () => void happened.push('it happens');
  });
  await loseAllPatience();
  expect(happened).toEqual(['slow begins']);

  await answer('slow');
  expect(happened.slice(1)).toEqual(['slow happens', 'its receiver calls back', 'it happens']);
});

test('who calls back waits no longer once another world has come', async () => {
  const { line, add, loseAllPatience } = lineOf();
  add('hung');
  const called = new Promise<void>((resolve) => {
    line.add('http://calls-back.example/', async (inPlace) => {
      await inPlace?.();
      resolve();
      return undefined;
    });
  });
  await loseAllPatience();
  line.replace();
  await expect(called).resolves.toBeUndefined();
});

test('no more are under way than there are lanes', async () => {
  const { add, answer, loseAllPatience, happened } = lineOf({ most: 2 });
  for (const name of ['a', 'b', 'c']) add(name);
  await loseAllPatience();
  expect(happened).toEqual(['a begins', 'b begins']);

  await answer('a');
  expect(happened).toEqual(['a begins', 'b begins', 'a happens', 'c begins']);
});

test('nothing runs beside an attempt at this simulator, nor that beside anything', async () => {
  const { add, answer, loseAllPatience, happened } = lineOf({ own: ['http://own.example/'] });
  add('slow');
  add('own');
  add('after');
  await loseAllPatience();
  expect(happened).toEqual(['slow begins']);

  await answer('slow');
  await loseAllPatience();
  expect(happened).toEqual(['slow begins', 'slow happens', 'own begins']);
  await answer('own');
  expect(happened.slice(3)).toEqual(['own happens', 'after begins']);
});

test('500 distinct receivers that hang do not stop who waits for a turn', async () => {
  const { line, add, loseAllPatience, happened } = lineOf({ most: 1_000 });
  for (let count = 0; count < 500; count += 1) add(`hung-${count}`);
  let hasTurn = false;
  void line.turn().then(() => {
    hasTurn = true;
  });
  for (let round = 0; round < 6; round += 1) await loseAllPatience();

  expect(hasTurn).toBe(true);
  expect(happened).toHaveLength(500);
  expect(line.count).toBe(500);
});

test('who waits for all is let go once they are done, or another world has come', async () => {
  const { line, add, answer } = lineOf();
  add('a');
  const idle = line.idle();
  await quiet();
  await answer('a');
  await expect(idle).resolves.toBeUndefined();

  add('hung');
  const again = line.idle();
  line.replace();
  await expect(again).resolves.toBeUndefined();
  expect(line.count).toBe(0);
});

test('who waits only for those that answer soon does not wait for one that takes long', async () => {
  const { line, add, loseAllPatience } = lineOf();
  add('hung');
  const soon = line.idleSoon();
  await loseAllPatience();
  await expect(soon).resolves.toBeUndefined();
  expect(line.count).toBe(1);
});

test('who waits while there is no end of new ones waits for those that are under way', async () => {
  const { line, add, answer, loseAllPatience } = lineOf({ own: ['http://own.example/'] });
  add('first', 'http://own.example/');
  let isOver = false;
  const soon = line
    .idleSoon(() => true)
    .then(() => {
      isOver = true;
    });
  add('next', 'http://own.example/');
  await loseAllPatience();
  expect(isOver).toBe(false);

  await answer('first');
  await loseAllPatience();
  await expect(soon).resolves.toBeUndefined();
  expect(line.count).toBe(1);
});

test('an attempt that came to nothing lets the next one happen', async () => {
  const { line, add, answer, happened } = lineOf();
  line.add('http://none.example/', async () => undefined);
  add('next');
  await quiet();
  await answer('next');
  expect(happened).toEqual(['next begins', 'next happens']);
});

test('without lanes everything waits for the one before', async () => {
  const line = new Line(undefined);
  const happened: number[] = [];
  for (const each of [1, 2, 3]) line.add(`http://${each}.example/`, async () => () => void happened.push(each));
  await line.idleSoon();
  expect(happened).toEqual([1, 2, 3]);
});

test('who waits for those that answer soon keeps nobody from answering, whenever the next one begins', async () => {
  for (let after = 0; after < 8; after += 1) {
    let asked = 0;
    const lanes: Lanes = {
      most: 4,
      isOwn: () => true,
      slow: () => {
        asked += 1;
        // Without a turn for anybody else it would be asked for ever.
        if (asked > 100) throw new Error('asked too often');
        return new Promise(() => {});
      },
    };
    const line = new Line(lanes);
    let answerFirst = (): void => {};
    let answerSecond = (): void => {};
    line.add('http://own.example/', () => new Promise((resolve) => (answerFirst = () => resolve(undefined))));
    const soon = line.idleSoon();
    await quiet();
    answerFirst();
    await line.idle();
    for (let step = 0; step < after; step += 1) await undefined;
    line.add('http://own.example/', () => new Promise((resolve) => (answerSecond = () => resolve(undefined))));
    await quiet();
    answerSecond();
    await expect(soon).resolves.toBeUndefined();
  }
});
