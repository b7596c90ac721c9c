import { formatInstant, type Instant } from '../lib/time.ts';
import type { Message } from '../model/channel.ts';
import type { Parameter, Step, StepTarget } from './arazzo-document.ts';
import { buildCall, payloadOf, StepError } from './build-call.ts';
import { tryCriterion } from './criteria.ts';
import { parseExpression } from './expressions.ts';
import type { HttpExchange, Player, ReceivedMessage } from './player.ts';
import type { StepResult, StepTargetName, WorkflowResult } from './results.ts';
import { evaluate, type Scope, toText } from './scope.ts';
import { fill, type Template } from './templates.ts';

export interface StepRun {
  readonly step: Step;
  readonly scope: Scope;
  readonly player: Player;
  readonly file: string;
  readonly attempt: number;
  /** When the time is over that the step which called the workflow has. */
  readonly until?: Instant;
  readonly callWorkflow: (
    target: Extract<StepTarget, { kind: 'workflow' }>,
    inputs: Readonly<Record<string, unknown>>,
    until: Instant | undefined,
  ) => Promise<WorkflowResult>;
}

/** What came of a step, and the scope in which its criteria, outputs and actions see that. */
export interface StepOutcome {
  readonly result: StepResult;
  readonly scope: Scope;
}

/** Plays one step once: calls, waits or sends, tries the criteria, takes the outputs. It never rejects for a failure. */
export async function runStep(run: StepRun): Promise<StepOutcome> {
  const { step, scope, player, file, attempt } = run;
  const began = await player.now();
  const timeout = least(step.timeout, run.until === undefined ? undefined : Math.max(0, run.until - began));
  const facts = {
    stepId: step.stepId,
    file,
    line: step.line,
    attempt,
    target: targetName(step.target),
    at: formatInstant(began),
  };
  const finish = async (
    seen: Scope,
    more: Pick<StepResult, 'status' | 'criteria'> & Partial<StepResult>,
  ): Promise<StepOutcome> => {
    const duration = (await player.now()) - began;
    const { request, response, message } = seen;
    return {
      scope: seen,
      result: {
        ...facts,
        ...(request && { request }),
        ...(response && { response }),
        ...(message && { message }),
        outputs: {},
        ...more,
        duration,
      },
    };
  };
  let outcome: Outcome;
  try {
    outcome = await perform(run, began, timeout);
  } catch (error) {
    return finish(scope, {
      status: 'failed',
      criteria: [],
      reason: error instanceof Error ? describe(error) : String(error),
    });
  }
  const { scope: seen, reason, workflow } = outcome;
  const more = workflow && { workflow };
  if (reason !== undefined) return finish(seen, { ...more, status: 'failed', criteria: [], reason });
  const criteria = step.successCriteria.map((criterion) => tryCriterion(criterion, seen));
  const broken = criteria.find(({ passed }) => !passed);
  if (broken !== undefined)
    return finish(seen, { ...more, status: 'failed', criteria, reason: `\`${broken.text}\` does not hold.` });
  try {
    return await finish(seen, { ...more, status: 'passed', criteria, outputs: outputsOf(step.outputs, seen) });
  } catch (error) {
    return finish(seen, {
      ...more,
      status: 'failed',
      criteria,
      reason: `The outputs cannot be taken: ${error instanceof Error ? error.message : error}`,
    });
  }
}

/** Named outputs in a scope, without those that have no value. */
export function outputsOf(
  outputs: Readonly<Record<string, Template>>,
  scope: Scope,
): Readonly<Record<string, unknown>> {
  const values = Object.entries(outputs).map(([name, template]) => [name, fill(template, scope)] as const);
  return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}

/** The inputs that parameters make for a workflow. */
export function inputsOf(parameters: readonly Parameter[], scope: Scope): Readonly<Record<string, unknown>> {
  const values = parameters.map(({ name, value }) => [name, fill(value, scope)] as const);
  return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}

interface Outcome {
  readonly scope: Scope;
  readonly reason?: string;
  readonly workflow?: WorkflowResult;
}

async function perform(
  { step, scope, player, callWorkflow }: StepRun,
  began: Instant,
  timeout: number | undefined,
): Promise<Outcome> {
  const { target } = step;
  if (target.kind === 'operation') {
    const call = buildCall(step, target, scope);
    const exchange = await player.call({ ...call, ...(timeout !== undefined && { timeout }) });
    const seen = { ...scope, ...exchange };
    // Without criteria, an answer that reports an error is no success.
    const isError = step.successCriteria.length === 0 && exchange.response.status >= 400;
    return { scope: seen, ...(isError && { reason: `The answer was ${exchange.response.status}.` }) };
  }
  if (target.kind === 'workflow') {
    const until = timeout === undefined ? undefined : began + timeout;
    const workflow = await callWorkflow(target, inputsOf(step.parameters, scope), until);
    // The specification's own examples ask a step that calls a workflow for a status: the last answer's.
    const seen = { ...scope, ...lastExchange(workflow), outputs: workflow.outputs };
    const took = (await player.now()) - began;
    const reason =
      workflow.status !== 'passed'
        ? `The workflow \`${workflow.workflowId}\` failed: ${workflow.reason ?? ''}`
        : timeout !== undefined && took > timeout
          ? `The workflow \`${workflow.workflowId}\` took ${took} ms, longer than the ${timeout} ms that it has.`
          : undefined;
    return { scope: seen, workflow, ...(reason !== undefined && { reason }) };
  }
  if (target.action === 'send') return { scope: await send(step, target, scope, player) };
  return receive(target, scope, player, timeout ?? player.usualWait);
}

async function send(
  step: Step,
  { channel }: Extract<StepTarget, { kind: 'channel' }>,
  scope: Scope,
  player: Player,
): Promise<Scope> {
  const payload = step.requestBody === undefined ? {} : (payloadOf(step.requestBody, scope) ?? {});
  const headers = inputsOf(
    step.parameters.filter((parameter) => parameter.in === 'header'),
    scope,
  );
  await player.send(channel, { payload, headers });
  return { ...scope, message: { channel: channel.address, payload, headers } };
}

async function receive(
  target: Extract<StepTarget, { kind: 'channel' }>,
  scope: Scope,
  player: Player,
  timeout: number,
): Promise<Outcome> {
  const { channel, correlationId } = target;
  const wanted = correlationId === undefined ? undefined : fill(correlationId, scope);
  if (correlationId !== undefined && (wanted === undefined || wanted === null))
    throw new StepError('The correlationId has no value.');
  const accepts = (message: ReceivedMessage) =>
    wanted === undefined || correlates(message, channel.messages, toText(wanted));
  const message = await player.receive(channel, { timeout, accepts });
  if (message !== undefined) return { scope: { ...scope, message } };
  const with_ = wanted === undefined ? '' : ` with the correlation id \`${toText(wanted)}\``;
  return {
    scope,
    reason: `No message${with_} came on \`${channel.address}\` within ${timeout} ms.`,
  };
}

function least(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
}

/** Where a contract names no place for the id, a message correlates that holds it anywhere. */
function correlates(message: ReceivedMessage, declared: readonly Message[], wanted: string): boolean {
  const places = declared.flatMap(({ correlationId }) => correlationId ?? []);
  if (places.length === 0) return holdsText([message.payload, message.headers], wanted);
  const scope = { ...EMPTY, message };
  return places.some((place) => toText(evaluate(parseExpression(place), scope)) === wanted);
}

function holdsText(value: unknown, wanted: string): boolean {
  if (typeof value !== 'object' || value === null)
    return value !== undefined && value !== null && String(value) === wanted;
  return Object.values(value).some((part) => holdsText(part, wanted));
}

const EMPTY: Scope = {
  inputs: {},
  outputs: {},
  steps: new Map(),
  workflows: new Map(),
  sources: new Map(),
  components: {},
};

function lastExchange(workflow: WorkflowResult): Partial<HttpExchange> {
  for (const step of workflow.steps.toReversed()) {
    if (step.request !== undefined && step.response !== undefined)
      return { request: step.request, response: step.response };
  }
  return {};
}

/** What a step calls, for reports. */
export function targetName(target: StepTarget): StepTargetName {
  if (target.kind === 'operation') {
    const { system, contract, id } = target.operation;
    return { kind: 'operation', system, contract, operationId: id };
  }
  if (target.kind === 'workflow') return { kind: 'workflow', workflowId: target.workflow.workflowId };
  return { kind: 'channel', system: target.channel.system, action: target.action, channel: target.channel.address };
}

function describe(error: Error): string {
  if (error instanceof StepError) return error.message;
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : '';
  return `There was no answer: ${error.message}${cause}.`;
}
