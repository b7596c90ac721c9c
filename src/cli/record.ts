import { dirname, join, relative, resolve } from 'node:path';
import type { Fetch } from '../scenarios/send-request.ts';
import type { Output } from './check.ts';
import { writeOutput } from './write-output.ts';

/** The flags of `record`. */
export interface RecordFlags {
  readonly url: string;
  readonly tenant?: string;
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
 * The command `record`: asks a running simulator for what a tenant did, as a scenario. Answers 0, or 2 where there is no
 * simulator that would tell.
 *
 * @example await runRecord({ url: 'http://127.0.0.1:4010', out: 'story.arazzo.yaml' }, context);
 */
export async function runRecord(flags: RecordFlags, { output, cwd, home, fetch }: RecordContext): Promise<number> {
  const { url, tenant = 'default', out, adminToken } = flags;
  const folder = out === undefined ? cwd : dirname(resolve(cwd, out));
  const specs = relative(folder, join(home, 'specs')).replaceAll('\\', '/');
  const address = `${url.replace(/\/$/, '')}/_simulator/transcript?as=arazzo&specs=${encodeURIComponent(specs)}`;
  const headers = {
    'x-simulator-tenant': tenant,
    ...(adminToken !== undefined && { authorization: `Bearer ${adminToken}` }),
  };
  const answer = await fetch(address, { method: 'GET', headers }).catch((error: Error) => error);
  const why = answer instanceof Error ? `it does not answer (${answer.message})` : `it answered with ${answer.status}`;
  if (answer instanceof Error || answer.status !== 200) {
    output.stderr.write(`Failed to record from ${url}: ${why}. Check the address, the tenant and --admin-token.\n`);
    return 2;
  }
  const text = await answer.text();
  if (out === undefined) output.stdout.write(text);
  else {
    await writeOutput(resolve(cwd, out), text);
    output.stderr.write(`Written: ${out}. Play it with: bss-simulator run ${out}\n`);
  }
  return 0;
}
