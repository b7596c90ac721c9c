import type { Step, Workflow, WorkflowTarget } from './arazzo-document.ts';
import type { DocumentReader, Part } from './document-reader.ts';
import { readInputSchema } from './input-schema.ts';
import { isRecord } from './json-values.ts';
import { type FindDocument, findWorkflowId, type LinkedSource } from './link-sources.ts';
import { readActions, readOutputs, readParameters } from './read-parts.ts';
import { readStep } from './read-step.ts';

export interface WorkflowContext {
  readonly workflowIds: readonly string[];
  readonly sources: readonly LinkedSource[];
  readonly findDocument: FindDocument;
}

const MEMBERS = [
  ...['workflowId', 'summary', 'description', 'inputs', 'dependsOn', 'steps'],
  ...['successActions', 'failureActions', 'outputs', 'parameters'],
];

/** Reads a workflow; `undefined` where it has no id, which has been reported then. */
export function readWorkflow(reader: DocumentReader, part: Part, context: WorkflowContext): Workflow | undefined {
  const { pointer } = part;
  const members = reader.members(part, 'A workflow', MEMBERS, ['workflowId', 'steps']);
  const workflowId = members === undefined ? undefined : reader.text(members, pointer, 'workflowId');
  if (members === undefined || workflowId === undefined) return undefined;
  return reader.within({ workflowId }, () => {
    const stepParts = members.steps === undefined ? [] : reader.list(members, pointer, 'steps', { isFilled: true });
    const stepIds = idsOf(stepParts, 'stepId');
    reportDuplicates(reader, stepParts, 'stepId', 'steps');
    const findWorkflow = (at: Part, text: string): WorkflowTarget | undefined =>
      findWorkflowId(reader, at, text, context.workflowIds, context.sources, context.findDocument);
    const actionContext = { stepIds, findWorkflow };
    const parameters = readParameters(reader, members, pointer, { needsIn: false, isShared: true });
    const successActions = readActions(reader, members, pointer, 'successActions', actionContext);
    const failureActions = readActions(reader, members, pointer, 'failureActions', actionContext);
    const stepContext = { ...context, ...actionContext, parameters, successActions, failureActions };
    const steps = stepParts.flatMap((stepPart) => {
      const stepId = idsOf([stepPart], 'stepId')[0];
      return reader.within({ workflowId, stepId }, () => readStep(reader, stepPart, stepContext)) ?? [];
    });
    return {
      workflowId,
      summary: reader.text(members, pointer, 'summary'),
      description: reader.text(members, pointer, 'description'),
      inputs: readInputSchema(reader, { value: members.inputs, pointer: `${pointer}/inputs` }),
      dependsOn: reader
        .list(members, pointer, 'dependsOn')
        .flatMap((item) => (typeof item.value === 'string' ? (findWorkflow(item, item.value) ?? []) : [])),
      steps: inOrder(reader, pointer, steps),
      outputs: readOutputs(reader, members, pointer),
    };
  });
}

/** The ids that parts of a list carry, whatever else is wrong with them. */
export function idsOf(parts: readonly Part[], member: string): string[] {
  return parts.flatMap(({ value }) => {
    const id = isRecord(value) ? value[member] : undefined;
    return typeof id === 'string' ? [id] : [];
  });
}

export function reportDuplicates(reader: DocumentReader, parts: readonly Part[], member: string, what: string): void {
  const seen = new Set<string>();
  for (const part of parts) {
    const [id] = idsOf([part], member);
    if (id === undefined) continue;
    if (!/^[A-Za-z0-9_-]+$/.test(id)) {
      reader.report(
        `${part.pointer}/${member}`,
        `\`${id}\` is no \`${member}\`.`,
        'Use letters, digits, `-` and `_` only.',
      );
    }
    if (seen.has(id))
      reader.report(`${part.pointer}/${member}`, `Two ${what} are named \`${id}\`.`, 'Give one of them another name.');
    seen.add(id);
  }
}

/** Moves steps behind those that they depend on, and otherwise leaves them in the order they were written. */
function inOrder(reader: DocumentReader, pointer: string, steps: readonly Step[]): readonly Step[] {
  const waiting = [...steps];
  const done = new Set<string>();
  const ordered: Step[] = [];
  while (waiting.length > 0) {
    const next = waiting.findIndex((step) =>
      step.dependsOn.every(
        ({ workflowId, stepId }) =>
          workflowId !== undefined || done.has(stepId) || !steps.some((other) => other.stepId === stepId),
      ),
    );
    const [step] = next === -1 ? [] : waiting.splice(next, 1);
    if (step === undefined) {
      const circle = waiting.map(({ stepId }) => `\`${stepId}\``).join(', ');
      reader.report(
        `${pointer}/steps`,
        `The steps ${circle} depend on each other in a circle.`,
        'Remove one `dependsOn`.',
        { onKey: true },
      );
      return steps;
    }
    ordered.push(step);
    done.add(step.stepId);
  }
  return ordered;
}
