import type { ArazzoDocument, Step, Workflow, WorkflowTarget } from './arazzo-document.ts';

/** A step with the document that it stands in. */
export interface PlacedStep {
  readonly document: ArazzoDocument;
  readonly step: Step;
}

/** The workflows that a workflow calls, goes to or depends on. */
export function calledBy({ steps, dependsOn }: Workflow): WorkflowTarget[] {
  const called = steps.flatMap(({ target, onSuccess, onFailure }) => [
    ...(target.kind === 'workflow' ? [target.workflow] : []),
    ...[...onSuccess, ...onFailure].flatMap((action) => action.workflow ?? []),
  ]);
  return [...called, ...dependsOn];
}

/** Every step that playing a workflow can come to, those of other workflows and documents among them. */
export function reachableSteps(document: ArazzoDocument, workflow: Workflow): PlacedStep[] {
  const seen = new Set<Workflow>();
  const visit = (place: { document: ArazzoDocument; workflow: Workflow } | undefined): PlacedStep[] => {
    if (place === undefined || seen.has(place.workflow)) return [];
    seen.add(place.workflow);
    const own = place.workflow.steps.map((step) => ({ document: place.document, step }));
    return [...own, ...calledBy(place.workflow).flatMap((target) => visit(target.find()))];
  };
  return visit({ document, workflow });
}
