import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { youngGeneration } from '../../src/surfaces/memory-watch.ts';

test.each([
  ['11.3.244.8-node.38', '', 48],
  ['12.4.254.21-node.33', '--inspect', 48],
  ['13.6.233.17-node.37', '', 192],
  ['11.3.244.8-node.38', '--max-semi-space-size=64', 192],
  ['13.6.233.17-node.37', '--max_semi_space_size=8 --max-semi-space-size 16', 48],
])('what V8 %s sets apart with the flags "%s" is %s MiB', (v8, flags, megabytes) => {
  expect(youngGeneration({ v8, flags })).toBe(megabytes * 2 ** 20);
});

test('this Node sets apart what is said of it', () => {
  const limit = `process.stdout.write(String(require('node:v8').getHeapStatistics().heap_size_limit))`;
  const told = execFileSync(process.execPath, ['--max-old-space-size=1000', '--eval', limit], { encoding: 'utf8' });
  expect(youngGeneration({ v8: process.versions.v8, flags: '' })).toBe(Number(told) - 1_000 * 2 ** 20);
});
