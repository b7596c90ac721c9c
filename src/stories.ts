import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { shippedCache } from './contracts/shipped-contracts.ts';
import { PACKAGE_FOLDER } from './lib/package-folder.ts';
import type { Contract } from './model/contract.ts';
import type { ArazzoDocument, Workflow } from './scenarios/arazzo-document.ts';
import type { ScenarioSources } from './scenarios/document-reader.ts';
import { atPace } from './scenarios/paced-player.ts';
import { shownStep } from './scenarios/reporters/shown-step.ts';
import type { Wire } from './scenarios/send-request.ts';
import type { ListedDocument, ListedWorkflow } from './story-index.ts';
import type { Progress, Stories, Story } from './surfaces/control/stories.ts';
import { askHere } from './surfaces/http/in-process.ts';
import { afterListening, sleep } from './surfaces/wall-time.ts';

export interface StoriesOptions {
  readonly settings: {
    /** Scenarios beside those that are shipped. */
    readonly stories?: readonly string[];
    readonly cache?: string;
  };
  /** What is served: a story of a contract that is not is none here. */
  readonly contracts: readonly Contract[];
  /** Where these are, files or folders. */
  readonly paths: readonly string[];
  /** The simulator that stories are played on. */
  readonly running: () => {
    readonly url: string;
    readonly handle: (request: IncomingMessage, response: ServerResponse) => void;
    readonly adminToken?: string;
  };
}

/** Stories that are played at the same time. */
const MOST_PLAYED = 16;

/**
 * Makes what knows and plays the stories of a simulator: workflows of Arazzo documents. They are listed when somebody
 * first asks for them, and each is read when it is played.
 *
 * @example const stories = createStories({ settings, contracts, running: () => ({ url, handle }) }); // for createControl
 */
export function createStories(options: StoriesOptions): () => Promise<Stories> {
  let loading: Promise<Stories> | undefined;
  return () => {
    loading ??= loadStories(options).catch((error: unknown) => {
      // Whoever asks next finds what has been mended since.
      loading = undefined;
      throw error;
    });
    return loading;
  };
}

async function loadStories({ settings, contracts, paths, running }: StoriesOptions): Promise<Stories> {
  const { findScenarios } = await import('./scenario-sources.ts');
  const { createStorySources, listDocuments } = await import('./story-index.ts');
  const { tenantName } = await import('./scenarios/tenant-name.ts');
  const files = await findScenarios([join(PACKAGE_FOLDER, 'scenarios'), ...(settings.stories ?? [])], process.cwd());
  const sources: ScenarioSources = {
    ...createStorySources({ contracts, paths, cache: settings.cache }),
    pause: () => sleep(0),
  };
  const documents = await listDocuments(files, sources, shippedCache());
  const served = new Set(contracts.map(({ system, name }) => `${system}/${name}`));
  const told = new Map<string, Told>();
  const playing = new Set<string>();
  const called = new Set(documents.flatMap(({ calls }) => calls));
  for (const document of documents) {
    if (!document.contracts.every((contract) => served.has(contract))) continue;
    for (const workflow of document.workflows) {
      // A part of other workflows, which give it its inputs.
      const isPart = called.has(workflow.workflowId) && workflow.needsInputs;
      if (isPart) continue;
      const id = tenantName(document.file.replace(/^scenarios\//, ''), workflow.workflowId);
      told.set(id, { path: document.path, story: toStory(id, document, workflow) });
    }
  }
  const read = async ({ path, story }: Told): Promise<Found | undefined> => {
    const { readArazzo } = await import('./scenarios/read-arazzo.ts');
    const [document] = (await readArazzo([path], sources)).documents;
    const workflow = document?.workflows.find(({ workflowId }) => workflowId === story.workflowId);
    return document === undefined || workflow === undefined ? undefined : { document, workflow };
  };
  return {
    list: async () => [...told.values()].map(({ story }) => story),
    async play({ id, tenant = `story.${id}`.slice(0, 64), pause, report, isAwaited }) {
      const found = told.get(id);
      const name = { story: id, tenant };
      report({ kind: 'started', ...name });
      const refuse = (reason: string) => report({ kind: 'ended', ...name, status: 'failed', reason, steps: 0 });
      if (found === undefined) return refuse('There is no such story.');
      if (playing.has(tenant)) return refuse(`A story is being played in the tenant "${tenant}". Wait for its end.`);
      if (playing.size >= MOST_PLAYED)
        return refuse(`${MOST_PLAYED} stories are being played already. Wait for the end of one.`);
      playing.add(tenant);
      let steps = 0;
      try {
        // Who only lists them has no need of what plays them.
        const { createValidation } = await import('./contracts/validation.ts');
        const { createHttpPlayer } = await import('./scenarios/http-player.ts');
        const { runScenarios } = await import('./scenarios/run-scenarios.ts');
        const { document, workflow } = (await read(found)) ?? {};
        if (document === undefined || workflow === undefined) return refuse('Its file is not there any more.');
        const { scenarios } = await runScenarios({
          // Others of the same document are played by themselves.
          documents: [{ ...document, workflows: [workflow] }],
          parallel: 1,
          validation: createValidation([]),
          createPlayer: async () => {
            const { url, handle, adminToken } = running();
            const wire = { fetch: fetchFrom(handle), patience: afterListening };
            const player = await createHttpPlayer({ ...wire, baseUrl: url, tenant, adminToken, restart: {} });
            return atPace(player, { pause, isAwaited, sleep });
          },
          reporters: [
            {
              stepEnded(_, step) {
                const own = workflow.steps.find(({ stepId }) => stepId === step.stepId);
                // Those of a workflow that it calls are told with the step that calls it.
                if (own === undefined || step.file !== document.file) return;
                steps += 1;
                report({ kind: 'step', ...name, step: shownStep(step, own.description) });
              },
            },
          ],
        });
        const { status = 'failed', reason } = scenarios[0]?.result ?? {};
        report({ kind: 'ended', ...name, status, steps, ...(reason !== undefined && { reason }) } satisfies Progress);
      } catch (error) {
        refuse(`It could not be played: ${error instanceof Error ? error.message : String(error)}`);
      } finally {
        playing.delete(tenant);
      }
    },
  };
}

/** A workflow as it is told of, and the file that it is read from when it is played. */
interface Told {
  readonly path: string;
  readonly story: Story;
}

interface Found {
  readonly document: ArazzoDocument;
  readonly workflow: Workflow;
}

function toStory(id: string, { file, title, description }: ListedDocument, workflow: ListedWorkflow): Story {
  const { workflowId, summary, steps } = workflow;
  return {
    id,
    title: summary ?? title,
    document: title,
    purpose: workflow.description ?? description ?? title,
    file,
    workflowId,
    steps,
  };
}

/** Nothing goes through a socket: what answers it is what answers any request. */
function fetchFrom(handle: (request: IncomingMessage, response: ServerResponse) => void): Wire['fetch'] {
  return async (address, { method, headers, body }) => {
    const { pathname, search } = new URL(address);
    const answer = await askHere({ handle, url: address }, { method, path: `${pathname}${search}`, headers, body });
    return {
      status: answer.status,
      headers: new Map(Object.entries(answer.headers)),
      text: async () => answer.body,
    };
  };
}
