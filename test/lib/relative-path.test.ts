import { posix, win32 } from 'node:path';
import { expect, test } from 'vitest';
import { relativePath } from '../../src/lib/relative-path.ts';
import { tenantName } from '../../src/scenarios/tenant-name.ts';

test.each([
  ['C:\\work\\mine', 'C:\\work\\specs\\api.yaml', '../specs/api.yaml'],
  ['C:\\work', 'c:\\WORK\\specs', 'specs'],
  ['C:\\work', 'D:\\specs\\api.yaml', 'file:///D:/specs/api.yaml'],
  ['\\\\server\\share\\a', '\\\\server\\share\\b', '../b'],
])('on Windows, %s sees %s as %s', (from, to, seen) => {
  expect(relativePath(from, to, win32)).toBe(seen);
});

test('elsewhere a backslash is a character like any other', () => {
  expect(relativePath('/srv', '/srv/a\\b/api.yaml', posix)).toBe('a\\b/api.yaml');
});

test('a workflow is played in a tenant of the same name on every system', () => {
  expect(tenantName('scenarios\\macd\\add user.arazzo.yaml', 'go')).toBe(
    tenantName('scenarios/macd/add user.arazzo.yaml', 'go'),
  );
});
