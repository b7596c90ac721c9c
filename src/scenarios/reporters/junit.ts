import { type JUnitCase, toJUnit } from '../../lib/junit.ts';
import type { ScenarioResult } from '../results.ts';
import { describeFailure } from './describe-failure.ts';
import type { Reporter } from './reporter.ts';

/**
 * Writes a run as JUnit XML: a suite for each file, a case for each workflow. Times are virtual, so that the same run
 * gives the same bytes.
 *
 * @example createJUnitReporter((text) => writeFile('report.xml', text));
 */
export function createJUnitReporter(write: (text: string) => void | Promise<void>): Reporter {
  return {
    ended: ({ scenarios }) => {
      const files = [...new Set(scenarios.map(({ result }) => result.file))];
      const own = (file: string) => scenarios.filter(({ result }) => result.file === file);
      return write(
        toJUnit(
          'bss-simulator',
          files.map((file) => ({ name: file, cases: own(file).map(toCase) })),
        ),
      );
    },
  };
}

function toCase(scenario: ScenarioResult): JUnitCase {
  const { workflowId: name, duration, status, reason } = scenario.result;
  const [message, ...details] = status === 'failed' ? describeFailure(scenario) : reason === undefined ? [] : [reason];
  return { name, time: duration / 1000, status, ...(message !== undefined && { message }), details };
}
