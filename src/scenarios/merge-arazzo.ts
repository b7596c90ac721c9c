import { loadYaml } from '../lib/text/yaml-library.ts';

/** The parts of a recorded document that differ between recordings. */
export interface RecordedDocument {
  readonly sourceDescriptions: readonly { readonly name: string }[];
  readonly workflows: readonly { readonly workflowId: string; readonly steps: readonly unknown[] }[];
}

/**
 * Puts recordings together as one document, with a workflow for each; a workflow is named after whoever did it.
 *
 * @example mergeArazzo(new Map([['alice', parse(aliceText)], ['bob', parse(bobText)]]))
 */
export function mergeArazzo(recordings: ReadonlyMap<string, RecordedDocument>): string {
  const documents = [...recordings.values()];
  const sources = new Map(
    documents.flatMap(({ sourceDescriptions }) => sourceDescriptions).map((each) => [each.name, each]),
  );
  const workflows = [...recordings].flatMap(([name, document]) =>
    // Ids of workflows have no dots, names of tenants may.
    document.workflows.map((workflow) => ({ ...workflow, workflowId: name.replaceAll('.', '_') })),
  );
  const merged = { ...documents[0], sourceDescriptions: [...sources.values()], workflows };
  return loadYaml().stringify(merged, { lineWidth: 120, aliasDuplicateObjects: false });
}
