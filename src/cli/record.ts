import { dirname, resolve } from 'node:path';
import { findFiles } from '../contracts/find-files.ts';
import { adviceOn, troubleOf } from '../lib/connection-trouble.ts';
import { didYouMean } from '../lib/nearest-word.ts';
import { relativePath } from '../lib/relative-path.ts';
import { loadYaml } from '../lib/text/yaml-library.ts';
import { mergeArazzo, type RecordedDocument } from '../scenarios/merge-arazzo.ts';
import type { Fetch, FetchAnswer } from '../scenarios/send-request.ts';
import type { Output } from './check.ts';
import { writeOutput } from './write-output.ts';

/** What is recorded from, and where it usually listens. */
export const RECORD_SOURCES = { simulator: 'http://127.0.0.1:4010', proxy: 'http://127.0.0.1:4020' } as const;

/** The flags of `record`. */
export interface RecordFlags {
  readonly from?: keyof typeof RECORD_SOURCES;
  /** In place of where what is recorded from usually listens. */
  readonly url?: string;
  /** Whose stories to record, each as a workflow; default: that of the tenant `default`. */
  readonly tenant?: readonly string[];
  /** Stories (`*.arazzo.yaml`) and starting worlds (other YAML, or JSON); default: a story on standard output. */
  readonly out?: readonly string[];
  readonly adminToken?: string;
}

export interface RecordContext {
  readonly output: Output;
  readonly cwd: string;
  /** The folders and files of the contracts, which a story names. */
  readonly specs: readonly string[];
  readonly fetch: Fetch;
}

/**
 * The command `record`: asks a running simulator, or a proxy, for what tenants did, as a scenario, and for what they were shown,
 * as a starting world. Answers 0, or 2 where there is no simulator, no such tenant, or nothing to record.
 *
 * @example await runRecord({ from: 'proxy', out: ['story.arazzo.yaml', 'world.yaml'] }, context);
 */
export async function runRecord(flags: RecordFlags, { output, cwd, specs, fetch }: RecordContext): Promise<number> {
  const {
    from = 'simulator',
    url = RECORD_SOURCES[from],
    tenant = ['default'],
    out = [STANDARD_OUTPUT],
    adminToken,
  } = flags;
  // Names of tenants have no commas; who parts them so means several.
  const tenants = [...new Set(tenant.flatMap((names) => names.split(',')))];
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
      ? refuse(
          `it does not answer (${troubleOf(answer)})`,
          adviceOn(answer, `Start the ${from}, or correct the --url.`),
        )
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
  const worlds = out.filter((file) => file !== STANDARD_OUTPUT && !isStory(file));
  if (worlds.length > 0 && tenants.length > 1)
    return refuse('a starting world is that of one tenant', `Name one --tenant, not ${tenants.join(', ')}.`);

  /** What each tenant has done, or was shown. */
  const texts = async (
    query: string,
    isEmpty: (text: string) => boolean,
    [why, advice]: readonly [(tenant: string) => string, string],
  ): Promise<ReadonlyMap<string, string> | number> => {
    const found = new Map<string, string>();
    for (const tenant of tenants) {
      const answer = await ask(`transcript?as=${query}`, tenant);
      if (answer instanceof Error || answer.status !== 200) return refuseAnswer(answer);
      const text = await answer.text();
      if (isEmpty(text)) return refuse(why(tenant), advice);
      found.set(tenant, text);
    }
    return found;
  };
  const isToldAnywhere = out.some((file) => !worlds.includes(file));
  const asStory = `arazzo&specs=${encodeURIComponent(PLACE_OF_SPECS)}`;
  const stories = isToldAnywhere
    ? await texts(asStory, (text) => stepsIn(text) === 0, NOTHING_DONE)
    : new Map<string, string>();
  if (typeof stories === 'number') return stories;
  const shown =
    worlds.length > 0 ? await texts('fixture', (text) => text === '', NOTHING_SHOWN) : new Map<string, string>();
  if (typeof shown === 'number') return shown;

  for (const file of out) {
    const path = resolve(cwd, file);
    const [only = ''] = worlds.includes(file) ? shown.values() : stories.values();
    if (worlds.includes(file)) {
      await writeOutput(path, file.endsWith('.json') ? `${JSON.stringify(loadYaml().parse(only), null, 2)}\n` : only);
      output.stderr.write(`Written: ${file}. Serve it with: bss-simulator --fixture ${file}\n`);
      continue;
    }
    const whole =
      stories.size === 1
        ? only
        : mergeArazzo(new Map([...stories].map(([name, text]) => [name, loadYaml().parse(text) as RecordedDocument])));
    const folder = file === STANDARD_OUTPUT ? cwd : dirname(path);
    const { text, missing } = await placed(whole, folder, specs);
    if (missing.length > 0)
      output.stderr.write(
        `Where ${missing.join(', ')} is, nobody said: name it with --specs, or write its url into the story.\n`,
      );
    if (file === STANDARD_OUTPUT) output.stdout.write(text);
    else {
      await writeOutput(path, text);
      output.stderr.write(`Written: ${file}. Play it with: bss-simulator run ${file}\n`);
    }
  }
  return 0;
}

const STANDARD_OUTPUT = '-';

const NOTHING_DONE = [
  (tenant: string) => `the tenant "${tenant}" has done nothing yet`,
  'Send it requests first, or name another --tenant.',
] as const;
const NOTHING_SHOWN = [
  (tenant: string) => `the tenant "${tenant}" was shown nothing that a world can begin with`,
  'Ask for things that keep the contract first, or name another --tenant.',
] as const;

/** Stands for where the contracts are, until it is known where the story goes. */
const PLACE_OF_SPECS = 'contracts:';

/** A story whose contracts stand where they are seen from its folder, and those that are nowhere. */
async function placed(story: string, folder: string, specs: readonly string[]) {
  const files = new Map(
    (await findFiles(specs)).map(({ relative, path }) => [relative.split(/[\\/]/).slice(-2).join('/'), path] as const),
  );
  const missing: string[] = [];
  const text = story.replaceAll(/\bcontracts:\/(\S+)/g, (_, name: string) => {
    const file = files.get(name);
    if (file === undefined) missing.push(name);
    return file === undefined ? name : relativePath(folder, file);
  });
  return { text, missing };
}

function isStory(file: string): boolean {
  return /\.arazzo\.(ya?ml|json)$/.test(file);
}

function stepsIn(story: string): number {
  return (loadYaml().parse(story) as RecordedDocument).workflows.reduce(
    (sum, { steps }) => sum + (steps ?? []).length,
    0,
  );
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
