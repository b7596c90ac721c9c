import { type CtrfTest, toCtrf } from '../../lib/ctrf.ts';
import type { ScenarioResult } from '../results.ts';
import { describeFailure } from './describe-failure.ts';
import type { Reporter } from './reporter.ts';

/**
 * Writes a run as a CTRF report (Common Test Report Format). `now` gives wall time in milliseconds, which the format
 * wants for the run as a whole; the duration of each test is virtual.
 *
 * @example createCtrfReporter((text) => writeFile('ctrf.json', text), Date.now);
 */
export function createCtrfReporter(write: (text: string) => void | Promise<void>, now: () => number): Reporter {
  let start = 0;
  return {
    started: () => {
      start = now();
    },
    ended: ({ scenarios }) => write(toCtrf(scenarios.map(toTest), start, now())),
  };
}

function toTest(scenario: ScenarioResult): CtrfTest {
  const { result } = scenario;
  const [message, ...trace] = result.status === 'failed' ? describeFailure(scenario) : [result.reason];
  return {
    name: result.workflowId,
    status: result.status,
    duration: result.duration,
    suite: [result.file],
    filePath: result.file,
    ...(message !== undefined && { message }),
    ...(trace.length > 0 && { trace: trace.join('\n') }),
    steps: result.steps.map(({ stepId, status }) => ({ name: stepId, status })),
  };
}
