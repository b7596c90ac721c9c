import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ERROR_CODES, type ErrorCode } from '../../src/errors.ts';
import { fillPlaces } from './fill-places.ts';

/** `docs/errors.md` with an entry for every code, written from the comment that each has where it is declared. */
export function withErrors(text: string): string {
  const statuses = statusesOfRefusals();
  const answer = ({ code, says }: Declared, deeper = '') => {
    const known = [...(statuses.get(code) ?? [])].sort();
    return `${deeper}### ${code}\n\n${known.length === 0 ? '' : `Status ${known.join(' or ')}. `}${says}`;
  };
  const user = declaredIn('src/errors.ts').map(
    ({ code, says }) => `### ${code}\n\nExit code ${ERROR_CODES[code as ErrorCode]}. ${says}`,
  );
  // A code may be both; the anchor of the second is numbered then, as that of any heading.
  const answers = declaredIn('src/model/refusal-codes.ts').map((each) => answer(each));
  const systems = sources()
    .filter((file) => file.includes('systems') && basename(file) === 'refusal-codes.ts')
    .map((file) => {
      const entries = declaredIn(file).map((each) => answer(each, '#'));
      return [`\`${basename(dirname(file))}\`:`, ...entries].join('\n\n');
    });
  return fillPlaces(text, 'errors', {
    user: user.join('\n\n'),
    answers: answers.join('\n\n'),
    systems: systems.join('\n\n'),
  });
}

interface Declared {
  readonly code: string;
  readonly says: string;
}

function declaredIn(file: string): readonly Declared[] {
  const found = readFileSync(file, 'utf8').matchAll(
    /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*(?:readonly )?([A-Z]+(?:_[A-Z]+)*): (?:true|\d)/g,
  );
  return [...found].map(([, comment = '', code = '']) => ({
    code,
    says: comment
      .replaceAll(/^\s*\*/gm, '')
      .replaceAll(/\s+/g, ' ')
      .trim(),
  }));
}

function sources(): readonly string[] {
  const all = readdirSync('src', { recursive: true, encoding: 'utf8' });
  return all
    .filter((file) => file.endsWith('.ts'))
    .sort()
    .map((file) => join('src', file));
}

/** As the sources have them: `new Refusal(404, 'NOT_FOUND', …)`. */
function statusesOfRefusals(): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const file of sources()) {
    for (const [, status = '', code = ''] of readFileSync(file, 'utf8').matchAll(
      /(?:new Refusal|super)\(\s*([^,()]*?),\s*([^,]*?'[A-Z_]+'[^,]*),/g,
    )) {
      const known = [...status.matchAll(/\d{3}/g)].map(([digits]) => digits);
      const codes = [...code.matchAll(/'([A-Z_]+)'/g)].map(([, name = '']) => name);
      for (const [at, name] of codes.entries()) {
        const own = known.length === codes.length ? known.slice(at, at + 1) : known;
        found.set(name, new Set([...(found.get(name) ?? []), ...own]));
      }
    }
  }
  return found;
}
