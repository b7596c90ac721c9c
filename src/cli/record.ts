import { dirname, join, resolve } from 'node:path';
import { parse } from 'yaml';
import { didYouMean } from '../lib/nearest-word.ts';
import { relativePath } from '../lib/relative-path.ts';
import { mergeArazzo, type RecordedDocument } from '../scenarios/merge-arazzo.ts';
import type { Fetch, FetchAnswer } from '../scenarios/send-request.ts';
import type { Output } from './check.ts';
import { writeOutput } from './write-output.ts';

/** The flags of `record`. */
export interface RecordFlags {
  readonly url: string;
  /** Whose stories to record, each as a workflow; default: that of the tenant `default`. */
  readonly tenant?: readonly string[];
  readonly out?: string;
  readonly adminToken?: string;
}

export interface RecordContext {
  readonly output: Output;
  readonly cwd: string;
  /** The folder of the package, which holds the shipped contracts. */
  readonly home: string;
  readonly fetch: Fetch;
}

/**
 * The command `record`: asks a running simulator for what tenants did, as a scenario. Answers 0, or 2 where there is no
 * simulator, no such tenant, or nothing to record.
 *
 * @example await runRecord({ url: 'http://127.0.0.1:4010', out: 'story.arazzo.yaml' }, context);
 */
export async function runRecord(flags: RecordFlags, { output, cwd, home, fetch }: RecordContext): Promise<number> {
  const { url, tenant = ['default'], out, adminToken } = flags;
  // Names of tenants have no commas; who parts them so means several.
  const tenants = tenant.flatMap((names) => names.split(','));
  const refuse = (why: string, advice: string): number => {
    output.stderr.write(`Failed to record from ${url}: ${why}. ${advice}\n`);
    return 2;
  };
  const ask = (path: string, tenant?: string): Promise<FetchAnswer | Error> => {
    const headers = {
      ...(tenant !== undefined && { 'x-simulator-tenant': tenant }),
      ...(adminToken !== undefined && { authorization: `Bearer ${adminToken}` }),
    };
    return fetch(`${url.replace(/\/$/, '')}/_simulator/${path}`, { method: 'GET', headers }).catch((error) => error);
  };
  const refuseAnswer = (answer: FetchAnswer | Error): number =>
    answer instanceof Error
      ? refuse(`it does not answer (${answer.message})`, 'Start the simulator, or correct the --url.')
      : refuse(`it answered with ${answer.status}`, 'Check the --url and the --admin-token.');

  // Asked for first: to ask for the story of a tenant that there is not would make it.
  const listed = await ask('tenants?limit=10000');
  if (listed instanceof Error || listed.status !== 200) return refuseAnswer(listed);
  const known = namesIn(await listed.text());
  if (known === undefined) return refuse('it answers as no simulator does', 'Check the --url.');
  const missing = tenants.find((name) => !known.includes(name));
  if (missing !== undefined) {
    return refuse(`there is no tenant "${missing}"`, didYouMean(missing, known, `Use one of: ${known.join(', ')}.`));
  }

  const folder = out === undefined ? cwd : dirname(resolve(cwd, out));
  const specs = relativePath(folder, join(home, 'specs'));
  const stories = new Map<string, string>();
  const documents = new Map<string, RecordedDocument>();
  for (const tenant of new Set(tenants)) {
    const answer = await ask(`transcript?as=arazzo&specs=${encodeURIComponent(specs)}`, tenant);
    if (answer instanceof Error || answer.status !== 200) return refuseAnswer(answer);
    const story = await answer.text();
    const document = parse(story) as RecordedDocument;
    if (document.workflows.every(({ steps }) => steps.length === 0)) {
      return refuse(`the tenant "${tenant}" has done nothing yet`, 'Send it requests first, or name another --tenant.');
    }
    stories.set(tenant, story);
    documents.set(tenant, document);
  }
  const [only = ''] = stories.values();
  const text = stories.size === 1 ? only : mergeArazzo(documents);
  if (out === undefined) output.stdout.write(text);
  else {
    await writeOutput(resolve(cwd, out), text);
    output.stderr.write(`Written: ${out}. Play it with: bss-simulator run ${out}\n`);
  }
  return 0;
}

/** The names in a list of tenants; none where it is no such list. */
function namesIn(text: string): readonly string[] | undefined {
  try {
    const { items } = JSON.parse(text) as { items: readonly { readonly name: string }[] };
    return items.map(({ name }) => name);
  } catch {
    return undefined;
  }
}
