import type { ScenarioResult } from '../results.ts';
import { allSteps, type StepResult } from '../results.ts';
import { toText } from '../scope.ts';

const LONGEST = 600;
/** Messages that are shown, the newest. */
const NEARBY = 5;

/**
 * What a reader needs to see why a workflow failed: the step, what was asked of it, what was seen, the request and its
 * answer, and the messages that came last: before it, or in place of the one waited for.
 */
export function describeFailure({ result, messages }: Pick<ScenarioResult, 'result' | 'messages'>): string[] {
  const step = allSteps(result)
    .filter(({ status, workflow }) => status === 'failed' && workflow?.status !== 'failed')
    .at(-1);
  const lines = [result.reason ?? 'It failed.'];
  if (step === undefined) return lines;
  lines.push(
    `at step \`${step.stepId}\` (${step.file}:${step.line()})${step.attempt > 1 ? `, attempt ${step.attempt}` : ''}, ${step.at}`,
  );
  if (step.reason !== undefined && !lines[0]?.includes(step.reason)) lines.push(step.reason);
  for (const { text, passed, seen, error } of step.criteria) {
    lines.push(`${passed ? '✓' : '✗'} ${text}`);
    if (passed) continue;
    for (const [expression, value] of Object.entries(seen)) lines.push(`    ${expression} is ${show(value)}`);
    if (error !== undefined) lines.push(`    ${error}`);
  }
  return [
    ...lines,
    ...exchangeOf(step),
    ...messages.slice(-NEARBY).map(({ channel, at, payload }) => `event ${channel} at ${at}: ${show(payload)}`),
  ];
}

function exchangeOf({ request, response, message }: StepResult): string[] {
  const lines: string[] = [];
  if (request !== undefined)
    lines.push(
      `> ${request.method} ${request.url}`,
      ...(request.body === undefined ? [] : [`> ${show(request.body)}`]),
    );
  if (response !== undefined)
    lines.push(`< ${response.status}`, ...(response.body === undefined ? [] : [`< ${show(response.body)}`]));
  if (message !== undefined) lines.push(`< ${message.channel}: ${show(message.payload)}`);
  return lines;
}

function show(value: unknown): string {
  const text = value === undefined ? 'nothing' : typeof value === 'string' ? JSON.stringify(value) : toText(value);
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}… (${text.length} characters)`;
}
