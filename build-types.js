import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

// Of the types that the compiler writes for every module, a package's user gets those that lead somewhere from what can
// be imported. Jest's helper is CommonJS, so that its types are written a second time, as those of such modules.

const WRITTEN = resolve('dist-types');

copyReachable(['index', 'kit/shipped-contracts', 'runners/vitest', 'runners/playwright', 'runners/node-test'], 'dist');
copyReachable(['runners/jest'], 'dist/cjs');
writeFileSync('dist/cjs/package.json', '{ "type": "commonjs" }\n');

function copyReachable(entries, target) {
  const left = entries.map((entry) => join(WRITTEN, `${entry}.d.ts`));
  const seen = new Set(left);
  for (let file = left.pop(); file !== undefined; file = left.pop()) {
    const text = readFileSync(file, 'utf8').replace(/(['"])(\.[^'"]*)\.ts\1/g, (_, quote, path) => {
      const found = join(dirname(file), `${path}.d.ts`);
      if (!seen.has(found)) {
        seen.add(found);
        left.push(found);
      }
      return `${quote}${path}.js${quote}`;
    });
    const place = join(target, file.slice(WRITTEN.length + 1));
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, text);
  }
}
