import type { ScenarioSummary } from '../results.ts';
import { describeFailure } from './describe-failure.ts';
import type { Reporter } from './reporter.ts';

/**
 * Writes a run as JUnit XML: a suite for each file, a case for each workflow. Times are virtual, so that the same run
 * gives the same bytes.
 *
 * @example createJUnitReporter((text) => writeFile('report.xml', text));
 */
export function createJUnitReporter(write: (text: string) => void | Promise<void>): Reporter {
  return { ended: (summary) => write(toJUnit(summary)) };
}

function toJUnit({ scenarios }: ScenarioSummary): string {
  const files = [...new Set(scenarios.map(({ result }) => result.file))];
  const suites = files.map((file) => {
    const own = scenarios.filter(({ result }) => result.file === file);
    const count = (status: string) => own.filter(({ result }) => result.status === status).length;
    const cases = own.map((scenario) => {
      const { result } = scenario;
      const open = `    <testcase classname="${escapeXml(file)}" name="${escapeXml(result.workflowId)}" time="${result.duration / 1000}"`;
      if (result.status === 'passed') return `${open}/>`;
      if (result.status === 'skipped')
        return `${open}>\n      <skipped message="${escapeXml(result.reason ?? '')}"/>\n    </testcase>`;
      const [message = '', ...details] = describeFailure(scenario);
      return `${open}>\n      <failure message="${escapeXml(message)}">${escapeXml(details.join('\n'))}</failure>\n    </testcase>`;
    });
    const counts = `tests="${own.length}" failures="${count('failed')}" errors="0" skipped="${count('skipped')}"`;
    return `  <testsuite name="${escapeXml(file)}" ${counts}>\n${cases.join('\n')}\n  </testsuite>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="bss-simulator">\n${suites.join('\n')}\n</testsuites>\n`;
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
