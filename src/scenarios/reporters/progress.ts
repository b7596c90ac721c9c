import type { ScenarioResult } from '../results.ts';
import { describeFailure } from './describe-failure.ts';
import type { Reporter } from './reporter.ts';

export interface ProgressOptions {
  readonly write: (text: string) => unknown;
  /** A terminal, on which the workflows at work are shown below what is done. */
  readonly isLive?: boolean;
  /** Its width, where it has one: a line that is broken could not be cleared. */
  readonly columns?: () => number | undefined;
}

/**
 * Tells a person how a run goes: a line for each workflow as it ends, with all about a failure, and the count.
 *
 * @example createProgressReporter({ write: (text) => process.stdout.write(text), isLive: process.stdout.isTTY });
 */
export function createProgressReporter({ write, isLive = false, columns }: ProgressOptions): Reporter {
  const playing = new Map<string, string>();
  let shown = 0;
  const clear = () => {
    if (shown > 0) write(`\u001b[${shown}A\u001b[0J`);
    shown = 0;
  };
  const show = () => {
    if (!isLive) return;
    clear();
    const width = columns?.() ?? Number.POSITIVE_INFINITY;
    const lines = [...playing.entries()].map(([tenant, step]) =>
      `… ${tenant}${step === '' ? '' : ` › ${step}`}`.slice(0, width - 1),
    );
    if (lines.length > 0) write(`${lines.join('\n')}\n`);
    shown = lines.length;
  };
  return {
    started: (scenarios) => {
      if (scenarios.length === 0) write('No workflow to play.\n');
    },
    workflowStarted: ({ tenant }) => {
      playing.set(tenant, '');
      show();
    },
    stepEnded: ({ tenant }, { stepId }) => {
      playing.set(tenant, stepId);
      show();
    },
    workflowEnded: (scenario) => {
      playing.delete(scenario.tenant);
      if (isLive) clear();
      write(linesOf(scenario));
      show();
    },
    ended: ({ passed, failed, skipped }) => {
      if (isLive) clear();
      write(`\n${passed} passed, ${failed} failed, ${skipped} skipped\n`);
    },
  };
}

const MARKS = { passed: '✓', failed: '✗', skipped: '-' } as const;

function linesOf(scenario: ScenarioResult): string {
  const { result } = scenario;
  const { status, file, workflowId, steps, duration, reason } = result;
  const facts =
    status === 'skipped' ? reason : `${steps.length} step${steps.length === 1 ? '' : 's'}, ${inWords(duration)}`;
  const details = status === 'failed' ? describeFailure(scenario).map((line) => `    ${line}\n`) : [];
  return `${MARKS[status]} ${file} › ${workflowId} (${facts})\n${details.join('')}`;
}

/** Virtual time that passed, in the two largest units. */
function inWords(milliseconds: number): string {
  const units = [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['min', 60_000],
    ['s', 1000],
  ] as const;
  let rest = milliseconds;
  const parts = units.flatMap(([unit, size]) => {
    const count = Math.floor(rest / size);
    rest -= count * size;
    return count > 0 ? [`${count} ${unit}`] : [];
  });
  return `${parts.slice(0, 2).join(' ') || '0 s'} virtual`;
}
