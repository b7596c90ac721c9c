import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countFrames, FrameBuffer, frame, readFrames } from '../../src/stores/file/frames.ts';

const lineLists = fc.array(fc.array(fc.string({ unit: 'grapheme' }).map((text) => JSON.stringify([text]))), {
  maxLength: 5,
});

test('a buffer holds the frames of its lines, also when it is filled again with others', () => {
  fc.assert(
    fc.property(lineLists, fc.integer({ min: 1, max: 1e12 }), (lists, first) => {
      const buffer = new FrameBuffer();
      for (const lines of lists)
        expect(buffer.fill(first, lines).toString()).toBe(lines.map((line, at) => frame(first + at, line)).join(''));
    }),
  );
});

test('a line that is larger than a buffer keeps is written as any other, and read again', async () => {
  const buffer = new FrameBuffer();
  const lines = ['["before"]', JSON.stringify(['ü'.repeat(600_000)]), '["after"]'];
  const read: string[] = [];
  for await (const each of readFrames(
    (async function* () {
      yield buffer.fill(1, lines);
    })(),
  ))
    read.push('text' in each ? each.text : 'damaged');
  expect(read).toEqual(lines);
});

test('as many lines are counted as are read, wherever a file was cut or changed', async () => {
  const whole = new FrameBuffer().fill(1, ['["one"]', '["zwei ü"]', '["three"]']);
  const pieces = (bytes: Uint8Array) =>
    (async function* () {
      for (let from = 0; from < bytes.length; from += 7) yield bytes.subarray(from, from + 7);
    })();
  for (let at = 0; at < whole.length; at += 1) {
    const changed = Buffer.from(whole);
    changed[at] = (changed[at] ?? 0) ^ 1;
    for (const bytes of [whole.subarray(0, at), changed]) {
      let read = 0;
      for await (const each of readFrames(pieces(bytes))) if ('text' in each) read += 1;
      expect(await countFrames(pieces(bytes))).toBe(read);
      expect(read).toBeLessThan(3);
    }
  }
  expect(await countFrames(pieces(whole))).toBe(3);
});
