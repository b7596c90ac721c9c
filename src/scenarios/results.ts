import type { Action } from './arazzo-document.ts';
import type { CriterionResult } from './criteria.ts';
import type { HttpRequest, HttpResponse, ReceivedMessage } from './player.ts';

export type Status = 'passed' | 'failed' | 'skipped';

/** How a workflow came out. */
export interface WorkflowResult {
  readonly file: string;
  readonly workflowId: string;
  readonly summary?: string;
  readonly status: Status;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, unknown>>;
  /** Every step as often as it was tried, in the order it happened. */
  readonly steps: readonly StepResult[];
  /** Workflows that it depends on, played before it. */
  readonly dependencies: readonly WorkflowResult[];
  /** When it began, in virtual time, ISO 8601. */
  readonly at: string;
  /** Milliseconds of virtual time. */
  readonly duration: number;
  /** Why it failed or was skipped. */
  readonly reason?: string;
}

export interface StepResult {
  readonly stepId: string;
  readonly file: string;
  /** Where it stands, looked up when it is asked for. */
  readonly line: () => number;
  readonly status: Status;
  /** Counted from 1; above it after a `retry`. */
  readonly attempt: number;
  /** What was called: an operation, a channel or a workflow. */
  readonly target: StepTargetName;
  readonly request?: HttpRequest;
  readonly response?: HttpResponse;
  readonly message?: ReceivedMessage;
  readonly criteria: readonly CriterionResult[];
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly at: string;
  readonly duration: number;
  /** Of a step that calls a workflow. */
  readonly workflow?: WorkflowResult;
  /** Why it failed. */
  readonly reason?: string;
  /** The action that followed, by its name and kind. */
  readonly action?: Pick<Action, 'name' | 'type'>;
}

export type StepTargetName =
  | { readonly kind: 'operation'; readonly system: string; readonly contract: string; readonly operationId: string }
  | { readonly kind: 'channel'; readonly system: string; readonly action: 'send' | 'receive'; readonly channel: string }
  | { readonly kind: 'workflow'; readonly workflowId: string };

/** The steps of a workflow, those of the workflows it called and depends on among them. */
export function allSteps(result: WorkflowResult): StepResult[] {
  return [
    ...result.dependencies.flatMap(allSteps),
    ...result.steps.flatMap((step) => [step, ...(step.workflow === undefined ? [] : allSteps(step.workflow))]),
  ];
}

/** One workflow that was to be played, and what came of it. */
export interface ScenarioResult {
  readonly tenant: string;
  readonly result: WorkflowResult;
  readonly transcript?: string;
  readonly messages: readonly ReceivedMessage[];
}

export interface ScenarioSummary {
  /** In the order of files and workflows, however they were played. */
  readonly scenarios: readonly ScenarioResult[];
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}
