import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

// Of the types that the compiler writes for every module, a package's user gets those that lead somewhere from what can
// be imported. Jest's helper is CommonJS, and an older TypeScript lets such a module import types of its own kind alone,
// where one of the other kind may import both: what they share is written once, as CommonJS.

const WRITTEN = resolve('dist-types');
const SHARED = 'dist/cjs';
const OWN = 'dist';

const shared = reachable(['runners/jest'], () => SHARED);
const entries = ['index', 'kit/shipped-contracts', 'runners/vitest', 'runners/playwright', 'runners/node-test'];
const own = reachable(entries, (file) => (shared.has(file) ? SHARED : OWN));
for (const [file, text] of shared) write(SHARED, file, text);
for (const [file, text] of own) if (!shared.has(file)) write(OWN, file, text);
// Who imports an entry by its name finds a module of the kind that its program is.
for (const entry of entries.map(toFile).filter((file) => shared.has(file))) {
  const place = join(OWN, relative(WRITTEN, entry));
  const target = join(SHARED, relative(WRITTEN, entry)).replace(/\.d\.ts$/, '.js');
  write(OWN, entry, `export * from '${pathFrom(place, target)}';\n`);
}
writeFileSync(join(SHARED, 'package.json'), '{ "type": "commonjs" }\n');

/** The files that these lead to, each with its text; `homeOf` tells in which folder a file will be. */
function reachable(entries, homeOf) {
  const texts = new Map();
  const left = entries.map(toFile);
  const seen = new Set(left);
  for (let file = left.pop(); file !== undefined; file = left.pop()) {
    const place = join(homeOf(file), relative(WRITTEN, file));
    const text = readFileSync(file, 'utf8').replace(/(['"])(\.[^'"]*)\.ts\1/g, (_, quote, path) => {
      const found = join(dirname(file), `${path}.d.ts`);
      if (!seen.has(found)) {
        seen.add(found);
        left.push(found);
      }
      const target = join(homeOf(found), relative(WRITTEN, found)).replace(/\.d\.ts$/, '.js');
      return `${quote}${pathFrom(place, target)}${quote}`;
    });
    texts.set(file, text);
  }
  return texts;
}

function toFile(entry) {
  return join(WRITTEN, `${entry}.d.ts`);
}

function pathFrom(place, target) {
  const path = relative(dirname(place), target).replaceAll('\\', '/');
  return path.startsWith('.') ? path : `./${path}`;
}

function write(home, file, text) {
  const place = join(home, relative(WRITTEN, file));
  mkdirSync(dirname(place), { recursive: true });
  // A third of what the compiler writes would be spaces.
  writeFileSync(place, text.replaceAll(/^(?: {4})+/gm, (spaces) => '\t'.repeat(spaces.length / 4)));
}
