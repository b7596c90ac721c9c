import { expect, test } from 'vitest';
import { applyPatch, type PatchOperation } from '../../src/lib/json-patch.ts';

// The examples of RFC 6902, appendix A, and more of their kind.
test.each<[string, unknown, PatchOperation[], unknown]>([
  ['A.1 adding a member', { foo: 'bar' }, [{ op: 'add', path: '/baz', value: 'qux' }], { baz: 'qux', foo: 'bar' }],
  [
    'A.2 adding an item',
    { foo: ['bar', 'baz'] },
    [{ op: 'add', path: '/foo/1', value: 'qux' }],
    { foo: ['bar', 'qux', 'baz'] },
  ],
  ['A.3 removing a member', { baz: 'qux', foo: 'bar' }, [{ op: 'remove', path: '/baz' }], { foo: 'bar' }],
  ['A.4 removing an item', { foo: ['bar', 'qux', 'baz'] }, [{ op: 'remove', path: '/foo/1' }], { foo: ['bar', 'baz'] }],
  [
    'A.5 replacing',
    { baz: 'qux', foo: 'bar' },
    [{ op: 'replace', path: '/baz', value: 'boo' }],
    { baz: 'boo', foo: 'bar' },
  ],
  [
    'A.6 moving',
    { foo: { bar: 'baz', waldo: 'fred' }, qux: { corge: 'grault' } },
    [{ op: 'move', from: '/foo/waldo', path: '/qux/thud' }],
    { foo: { bar: 'baz' }, qux: { corge: 'grault', thud: 'fred' } },
  ],
  [
    'A.7 moving an item',
    { foo: ['all', 'grass', 'cows', 'eat'] },
    [{ op: 'move', from: '/foo/1', path: '/foo/3' }],
    { foo: ['all', 'cows', 'eat', 'grass'] },
  ],
  [
    'A.8 testing',
    { baz: 'qux', foo: ['a', 2] },
    [{ op: 'test', path: '/foo/1', value: 2 }],
    { baz: 'qux', foo: ['a', 2] },
  ],
  [
    'A.10 adding an object',
    { foo: 'bar' },
    [{ op: 'add', path: '/child', value: { grandchild: {} } }],
    { foo: 'bar', child: { grandchild: {} } },
  ],
  ['A.14 escapes', { '/': 9, '~1': 10 }, [{ op: 'test', path: '/~01', value: 10 }], { '/': 9, '~1': 10 }],
  [
    'A.16 adding an array',
    { foo: ['bar'] },
    [{ op: 'add', path: '/foo/-', value: ['abc', 'def'] }],
    { foo: ['bar', ['abc', 'def']] },
  ],
  ['copying', { a: { b: 1 } }, [{ op: 'copy', from: '/a', path: '/c' }], { a: { b: 1 }, c: { b: 1 } }],
  ['the whole', { a: 1 }, [{ op: 'replace', path: '', value: [] }], []],
])('%s', (_example, value, patch, expected) => {
  const before = structuredClone(value);
  expect(applyPatch(value, patch)).toEqual(expected);
  expect(value).toEqual(before);
});

test.each<[string, unknown, PatchOperation[], string]>([
  [
    'A.9 a test that fails',
    { baz: 'qux' },
    [{ op: 'test', path: '/baz', value: 'bar' }],
    'is not what the patch tests it for',
  ],
  [
    'A.12 adding to what is not there',
    { foo: 'bar' },
    [{ op: 'add', path: '/baz/bat', value: 'qux' }],
    'there is nothing at /baz',
  ],
  ['A.15 comparing a text and a number', { '~1': 10 }, [{ op: 'test', path: '/~01', value: '10' }], 'is not what'],
  ['replacing what is not there', {}, [{ op: 'replace', path: '/a', value: 1 }], 'there is nothing at /a'],
  ['an index beyond the end', { a: [1] }, [{ op: 'add', path: '/a/2', value: 1 }], 'there is no item at /a/2'],
  ['an index with a zero in front', { a: [1, 2] }, [{ op: 'remove', path: '/a/01' }], 'there is no item at /a/01'],
  ['moving into itself', { a: {} }, [{ op: 'move', from: '/a', path: '/a/b' }], 'cannot be moved into itself'],
  ['a prototype', {}, [{ op: 'add', path: '/__proto__', value: {} }], 'there is nothing at /__proto__'],
])('%s fails', (_example, value, patch, message) => {
  expect(() => applyPatch(value, patch)).toThrow(message);
});
