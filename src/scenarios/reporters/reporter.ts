import type { ScenarioResult, ScenarioSummary, StepResult } from '../results.ts';

export interface ScenarioName {
  readonly file: string;
  readonly workflowId: string;
  readonly tenant: string;
}

/** Hears how a run goes. Everything is optional; what it writes and where is its own affair. */
export interface Reporter {
  started?(scenarios: readonly ScenarioName[]): void | Promise<void>;
  workflowStarted?(scenario: ScenarioName): void | Promise<void>;
  stepEnded?(scenario: ScenarioName, step: StepResult): void;
  workflowEnded?(result: ScenarioResult): void | Promise<void>;
  ended?(summary: ScenarioSummary): void | Promise<void>;
}
