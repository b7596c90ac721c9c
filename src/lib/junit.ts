/** A suite of a report, such as all cases of one file or contract. */
export interface JUnitSuite {
  readonly name: string;
  readonly cases: readonly JUnitCase[];
}

export interface JUnitCase {
  readonly name: string;
  /** Seconds. */
  readonly time: number;
  readonly status: 'passed' | 'failed' | 'skipped';
  /** Why it failed or was skipped. */
  readonly message?: string;
  readonly details?: readonly string[];
}

/**
 * Writes a report as JUnit XML, the dialect that all CI servers read.
 *
 * @example toJUnit('bss-simulator', [{ name: 'orders', cases: [{ name: 'createOrder', time: 0, status: 'passed' }] }])
 */
export function toJUnit(name: string, suites: readonly JUnitSuite[]): string {
  const written = suites.map(({ name: suite, cases }) => {
    const count = (status: string) => cases.filter((each) => each.status === status).length;
    const counts = `tests="${cases.length}" failures="${count('failed')}" errors="0" skipped="${count('skipped')}"`;
    const lines = cases.map((each) => caseOf(suite, each));
    return `  <testsuite name="${escapeXml(suite)}" ${counts}>\n${lines.join('\n')}\n  </testsuite>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="${escapeXml(name)}">\n${written.join('\n')}\n</testsuites>\n`;
}

function caseOf(suite: string, { name, time, status, message = '', details = [] }: JUnitCase): string {
  const open = `    <testcase classname="${escapeXml(suite)}" name="${escapeXml(name)}" time="${time}"`;
  if (status === 'passed') return `${open}/>`;
  if (status === 'skipped') return `${open}>\n      <skipped message="${escapeXml(message)}"/>\n    </testcase>`;
  return `${open}>\n      <failure message="${escapeXml(message)}">${escapeXml(details.join('\n'))}</failure>\n    </testcase>`;
}

function escapeXml(text: string): string {
  return (
    text
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      .replace(/\r?\n/g, '&#10;')
      // Control characters cannot stand in XML in any form.
      .replace(/[^\t\n\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
  );
}
