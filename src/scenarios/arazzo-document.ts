import type { Channel } from '../model/channel.ts';
import type { Contract } from '../model/contract.ts';
import type { Operation } from '../model/operation.ts';
import type { Schema } from '../model/schema.ts';
import type { Criterion } from './criteria.ts';
import type { Template } from './templates.ts';

/** One Arazzo description, read, checked and joined with the documents it names. */
export interface ArazzoDocument {
  /** The path as the user gave it, for messages. */
  readonly file: string;
  /** The absolute path. */
  readonly path: string;
  readonly title: string;
  readonly description?: string;
  /** `1.0` or `1.1`. */
  readonly version: string;
  readonly self?: string;
  readonly sources: readonly SourceDescription[];
  /** The contracts that its sources lead to. */
  readonly contracts: readonly Contract[];
  readonly workflows: readonly Workflow[];
  /** The raw components, for `$components` in values. */
  readonly components: Readonly<Record<string, unknown>>;
}

export interface SourceDescription {
  readonly name: string;
  readonly url: string;
  readonly type: 'openapi' | 'asyncapi' | 'arazzo';
}

export interface Workflow {
  readonly workflowId: string;
  readonly summary?: string;
  readonly description?: string;
  /** With all references resolved. */
  readonly inputs?: Schema;
  readonly dependsOn: readonly WorkflowTarget[];
  /** In an order that satisfies every `dependsOn`. */
  readonly steps: readonly Step[];
  readonly outputs: Readonly<Record<string, Template>>;
}

/** A workflow of this or another document; found when it is asked for, because documents may refer to each other. */
export interface WorkflowTarget {
  readonly workflowId: string;
  /** As it was written. */
  readonly text: string;
  find(): { readonly document: ArazzoDocument; readonly workflow: Workflow } | undefined;
}

export interface Step {
  readonly stepId: string;
  readonly description?: string;
  readonly target: StepTarget;
  /** Those of the workflow included, but for those that the step overrides. */
  readonly parameters: readonly Parameter[];
  readonly requestBody?: RequestBody;
  readonly successCriteria: readonly Criterion[];
  /** The step's own before the workflow's. */
  readonly onSuccess: readonly Action[];
  readonly onFailure: readonly Action[];
  readonly outputs: Readonly<Record<string, Template>>;
  /** Milliseconds. */
  readonly timeout?: number;
  readonly dependsOn: readonly StepDependency[];
  /** Where it stands; looked up when it is asked for, because that takes longer than everything else about a document. */
  line(): number;
}

export type StepTarget =
  | { readonly kind: 'operation'; readonly operation: Operation; readonly contract: Contract }
  | {
      readonly kind: 'channel';
      readonly action: 'send' | 'receive';
      readonly channel: Channel;
      readonly contract: Contract;
      readonly correlationId?: Template;
    }
  | { readonly kind: 'workflow'; readonly workflow: WorkflowTarget };

export interface StepDependency {
  readonly text: string;
  /** Absent for a step of the same workflow. */
  readonly workflowId?: string;
  readonly stepId: string;
}

export interface Parameter {
  readonly name: string;
  /** Absent where it is an input of a workflow. */
  readonly in?: 'path' | 'query' | 'querystring' | 'header' | 'cookie';
  readonly value: Template;
  /** Comes from the workflow, so that it only concerns those who know it. */
  readonly isShared: boolean;
}

export interface RequestBody {
  readonly contentType?: string;
  readonly payload?: Template;
  readonly replacements: readonly Replacement[];
}

export interface Replacement {
  readonly target: string;
  readonly type: 'jsonpointer' | 'jsonpath';
  readonly value: Template;
}

export interface Action {
  readonly name: string;
  readonly type: 'end' | 'goto' | 'retry';
  readonly stepId?: string;
  readonly workflow?: WorkflowTarget;
  readonly parameters: readonly Parameter[];
  readonly criteria: readonly Criterion[];
  /** Seconds. */
  readonly retryAfter: number;
  readonly retryLimit: number;
}
