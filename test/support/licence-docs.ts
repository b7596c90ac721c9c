import { readFileSync } from 'node:fs';

/** May be given on with the package, by everybody, without more than their names. */
const ALLOWED: ReadonlySet<string> = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
  // That of Python: permissive, and what `argparse` has, which `js-yaml` brings for its command line.
  'Python-2.0',
]);

interface Locked {
  readonly version?: string;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly optional?: boolean;
  readonly peer?: boolean;
}

/**
 * The table of `docs/licences.md`: every package that is installed with this one, its version and its licence, as the lock file
 * and the packages themselves say; fails where a licence asks for more than its name.
 */
export function licenceTable(): string {
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, Locked> };
  const rows = Object.entries(packages)
    .filter(([path, { dev, devOptional, optional, peer }]) => path !== '' && !(dev || devOptional || optional || peer))
    .map(([path, { version = '' }]) => [path.replace(/^.*node_modules\//, ''), version, licenceOf(path)] as const);
  for (const [name, , licence] of rows) {
    if (!ALLOWED.has(licence))
      throw new Error(`${name} has the licence ${licence}, which is none that may be shipped.`);
  }
  const lines = [...new Set(rows.map((row) => `| ${row.join(' | ')} |`))].sort();
  return ['| package | version | licence |', '|---|---|---|', ...lines].join('\n');
}

function licenceOf(path: string): string {
  const { license, licenses } = JSON.parse(readFileSync(`${path}/package.json`, 'utf8')) as {
    license?: string | { readonly type: string };
    licenses?: readonly { readonly type: string }[];
  };
  return typeof license === 'string' ? license : (license?.type ?? licenses?.[0]?.type ?? 'unknown');
}
