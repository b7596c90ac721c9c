import { formatInstant, type Instant } from '../lib/time.ts';
import type { Validation } from '../model/schema.ts';
import type { Action, ArazzoDocument, Step, Workflow, WorkflowTarget } from './arazzo-document.ts';
import { tryCriterion } from './criteria.ts';
import { declaredInputs, withDefaults } from './input-schema.ts';
import type { Player } from './player.ts';
import type { StepResult, WorkflowResult } from './results.ts';
import { inputsOf, outputsOf, runStep, targetName } from './run-step.ts';
import { headerOf, type Scope, type WorkflowScope } from './scope.ts';

export interface WorkflowRun {
  readonly document: ArazzoDocument;
  readonly workflow: Workflow;
  readonly player: Player;
  readonly inputs?: Readonly<Record<string, unknown>>;
  /** Checks inputs against their schema. */
  readonly validation?: Pick<Validation, 'check'>;
  /** Told of each step, those of called workflows included, as it ends. */
  readonly onStep?: (step: StepResult) => void;
  /** Most steps that may be played, so that a `goto` in a circle ends. Default 1000. */
  readonly maximumSteps?: number;
}

/**
 * Plays a workflow, first those that it depends on. Failures of any kind are in the result; it never rejects.
 *
 * @example const { status, steps } = await runWorkflow({ document, workflow, player });
 */
export async function runWorkflow(run: WorkflowRun): Promise<WorkflowResult> {
  const session: Session = {
    player: run.player,
    validation: run.validation,
    onStep: run.onStep,
    left: run.maximumSteps ?? 1000,
    maximum: run.maximumSteps ?? 1000,
    workflows: new Map(),
    played: new Map(),
  };
  return play(session, run.document, run.workflow, run.inputs ?? {}, []);
}

const DEEPEST = 32;

/** What all workflows of one run share. */
interface Session extends Pick<WorkflowRun, 'player' | 'validation' | 'onStep'> {
  /** Steps that may still be played. */
  left: number;
  readonly maximum: number;
  readonly workflows: Map<string, WorkflowScope>;
  /** Workflows that others depended on; each is played once. */
  readonly played: Map<string, WorkflowResult>;
}

/** One workflow while it is played. */
interface Play {
  readonly session: Session;
  readonly document: ArazzoDocument;
  readonly workflow: Workflow;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Map<string, { readonly outputs: Readonly<Record<string, unknown>> }>;
  readonly results: StepResult[];
  readonly above: readonly string[];
  /** When the time is over that the step which called it has. */
  readonly until?: Instant;
}

type Ending =
  | { readonly status: 'passed' | 'failed'; readonly reason?: string }
  /** The workflow that took over. */
  | { readonly workflow: WorkflowResult };

async function play(
  session: Session,
  document: ArazzoDocument,
  workflow: Workflow,
  given: Readonly<Record<string, unknown>>,
  above: readonly string[],
  until?: Instant,
): Promise<WorkflowResult> {
  const began = await session.player.now();
  const inputs = withDefaults(workflow.inputs, given);
  const current: Play = {
    session,
    document,
    workflow,
    inputs,
    outputs: new Map(),
    results: [],
    above: [...above, workflow.workflowId],
    ...(until !== undefined && { until }),
  };
  const dependencies: WorkflowResult[] = [];
  const end = async (ending: Ending): Promise<WorkflowResult> =>
    toResult(current, ending, dependencies, began, await session.player.now());
  if (above.length >= DEEPEST)
    return end({
      status: 'failed',
      reason: `Workflows call each other ${DEEPEST} deep: ${above.slice(-3).join(', ')}, …`,
    });
  const mistake = inputMistake(session, workflow, inputs);
  if (mistake !== undefined) return end({ status: 'failed', reason: mistake });
  for (const target of workflow.dependsOn) {
    if (above.includes(target.workflowId))
      return end({ status: 'failed', reason: `\`${target.text}\` depends on itself in a circle.` });
    const key = target.text;
    const result = session.played.get(key) ?? (await playTarget(current, target, given));
    session.played.set(key, result);
    dependencies.push(result);
    if (result.status !== 'passed')
      return end({
        status: 'failed',
        reason: `It depends on \`${target.text}\`, which failed: ${result.reason ?? ''}`,
      });
  }
  // Registered before it ends, so that steps of called workflows can name what has happened so far.
  session.workflows.set(workflow.workflowId, { inputs, outputs: {}, steps: current.outputs });
  return end(await playSteps(current));
}

async function playSteps(current: Play): Promise<Ending> {
  const { steps } = current.workflow;
  let index = 0;
  while (index < steps.length) {
    const step = steps[index] as Step;
    const next = await playStep(current, step);
    if (typeof next === 'object') return next;
    index = next === undefined ? index + 1 : steps.findIndex(({ stepId }) => stepId === next);
    if (index === -1) return { status: 'failed', reason: `There is no step \`${next}\` to go to.` };
  }
  return { status: 'passed' };
}

/** Plays a step until it is done with; answers the id of the step to go to, nothing for the next, or how it all ends. */
async function playStep(current: Play, step: Step): Promise<string | undefined | Ending> {
  const retries = new Map<string, number>();
  for (let attempt = 1; ; attempt += 1) {
    const { result, scope } = await tryStep(current, step, attempt);
    const isPassed = result.status === 'passed';
    const actions = isPassed ? step.onSuccess : step.onFailure;
    const action = actions.find(
      (candidate) =>
        candidate.criteria.every((criterion) => tryCriterion(criterion, scope).passed) &&
        !(candidate.type === 'retry' && (retries.get(candidate.name) ?? 0) >= candidate.retryLimit),
    );
    record(current, action === undefined ? result : { ...result, action: { name: action.name, type: action.type } });
    const failure: Ending = { status: 'failed', reason: `Step \`${step.stepId}\`: ${result.reason ?? 'it failed.'}` };
    if (current.session.left <= 0) {
      return {
        status: 'failed',
        reason: `More than ${current.session.maximum} steps were played: does a \`goto\` lead round in a circle?`,
      };
    }
    if (action === undefined) return isPassed ? undefined : failure;
    if (action.type === 'end') return isPassed ? { status: 'passed' } : failure;
    if (action.type === 'goto') {
      if (action.workflow === undefined) return action.stepId;
      return { workflow: await playTarget(current, action.workflow, inputsOf(action.parameters, scope)) };
    }
    retries.set(action.name, (retries.get(action.name) ?? 0) + 1);
    const trouble = await prepareRetry(current, action, scope);
    if (trouble !== undefined) return { status: 'failed', reason: trouble };
  }
}

async function tryStep(current: Play, step: Step, attempt: number) {
  const { session, document } = current;
  session.left -= 1;
  const scope = scopeOf(current);
  const missing = step.dependsOn.find(({ workflowId, stepId }) => {
    const steps = workflowId === undefined ? current.outputs : session.workflows.get(workflowId)?.steps;
    return steps?.has(stepId) !== true;
  });
  if (missing !== undefined) {
    const at = formatInstant(await session.player.now());
    const hint = missing.workflowId === undefined ? '' : ` Add \`dependsOn: [${missing.workflowId}]\` to the workflow.`;
    const reason = `It depends on \`${missing.text}\`, which has not been completed.${hint}`;
    const facts = {
      stepId: step.stepId,
      file: document.file,
      line: step.line,
      attempt,
      criteria: [],
      outputs: {},
      at,
      duration: 0,
    };
    return { scope, result: { ...facts, target: targetName(step.target), status: 'failed' as const, reason } };
  }
  return runStep({
    step,
    scope,
    player: session.player,
    file: document.file,
    attempt,
    ...(current.until !== undefined && { until: current.until }),
    callWorkflow: (target, inputs, until) => playTarget(current, target.workflow, inputs, until),
  });
}

function record(current: Play, result: StepResult): void {
  current.results.push(result);
  if (result.status === 'passed') current.outputs.set(result.stepId, { outputs: result.outputs });
  current.session.onStep?.(result);
}

/** Waits, and plays what a retry wants to be played before; answers what went wrong with that. */
async function prepareRetry(current: Play, action: Action, scope: Scope): Promise<string | undefined> {
  const { player } = current.session;
  const now = await player.now();
  const wait = retryAfterOf(scope, now) ?? action.retryAfter * 1000;
  if (current.until !== undefined && now + wait > current.until)
    return `A retry after ${wait} ms would come when the time of the calling step is over.`;
  if (wait > 0) await player.wait(wait);
  if (action.workflow !== undefined) {
    const result = await playTarget(current, action.workflow, inputsOf(action.parameters, scope));
    if (result.status !== 'passed')
      return `\`${action.workflow.text}\`, played before a retry, failed: ${result.reason ?? ''}`;
  }
  if (action.stepId === undefined) return undefined;
  const step = current.workflow.steps.find(({ stepId }) => stepId === action.stepId);
  if (step === undefined) return `There is no step \`${action.stepId}\` to play before a retry.`;
  const { result } = await tryStep(current, step, 1);
  record(current, result);
  return result.status === 'passed'
    ? undefined
    : `Step \`${step.stepId}\`, played before a retry: ${result.reason ?? 'it failed.'}`;
}

/** The server's `Retry-After` overrules the scenario; seconds or a date. */
function retryAfterOf({ response }: Scope, now: Instant): number | undefined {
  const header = headerOf(response?.headers ?? {}, 'retry-after');
  if (typeof header !== 'string' || header === '') return undefined;
  if (/^\d+$/.test(header)) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

async function playTarget(
  current: Play,
  target: WorkflowTarget,
  given: Readonly<Record<string, unknown>>,
  until = current.until,
): Promise<WorkflowResult> {
  const found = target.find();
  if (found === undefined) {
    const at = formatInstant(await current.session.player.now());
    const reason = `There is no workflow \`${target.text}\`.`;
    return {
      file: current.document.file,
      workflowId: target.workflowId,
      status: 'failed',
      inputs: given,
      outputs: {},
      steps: [],
      dependencies: [],
      at,
      duration: 0,
      reason,
    };
  }
  // Parameters of the calling workflow go to all its steps, whether or not this one has a use for them.
  const declared = declaredInputs(found.workflow.inputs);
  const inputs =
    declared === undefined
      ? given
      : Object.fromEntries(Object.entries(given).filter(([name]) => declared.includes(name)));
  return play(current.session, found.document, found.workflow, inputs, current.above, until);
}

function scopeOf({ session, document, inputs, outputs }: Play): Scope {
  return {
    self: document.self,
    inputs,
    outputs: {},
    steps: outputs,
    workflows: session.workflows,
    sources: new Map(document.sources.map((source) => [source.name, { ...source }])),
    components: document.components,
  };
}

function inputMistake(
  { validation }: Session,
  workflow: Workflow,
  inputs: Readonly<Record<string, unknown>>,
): string | undefined {
  if (workflow.inputs === undefined || validation === undefined) return undefined;
  const violations = validation.check(workflow.inputs)(inputs);
  if (violations.length === 0) return undefined;
  const listed = violations.map(({ path, message }) => `${path === '' ? 'the inputs' : path.slice(1)} ${message}`);
  return `The inputs do not fit: ${listed.join('; ')}. Give them with --input name=value.`;
}

function toResult(
  current: Play,
  ending: Ending,
  dependencies: readonly WorkflowResult[],
  began: Instant,
  ended: Instant,
): WorkflowResult {
  const { document, workflow, inputs, results, session } = current;
  const facts = {
    file: document.file,
    workflowId: workflow.workflowId,
    ...(workflow.summary !== undefined && { summary: workflow.summary }),
    inputs,
    dependencies,
    at: formatInstant(began),
    duration: ended - began,
  };
  if ('workflow' in ending) {
    const { status, outputs, steps, reason } = ending.workflow;
    session.workflows.set(workflow.workflowId, { inputs, outputs, steps: current.outputs });
    return { ...facts, status, outputs, steps: [...results, ...steps], ...(reason !== undefined && { reason }) };
  }
  const { status } = ending;
  const taken = takeOutputs(current);
  session.workflows.set(workflow.workflowId, { inputs, outputs: taken.outputs, steps: current.outputs });
  const reason = ending.reason ?? taken.reason;
  return {
    ...facts,
    status: taken.reason === undefined ? status : 'failed',
    outputs: taken.outputs,
    steps: results,
    ...(reason !== undefined && { reason }),
  };
}

function takeOutputs(current: Play): { outputs: Readonly<Record<string, unknown>>; reason?: string } {
  try {
    return { outputs: outputsOf(current.workflow.outputs, scopeOf(current)) };
  } catch (error) {
    return { outputs: {}, reason: `The outputs cannot be taken: ${error instanceof Error ? error.message : error}` };
  }
}
