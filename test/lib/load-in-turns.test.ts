import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { loadInTurns } from '../../src/lib/load-in-turns.ts';
import { writeFiles } from '../contracts/temp-files.ts';

/** A folder with a library of these files, each of which notes that it has been loaded. */
function library(files: Readonly<Record<string, string>>) {
  const loaded: string[] = [];
  const name = `loaded${Math.random()}`;
  Object.assign(globalThis, { [name]: loaded });
  const note = (file: string) => `\nglobalThis[${JSON.stringify(name)}].push(${JSON.stringify(file)});\n`;
  const folder = writeFiles(
    Object.fromEntries(Object.entries(files).map(([file, text]) => [`node_modules/lib/${file}`, text + note(file)])),
  );
  return { loaded, from: pathToFileURL(join(folder, 'main.mjs')).href };
}

test('what a file requires is loaded before it, with a turn for others after each', async () => {
  const { loaded, from } = library({
    'index.js': "const a = require('./a');\nconst fs = require('node:fs'), b = require('./b.js');",
    'a.js': "var b = require('./b'),\n    c = require('./c');\nvar gone = 'x';",
    'b.js': '',
    'c.js': "function later() {\n  return require('./d');\n}",
    'd.js': '',
  });
  const seen: string[][] = [];
  let isOver = false;
  const watch = (): void => {
    seen.push([...loaded]);
    if (!isOver) setImmediate(watch);
  };
  setImmediate(watch);

  await loadInTurns('lib', from);
  isOver = true;

  expect(loaded).toEqual(['b.js', 'c.js', 'a.js', 'index.js']);
  // Who waits for a turn sees it half done.
  expect(seen.some(({ length }) => length > 0 && length < loaded.length)).toBe(true);
});

test('files that require one another in a circle are loaded as they would be otherwise', async () => {
  const { loaded, from } = library({
    'index.js': "require('./base');",
    'base.js': "class Base {}\nmodule.exports = { Base };\nrequire('./derived');",
    'derived.js': "const { Base } = require('./base');\nmodule.exports = class extends Base {};",
  });

  await loadInTurns('lib', from);

  expect(loaded).toEqual(['derived.js', 'base.js', 'index.js']);
});

test('a library that is not there, or cannot be loaded, is left to who imports it', async () => {
  const { loaded, from } = library({ 'index.js': "require('./a');\nthrow new Error('broken');", 'a.js': '' });

  await loadInTurns('lib', from);
  await loadInTurns('no-such-library', from);

  expect(loaded).toEqual(['a.js']);
});
