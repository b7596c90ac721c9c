import { type CtrfTest, toCtrf } from '../lib/ctrf.ts';
import { grouped } from '../lib/grouped.ts';
import { type JUnitCase, toJUnit } from '../lib/junit.ts';
import { CHECK_KINDS, type CheckKind, type CheckResult, type Finding, type TestReport } from '../probes/findings.ts';
import type { Plan } from '../probes/plan.ts';

/** What people call the kinds of checks. */
const KINDS: Readonly<Record<CheckKind, string>> = {
  stateful: 'stateful',
  valid: 'valid',
  unknown: 'unknown id',
  anonymous: 'without a credential',
  invalid: 'invalid',
  compared: 'compared',
};

/**
 * A plan in words: what is going to be done to each operation.
 *
 * @example process.stdout.write(planInWords(plan, { server, seed: 1, maxRequests: 1_000, isWhole: true }));
 */
export function planInWords(
  { checks, left, cost }: Plan,
  about: { readonly server: string; readonly seed: number; readonly maxRequests: number; readonly isWhole: boolean },
): string {
  const groups = grouped(checks, ({ contract, operation }) => `${contract.system}/${contract.name} ${operation.id}`);
  const lines = [
    `Plan for ${about.server}: ${checks.length} checks of ${groups.size} operations, at most ${cost} requests of ${about.maxRequests}, seed ${about.seed}.`,
  ];
  for (const own of groups.values()) {
    const [first] = own;
    if (first === undefined) continue;
    const { id, method, path } = first.operation;
    const counts = CHECK_KINDS.flatMap((kind) => {
      const count = own.filter((each) => each.kind === kind).length;
      return count === 0 ? [] : [`${count} ${KINDS[kind]}`];
    });
    lines.push(`  ${id} (${method} ${path}): ${counts.join(', ')}`);
    if (about.isWhole) lines.push(...own.map(({ kind, title }) => `    ${KINDS[kind]}: ${title}`));
  }
  if (left.length > 0) lines.push(`${left.length} checks are left out: raise --max-requests, or choose with --filter.`);
  return `${lines.join('\n')}\n`;
}

/**
 * What was found, operation by operation, for people.
 *
 * @example process.stdout.write(reportInWords(report));
 */
export function reportInWords({ results, requests, server, gone }: TestReport): string {
  const lines: string[] = [];
  for (const own of byOperation(results)) {
    const found = own.flatMap((result) => result.findings.map((finding) => ({ result, finding })));
    const [first] = own;
    if (first === undefined) continue;
    const isFailed = own.some(({ status }) => status === 'failed');
    const isTried = own.some(({ status }) => status !== 'skipped');
    const mark = isFailed ? '✗' : found.length > 0 ? '!' : isTried ? '✓' : '-';
    lines.push(`${mark} ${first.operationId} (${first.method} ${first.path}): ${countsOf(own)}`);
    for (const { result, finding } of oncePerMessage(found)) {
      lines.push(
        `    ${finding.level === 'error' ? '✗' : '!'} ${finding.code}: ${result.title}`,
        `      ${finding.message}${finding.isKnown === true ? ' (known)' : ''}`,
      );
      if (finding.curl !== undefined && finding.level === 'error')
        lines.push(`      ${finding.curl}`, `      → ${finding.answer}`);
    }
  }
  const { failed, warned, passed, skipped } = totals(results);
  if (gone.length > 0) lines.push(`Known, and not found this time: ${gone.join('; ')}. Leave it out of --known.`);
  lines.push(
    '',
    `${server}: ${passed} passed, ${failed} failed, ${warned} with a warning, ${skipped} skipped; ${requests} requests.`,
  );
  return `${lines.join('\n')}\n`;
}

/** Findings of one operation that are shown one by one; reports have all. */
const MOST_SHOWN = 12;

interface Found {
  readonly result: CheckResult;
  readonly finding: Finding;
}

function oncePerMessage(found: readonly Found[]): readonly Found[] {
  const errorsFirst = found.toSorted(
    (a, b) => Number(a.finding.level === 'warning') - Number(b.finding.level === 'warning'),
  );
  const seen = new Set<string>();
  return errorsFirst
    .filter(({ finding: { code, message } }) => {
      const key = `${code} ${message}`;
      // What one answers to all that is invalid is as many findings, and what all answers lack is one.
      if (code !== 'accepts-invalid' && seen.has(key)) return false;
      seen.add(key);
      return true;
    })
    .slice(0, MOST_SHOWN);
}

function byOperation(results: readonly CheckResult[]): readonly (readonly CheckResult[])[] {
  return [...grouped(results, ({ contract, operationId }) => `${contract} ${operationId}`).values()];
}

function totals(results: readonly CheckResult[]) {
  const count = (status: CheckResult['status']) => results.filter((each) => each.status === status).length;
  return { passed: count('passed'), failed: count('failed'), warned: count('warned'), skipped: count('skipped') };
}

function countsOf(results: readonly CheckResult[]): string {
  const { passed, failed, warned, skipped } = totals(results);
  return [
    `${passed} passed`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(warned > 0 ? [`${warned} with a warning`] : []),
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
  ].join(', ');
}

/** The report as JUnit XML: a suite for each contract, a case for each check; warnings are in the text of the cases. */
export function reportAsJUnit({ results }: TestReport): string {
  const suites = [...grouped(results, ({ contract }) => contract)].map(([name, own]) => ({
    name,
    cases: own.map(
      (result): JUnitCase => ({
        name: nameOf(result),
        time: result.duration / 1_000,
        status: result.status === 'warned' ? 'passed' : result.status,
        ...(result.reason !== undefined && { message: result.reason }),
        ...(result.status === 'failed' && { message: result.findings[0]?.message ?? '', details: linesOf(result) }),
      }),
    ),
  }));
  return toJUnit('bss-simulator test', suites);
}

/** The report as CTRF JSON (Common Test Report Format); a check with a warning alone is `other`. */
export function reportAsCtrf({ results }: TestReport, start: number, stop: number): string {
  const tests = results.map(
    (result): CtrfTest => ({
      name: nameOf(result),
      status: result.status === 'warned' ? 'other' : result.status,
      duration: result.duration,
      suite: [result.contract, result.operationId],
      ...(result.reason !== undefined && { message: result.reason }),
      ...(result.findings.length > 0 && {
        message: result.findings[0]?.message ?? '',
        trace: linesOf(result).join('\n'),
      }),
    }),
  );
  return toCtrf(tests, start, stop);
}

function nameOf({ operationId, kind, title }: CheckResult): string {
  return `${operationId}: ${KINDS[kind]}: ${title}`;
}

function linesOf({ findings }: CheckResult): readonly string[] {
  return findings.flatMap(({ code, level, message, curl, answer }) => [
    `${level} ${code}: ${message}`,
    ...(curl === undefined ? [] : [curl, `→ ${answer}`]),
  ]);
}

/** The report as a page of its own, without a script and without anything from elsewhere. */
export function reportAsHtml(report: TestReport): string {
  const { server, seed, requests, results } = report;
  const { failed, warned, passed, skipped } = totals(results);
  const sections = byOperation(results).map((own) => {
    const [first] = own;
    if (first === undefined) return '';
    const rows = own.map((result) => {
      const findings = result.findings.map(
        ({ code, level, message, curl, answer }) =>
          `<div class="${level}"><b>${code}</b> ${escapeHtml(message)}${curl === undefined ? '' : `<pre>${escapeHtml(curl)}\n→ ${escapeHtml(answer ?? '')}</pre>`}</div>`,
      );
      const told = result.reason === undefined ? findings.join('') : escapeHtml(result.reason);
      return `<tr class="${result.status}"><td>${result.status}</td><td>${KINDS[result.kind]}</td><td>${escapeHtml(result.title)}${told === '' ? '' : `<div>${told}</div>`}</td></tr>`;
    });
    const isOpen = own.some(({ status }) => status === 'failed') ? ' open' : '';
    return `<details${isOpen}><summary><b>${escapeHtml(first.operationId)}</b> ${escapeHtml(`${first.method} ${first.path}`)} <small>${countsOf(own)}</small></summary><table>${rows.join('')}</table></details>`;
  });
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(server)} against its contract</title><style>
body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem}
summary{cursor:pointer;padding:.3rem 0}small{color:#595959}table{border-collapse:collapse;width:100%}
td{border-top:1px solid #ddd;padding:.3rem .6rem;vertical-align:top}pre{background:#f5f5f5;overflow:auto;padding:.5rem}
.failed td:first-child,.error b{color:#b00020}.warned td:first-child,.warning b{color:#8a5300}.passed td:first-child{color:#1b6e1b}.skipped{color:#595959}
</style></head><body><h1>${escapeHtml(server)}</h1>
<p>${passed} passed, ${failed} failed, ${warned} with a warning, ${skipped} skipped; ${requests} requests, seed ${seed}.</p>
${sections.join('\n')}
</body></html>
`;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
