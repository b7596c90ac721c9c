import { compilePattern, isPattern } from '../lib/patterns/pattern.ts';
import type { Validation } from '../model/schema.ts';
import type { ArazzoDocument, Workflow } from './arazzo-document.ts';
import { missingInputs, withDefaults } from './input-schema.ts';
import type { Player } from './player.ts';
import { calledBy, type PlacedStep, reachableSteps } from './reachable-steps.ts';
import type { Reporter } from './reporters/reporter.ts';
import type { ScenarioResult, ScenarioSummary, WorkflowResult } from './results.ts';
import { runWorkflow } from './run-workflow.ts';
import { tenantName } from './tenant-name.ts';

/** A player with what is asked of it once its workflow has ended. */
export interface ScenarioPlayer extends Player {
  transcript?(): Promise<string>;
}

export interface ScenarioRun {
  readonly documents: readonly ArazzoDocument[];
  /** Opens a world of its own for one workflow, which may play these steps. */
  readonly createPlayer: (tenant: string, steps: readonly PlacedStep[]) => Promise<ScenarioPlayer>;
  /** How many workflows are played at once. Default 4. */
  readonly parallel?: number;
  /** Plays only workflows whose id meets one of these; `*` stands for any text. */
  readonly only?: readonly string[];
  /** Starts no further workflow after the first that fails. */
  readonly bail?: boolean;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly validation?: Pick<Validation, 'check'>;
  readonly reporters?: readonly Reporter[];
  /** Whether transcripts are taken. */
  readonly takesTranscripts?: boolean;
}

/** A workflow to be played. */
interface Scenario {
  readonly document: ArazzoDocument;
  readonly workflow: Workflow;
  readonly tenant: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly skipped?: string;
}

/**
 * Plays workflows, each in a world of its own, several at once. Reports as it goes; never rejects for a failure.
 *
 * @example
 * const { failed } = await runScenarios({ documents, createPlayer: (tenant) => createHttpPlayer({ baseUrl, tenant, fetch }) });
 */
export async function runScenarios(run: ScenarioRun): Promise<ScenarioSummary> {
  const { reporters = [], parallel = 4, bail = false } = run;
  const scenarios = select(run);
  for (const reporter of reporters)
    await reporter.started?.(
      scenarios.map(({ document, workflow, tenant }) => ({
        file: document.file,
        workflowId: workflow.workflowId,
        tenant,
      })),
    );
  const results = new Array<ScenarioResult | undefined>(scenarios.length);
  let next = 0;
  let isOver = false;
  const worker = async (): Promise<void> => {
    while (next < scenarios.length) {
      const index = next;
      next += 1;
      const scenario = scenarios[index] as Scenario;
      const skipped =
        scenario.skipped ?? (isOver ? 'Another workflow failed before, and --bail was given.' : undefined);
      const result = skipped === undefined ? await playScenario(scenario, run) : skip(scenario, skipped);
      results[index] = result;
      if (bail && result.result.status === 'failed') isOver = true;
      for (const reporter of reporters) await reporter.workflowEnded?.(result);
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, Math.min(parallel, scenarios.length)) }, worker));
  const done = results.filter((result) => result !== undefined);
  const count = (status: WorkflowResult['status']) => done.filter(({ result }) => result.status === status).length;
  const summary = { scenarios: done, passed: count('passed'), failed: count('failed'), skipped: count('skipped') };
  for (const reporter of reporters) await reporter.ended?.(summary);
  return summary;
}

/** The ids of all workflows, for messages. */
export function workflowIdsOf(documents: readonly ArazzoDocument[]): string[] {
  return documents.flatMap(({ workflows }) => workflows.map(({ workflowId }) => workflowId));
}

/** Whether a workflow is among those asked for by name. */
export function isSelected(workflowId: string, only: readonly string[] | undefined): boolean {
  if (only === undefined || only.length === 0) return true;
  return only.some((pattern) => {
    const parts = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    const compiled = compilePattern(`^${parts.join('.*')}$`);
    return isPattern(compiled) && compiled.test(workflowId);
  });
}

function select({ documents, only, inputs: given = {} }: ScenarioRun): Scenario[] {
  const called = new Set(
    documents.flatMap(({ workflows }) => workflows.flatMap(calledBy)).map(({ workflowId }) => workflowId),
  );
  return documents.flatMap((document) =>
    document.workflows
      .filter(({ workflowId }) => isSelected(workflowId, only))
      .map((workflow) => {
        const inputs = forWorkflow(workflow, given);
        const missing = missingInputs(workflow.inputs, withDefaults(workflow.inputs, inputs));
        // A part of other workflows, which are what gives it its inputs.
        const isPart = only === undefined && called.has(workflow.workflowId) && missing.length > 0;
        const skipped = isPart ? `It is played by others, which give it ${missing.join(', ')}.` : undefined;
        return {
          document,
          workflow,
          tenant: tenantName(document.file, workflow.workflowId),
          inputs,
          ...(skipped !== undefined && { skipped }),
        };
      }),
  );
}

function forWorkflow(
  { inputs: schema }: Workflow,
  given: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  if (schema === undefined || typeof schema === 'boolean' || schema.properties === undefined) return given;
  const declared = schema.properties;
  return Object.fromEntries(Object.entries(given).filter(([name]) => Object.hasOwn(declared, name)));
}

async function playScenario(scenario: Scenario, run: ScenarioRun): Promise<ScenarioResult> {
  const { document, workflow, tenant, inputs } = scenario;
  const at = { file: document.file, workflowId: workflow.workflowId, tenant };
  const { reporters = [], validation, createPlayer, takesTranscripts = false } = run;
  for (const reporter of reporters) await reporter.workflowStarted?.(at);
  let player: ScenarioPlayer | undefined;
  try {
    player = await createPlayer(tenant, reachableSteps(document, workflow));
    const onStep: Parameters<typeof runWorkflow>[0]['onStep'] = (step) => {
      for (const reporter of reporters) reporter.stepEnded?.(at, step);
    };
    const result = await runWorkflow({ document, workflow, player, inputs, validation, onStep });
    const transcript = takesTranscripts ? await player.transcript?.() : undefined;
    const messages = (await player.messages?.()) ?? [];
    return { tenant, result, messages, ...(transcript !== undefined && { transcript }) };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? ` (${error.cause.message})` : '';
    return end(scenario, 'failed', `It could not be played: ${error instanceof Error ? error.message : error}${cause}`);
  } finally {
    await player?.close?.();
  }
}

function skip(scenario: Scenario, reason: string): ScenarioResult {
  return end(scenario, 'skipped', reason);
}

function end(
  { document, workflow, tenant, inputs }: Scenario,
  status: 'failed' | 'skipped',
  reason: string,
): ScenarioResult {
  const facts = {
    file: document.file,
    workflowId: workflow.workflowId,
    inputs,
    outputs: {},
    steps: [],
    dependencies: [],
    at: '',
    duration: 0,
  };
  return { tenant, messages: [], result: { ...facts, status, reason } };
}
