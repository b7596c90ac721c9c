import { execSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What the build is made from, and what its three steps write last. */
const SOURCES = ['src', 'specs', 'build.js', 'console', 'build-console.js', 'package.json', 'tsconfig.build.json'];
const RESULTS = ['dist/index.js', 'dist/contract-cache', 'dist-modules/index.js'];

/** Builds the program where that is older than its sources: half of the suites run on it. */
export default function buildFirst(): void {
  const built = Math.min(...RESULTS.map(changedAt));
  if (built < Math.max(...SOURCES.flatMap(withContents).map(changedAt)))
    execSync('npm run build:tests', { stdio: 'inherit' });
}

function withContents(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true, encoding: 'utf8' }).map((each) => join(path, each));
}

/** When a file was changed last; long ago where there is none. */
function changedAt(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
