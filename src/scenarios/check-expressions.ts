import type { ArazzoDocument, Step, Workflow } from './arazzo-document.ts';
import type { DocumentReader, PlacedExpression, PlacedWorkflow } from './document-reader.ts';
import { declaredInputs } from './input-schema.ts';
import { isRecord } from './json-values.ts';
import { type FindDocument, type LinkedSource, sourceNamed } from './link-sources.ts';

export interface ExpressionContext {
  readonly document: ArazzoDocument;
  readonly sources: readonly LinkedSource[];
  readonly findDocument: FindDocument;
}

/** Checks that what a document refers to is there, and there in time: values by expressions, and other workflows. */
export function checkExpressions(reader: DocumentReader, context: ExpressionContext): void {
  for (const placed of reader.expressions) {
    const workflow = context.document.workflows.find(({ workflowId }) => workflowId === placed.workflowId);
    checkExpression(reader, placed, workflow, context);
  }
  for (const placed of reader.workflows) checkOtherWorkflow(reader, placed, context);
}

function checkOtherWorkflow(
  reader: DocumentReader,
  { workflowId, path, pointer }: PlacedWorkflow,
  { findDocument }: ExpressionContext,
): void {
  const other = findDocument(path);
  const known = other?.workflows.map((workflow) => workflow.workflowId) ?? [];
  // What is wrong with the other document has been reported there.
  if (other === undefined || known.includes(workflowId)) return;
  reader.report(pointer, `\`${other.file}\` has no workflow \`${workflowId}\`.`, reader.suggest(workflowId, known));
}

function checkExpression(
  reader: DocumentReader,
  placed: PlacedExpression,
  workflow: Workflow | undefined,
  context: ExpressionContext,
): void {
  const { expression, pointer } = placed;
  switch (expression.kind) {
    case 'inputs':
      requireShape(reader, pointer, expression.name, workflow);
      return;
    case 'step':
      checkStep(reader, placed, expression, workflow);
      return;
    case 'workflow':
      checkWorkflow(reader, pointer, expression, context);
      return;
    case 'source': {
      const source = sourceNamed(reader, { value: undefined, pointer }, expression.source, context.sources);
      if (source !== undefined && !['name', 'url', 'type'].includes(expression.reference)) {
        reader.report(
          pointer,
          `\`${expression.text}\` has no value.`,
          'As a value, a source has its `url`, `name` and `type`.',
        );
      }
      return;
    }
    case 'component': {
      const group = context.document.components[expression.type];
      const known = Object.keys(isRecord(group) ? group : {});
      if (!known.includes(expression.name)) {
        reader.report(
          pointer,
          `The components have no ${expression.type} \`${expression.name}\`.`,
          reader.suggest(expression.name, known),
        );
      }
      return;
    }
    default:
      return;
  }
}

function requireShape(
  reader: DocumentReader,
  pointer: string,
  name: string | undefined,
  workflow: Workflow | undefined,
): void {
  const declared = declaredInputs(workflow?.inputs);
  if (name === undefined || declared === undefined || workflow === undefined || isKnown(name, declared)) return;
  reader.report(
    pointer,
    `The workflow \`${workflow.workflowId}\` has no input \`${name}\`.`,
    reader.suggest(name, declared),
  );
}

function checkStep(
  reader: DocumentReader,
  { pointer, stepId: ownId }: PlacedExpression,
  { stepId, name }: { stepId: string; name?: string },
  workflow: Workflow | undefined,
): void {
  if (workflow === undefined) return;
  const { steps } = workflow;
  const step = steps.find((known) => known.stepId === stepId);
  if (step === undefined) {
    if (isListed(reader, workflow.workflowId, stepId)) return;
    reader.report(
      pointer,
      `This workflow has no step \`${stepId}\`.`,
      reader.suggest(
        stepId,
        steps.map((known) => known.stepId),
      ),
    );
    return;
  }
  checkOutput(reader, pointer, `The step \`${stepId}\``, name, Object.keys(step.outputs));
  const own = steps.findIndex((known) => known.stepId === ownId);
  const isEarly = own !== -1 && steps.indexOf(step) >= own && stepId !== ownId;
  // With jumps, what stands later may well have run before.
  if (isEarly && !steps.some(jumps)) {
    reader.report(
      pointer,
      `The step \`${stepId}\` comes only after this one.`,
      'Put it before this step, or add `dependsOn`.',
    );
  }
}

/** Whether the document lists the step, although it could not be read: that has been reported already. */
function isListed(reader: DocumentReader, workflowId: string, stepId: string): boolean {
  const root = reader.document.value;
  const workflows = isRecord(root) && Array.isArray(root.workflows) ? root.workflows : [];
  return workflows.some(
    (workflow: unknown) =>
      isRecord(workflow) &&
      workflow.workflowId === workflowId &&
      Array.isArray(workflow.steps) &&
      workflow.steps.some((step: unknown) => isRecord(step) && step.stepId === stepId),
  );
}

function checkWorkflow(
  reader: DocumentReader,
  pointer: string,
  expression: { workflowId: string; field: 'inputs' | 'outputs' | 'steps'; stepId?: string; name?: string },
  { document, sources, findDocument }: ExpressionContext,
): void {
  const { workflowId, field, name } = expression;
  const others = sources.flatMap(({ path }) => (path === undefined ? [] : (findDocument(path)?.workflows ?? [])));
  const workflows = [...document.workflows, ...others];
  const workflow = workflows.find((known) => known.workflowId === workflowId);
  if (workflow === undefined) {
    reader.report(
      pointer,
      `There is no workflow \`${workflowId}\`.`,
      reader.suggest(
        workflowId,
        workflows.map((known) => known.workflowId),
      ),
    );
    return;
  }
  if (field === 'inputs') {
    requireShape(reader, pointer, name, workflow);
    return;
  }
  if (field === 'outputs') {
    checkOutput(reader, pointer, `The workflow \`${workflowId}\``, name, Object.keys(workflow.outputs));
    return;
  }
  const step = workflow.steps.find((known) => known.stepId === expression.stepId);
  if (step === undefined) {
    if (isListed(reader, workflowId, expression.stepId ?? '')) return;
    const known = workflow.steps.map(({ stepId }) => stepId);
    reader.report(
      pointer,
      `The workflow \`${workflowId}\` has no step \`${expression.stepId}\`.`,
      reader.suggest(expression.stepId ?? '', known),
    );
    return;
  }
  checkOutput(reader, pointer, `The step \`${step.stepId}\``, name, Object.keys(step.outputs));
}

function checkOutput(
  reader: DocumentReader,
  pointer: string,
  what: string,
  name: string | undefined,
  known: readonly string[],
): void {
  if (name === undefined || isKnown(name, known)) return;
  reader.report(pointer, `${what} has no output \`${name}\`.`, reader.suggest(name, known, 'Add it to its `outputs`.'));
}

/** A name may go on with properties. */
function isKnown(name: string, known: readonly string[]): boolean {
  return known.some((one) => one === name || name.startsWith(`${one}.`));
}

function jumps(step: Step): boolean {
  return [...step.onSuccess, ...step.onFailure].some(({ stepId }) => stepId !== undefined);
}
