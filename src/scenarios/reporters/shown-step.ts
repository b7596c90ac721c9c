import type { StepResult } from '../results.ts';

/** Characters of a body that are shown. */
const MOST_SHOWN = 20_000;

/**
 * A step as people are shown it: what was asked, what was answered or heard, and which criteria held.
 *
 * @example report(shownStep(step, 'January and February, 28 each.'));
 */
export function shownStep(step: StepResult, description: string | undefined): object {
  const { stepId, status, attempt, target, request, response, message, criteria, at, duration, reason, workflow } =
    step;
  return {
    stepId,
    ...(description !== undefined && { description }),
    status,
    attempt,
    target,
    ...(request !== undefined && { request: { method: request.method, url: request.url, body: shown(request.body) } }),
    ...(response !== undefined && { response: { status: response.status, body: shown(response.body) } }),
    ...(message !== undefined && { message: { channel: message.channel, payload: shown(message.payload) } }),
    criteria,
    at,
    duration,
    ...(reason !== undefined && { reason }),
    ...(workflow !== undefined && { workflow: workflow.steps.map((each) => shownStep(each, undefined)) }),
  };
}

function shown(body: unknown): unknown {
  const length = body === undefined ? 0 : (JSON.stringify(body) ?? '').length;
  return length <= MOST_SHOWN ? body : { note: `${length} characters are not shown.` };
}
