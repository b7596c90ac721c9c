import { type CheckResult, FINDING_CODES, type Finding } from './findings.ts';
import { toPattern } from './plan.ts';

/** Which findings somebody knows of. */
export interface KnownFinding {
  /** As it was given. */
  readonly text: string;
  readonly code: string;
  readonly operation: RegExp;
  /** The title of a check, where it is about one. */
  readonly title: RegExp | undefined;
}

/**
 * Findings that somebody knows of and lives with: they are warnings, each named, and the run is none the worse for them.
 * What is known and found no more is told, so that the list becomes shorter.
 *
 * @example new KnownFindings(known).without(result).status // 'warned'
 */
export class KnownFindings {
  readonly #known: readonly KnownFinding[];
  readonly #seen = new Set<KnownFinding>();

  constructor(known: readonly KnownFinding[]) {
    this.#known = known;
  }

  /** What of it was not found. */
  get gone(): readonly string[] {
    return this.#known.filter((each) => !this.#seen.has(each)).map(({ text }) => text);
  }

  /** The result of a check with what is known as warnings. */
  without(result: CheckResult): CheckResult {
    const findings = result.findings.map((finding): Finding => {
      const known = this.#known.filter((each) => isAbout(each, finding, result));
      for (const each of known) this.#seen.add(each);
      return known.length > 0 && finding.level === 'error' ? { ...finding, level: 'warning', isKnown: true } : finding;
    });
    const isFailed = findings.some(({ level }) => level === 'error');
    return { ...result, findings, status: result.status === 'failed' && !isFailed ? 'warned' : result.status };
  }
}

function isAbout({ code, operation, title }: KnownFinding, finding: Finding, result: CheckResult): boolean {
  const { operationId, method, path, contract } = result;
  return (
    finding.code === code &&
    [operationId, `${method}_${path}`, path, `${contract}/${operationId}`].some((name) =>
      operation.test(name.replaceAll(' ', '_')),
    ) &&
    (title === undefined || title.test(result.title))
  );
}

/**
 * Reads `<code> <operation>[ <title of a check>]`, where the operation may be `METHOD /path`; nothing where it begins with no
 * code of a finding.
 *
 * @example readKnownFinding('accepts-invalid update* body is null')
 */
export function readKnownFinding(text: string): KnownFinding | undefined {
  const [, code = '', operation = '', title] =
    /^(\S+)\s+((?:(?:GET|PUT|POST|PATCH|DELETE|HEAD|OPTIONS|TRACE|QUERY)\s+)?\S+)(?:\s+(.+))?$/i.exec(text.trim()) ??
    [];
  if (!(FINDING_CODES as readonly string[]).includes(code)) return undefined;
  return {
    text,
    code,
    operation: toPattern(operation.replace(/\s+/g, '_')),
    title: title === undefined ? undefined : toPattern(title),
  };
}
