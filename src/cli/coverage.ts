import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { mergeCoverage } from '../coverage/coverage.ts';
import { readCoverage } from '../coverage/coverage-files.ts';
import type { Coverage } from '../coverage/covered.ts';
import { parseLeast, shortfalls } from '../coverage/least.ts';
import { toCoveragePage } from '../coverage/page.ts';
import { toCoverageTable, toMissingText } from '../coverage/text.ts';
import { SimulatorError } from '../errors.ts';
import type { Fetch } from '../scenarios/send-request.ts';
import type { Output } from './check.ts';
import { writeOutput } from './write-output.ts';

/** The flags of `coverage`. */
export interface CoverageFlags {
  /** A command of the shell whose simulators are asked about. */
  readonly run?: string;
  readonly min?: readonly string[];
  readonly missing?: boolean;
  readonly json?: boolean;
  readonly out?: string;
  readonly html?: string;
  readonly adminToken?: string;
}

export interface CoverageContext {
  readonly output: Output;
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly fetch: Fetch;
}

const USUAL_ADDRESS = 'http://127.0.0.1:4010';

/**
 * The command `coverage`: tells what of the contracts was exercised, by running simulators, by what others have written
 * down, or by all simulators of a command that it runs. Answers 0; 1 where that command fails or too little was
 * exercised.
 *
 * @example await runCoverage([], { run: 'npx vitest run', min: ['80'] }, context);
 */
export async function runCoverage(
  sources: readonly string[],
  flags: CoverageFlags,
  context: CoverageContext,
): Promise<number> {
  const { output, cwd } = context;
  const least = parseLeast(flags.min ?? []);
  const { code, all } = await gather(sources, flags, context);
  const coverage = mergeCoverage(all);
  if (flags.out !== undefined) await writeOutput(resolve(cwd, flags.out), `${JSON.stringify(coverage, null, 2)}\n`);
  if (flags.html !== undefined) await writeOutput(resolve(cwd, flags.html), toCoveragePage(coverage));
  if (flags.json === true) output.stdout.write(`${JSON.stringify(coverage, null, 2)}\n`);
  else {
    output.stdout.write(toCoverageTable(coverage));
    if (flags.missing === true) output.stdout.write(`\nNot covered:\n${toMissingText(coverage)}`);
  }
  const short = shortfalls(coverage, least);
  for (const sentence of short) output.stderr.write(`${sentence}\n`);
  return code !== 0 || short.length > 0 ? 1 : 0;
}

/** What each source has exercised, and the exit code of the command that was run for it. */
async function gather(
  sources: readonly string[],
  { run, adminToken }: CoverageFlags,
  { cwd, environment, fetch }: CoverageContext,
): Promise<{ readonly code: number; readonly all: readonly Coverage[] }> {
  const named = sources.length === 0 && run === undefined ? [USUAL_ADDRESS] : sources;
  const read = async (): Promise<readonly Coverage[]> => {
    const found: Coverage[] = [];
    for (const source of named) {
      const isAddress = /^https?:\/\//.test(source);
      found.push(...(isAddress ? [await ask(source, adminToken, fetch)] : readCoverage(resolve(cwd, source))));
    }
    return found;
  };
  if (run === undefined) return { code: 0, all: await read() };
  const folder = await mkdtemp(join(tmpdir(), 'bss-simulator-coverage-'));
  try {
    const code = await runInShell(run, cwd, { ...environment, BSS_SIMULATOR_COVERAGE: folder });
    // A run that fails early may have started none.
    const written = code === 0 || (await readdir(folder)).length > 0 ? readCoverage(folder) : [];
    return { code, all: [...written, ...(await read())] };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What a running simulator tells. */
async function ask(address: string, adminToken: string | undefined, fetch: Fetch): Promise<Coverage> {
  const fail = (why: string, advice: string, cause?: unknown) =>
    new SimulatorError('UNREACHABLE', `Failed to read the coverage of ${address}: ${why}. ${advice}`, { cause });
  const headers: Record<string, string> = adminToken === undefined ? {} : { authorization: `Bearer ${adminToken}` };
  const answer = await fetch(`${address.replace(/\/+$/, '')}/_simulator/coverage?limit=10000`, {
    method: 'GET',
    headers,
  }).catch((cause: unknown) => {
    throw fail('nothing answers there', 'Start the simulator, or correct the address.', cause);
  });
  if (answer.status !== 200)
    throw fail(`it answered with ${answer.status}`, 'Check the address and the --admin-token.');
  return JSON.parse(await answer.text()) as Coverage;
}

function runInShell(command: string, cwd: string, env: Readonly<Record<string, string | undefined>>): Promise<number> {
  return new Promise((finish, fail) => {
    const child = spawn(command, { cwd, env, shell: true, stdio: 'inherit' });
    child.once('error', fail);
    // Ended by a signal it has no code, and has not done what it was to do.
    child.once('close', (code) => finish(code ?? 1));
  });
}
