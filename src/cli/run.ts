import { relative, resolve } from 'node:path';
import { createValidation } from '../contracts/validation.ts';
import type { Coverage } from '../coverage/covered.ts';
import { toCoverageTable } from '../coverage/text.ts';
import { formatProblem } from '../errors.ts';
import { nearestWord } from '../lib/nearest-word.ts';
import type { Contract } from '../model/contract.ts';
import { createScenarioSources, findScenarios } from '../scenario-sources.ts';
import type { ArazzoDocument } from '../scenarios/arazzo-document.ts';
import { coverageOfRun } from '../scenarios/coverage.ts';
import { isSimulator } from '../scenarios/find-target.ts';
import { createHttpPlayer } from '../scenarios/http-player.ts';
import { readArazzo } from '../scenarios/read-arazzo.ts';
import { createCtrfReporter } from '../scenarios/reporters/ctrf.ts';
import { createHarReporter } from '../scenarios/reporters/har.ts';
import { createJUnitReporter } from '../scenarios/reporters/junit.ts';
import { createProgressReporter } from '../scenarios/reporters/progress.ts';
import type { Reporter } from '../scenarios/reporters/reporter.ts';
import type { ScenarioSummary } from '../scenarios/results.ts';
import { isSelected, runScenarios as playScenarios, workflowIdsOf } from '../scenarios/run-scenarios.ts';
import type { Wire } from '../scenarios/send-request.ts';
import { type Connect, createSystemPlayer } from '../scenarios/system-player.ts';
import { tenantNamesBeginWith } from '../scenarios/tenant-name.ts';
import { verifyTranscripts, writeTranscripts } from '../scenarios/transcripts.ts';
import { columnsOf } from './style.ts';
import { writeOutput } from './write-output.ts';

export interface RunCommand {
  /** Scenario files, or folders that hold some. */
  readonly files: readonly string[];
  /** A running simulator or another system to play on, in place of a simulator of our own. */
  readonly target?: string;
  /** Of the control API of that simulator. */
  readonly adminToken?: string;
  /** Bearer token for the operations of a system that is no simulator. */
  readonly token?: string;
  readonly seed?: number;
  /** Ids of workflows; `*` stands for any text. */
  readonly only?: readonly string[];
  readonly bail?: boolean;
  /** Inputs as `name=value`; a value is read as JSON where it is some. */
  readonly input?: readonly string[];
  readonly parallel?: number;
  /** Lets time run by itself, that many times as fast as life. */
  readonly speed?: number;
  readonly junit?: string;
  readonly ctrf?: string;
  readonly har?: string;
  readonly transcripts?: string;
  readonly verify?: string;
  readonly coverage?: string;
}

/** What the command needs of its surroundings. */
export interface RunIo extends Wire {
  readonly stdout: { write(text: string): unknown; readonly isTTY?: boolean; readonly columns?: number };
  readonly stderr: { write(text: string): unknown };
  /** What relative paths start from. */
  readonly directory: string;
  readonly cacheDir?: string;
  /** Starts a simulator on a free port, which counts by itself what is exercised. */
  readonly startSimulator: (options: { readonly seed: number }) => Promise<{
    readonly url: string;
    coverage(): Coverage;
    stop(): Promise<void>;
  }>;
  /** Of this program, for reports. */
  readonly version: string;
  /** Wall time. */
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly connect: Connect;
}

/**
 * The command `run`: plays scenarios and reports. Answers the exit code: 0 good, 1 a workflow or transcript failed, 2 bad
 * usage or a scenario that cannot be read.
 */
export async function runScenarios(command: RunCommand, io: RunIo): Promise<number> {
  const refuse = (message: string): number => {
    io.stderr.write(`${message}\n`);
    return 2;
  };
  const inputs = readInputs(command.input ?? []);
  if (typeof inputs === 'string') return refuse(inputs);
  const { parallel, speed, target } = command;
  if (parallel !== undefined && !(Number.isInteger(parallel) && parallel > 0)) {
    return refuse('Failed to run: --parallel must be a whole number above zero. Give for example --parallel 4.');
  }
  if (speed !== undefined && !(speed > 0))
    return refuse('Failed to run: --speed must be above zero. Give for example --speed 60.');
  if (target !== undefined && !(URL.canParse(target) && /^https?:$/.test(new URL(target).protocol)))
    return refuse(
      `Failed to run: the target "${target}" is no address. Give for example --target http://127.0.0.1:4010.`,
    );
  for (const [flag, value] of Object.entries({ 'admin-token': command.adminToken, token: command.token })) {
    if (target === undefined && value !== undefined)
      return refuse(`Failed to run: --${flag} is for a target, and there is none. Give --target, or leave it out.`);
  }
  const files = await findScenarios(command.files, io.directory);
  if (files.length === 0) {
    return refuse(
      `Failed to run: there is no scenario in ${command.files.join(', ') || 'the arguments'}. Name files, or folders with files *.arazzo.yaml.`,
    );
  }
  const { documents, problems } = await readArazzo(
    files,
    createScenarioSources({ directory: io.directory, cacheDir: io.cacheDir }),
  );
  if (problems.length > 0) return refuse(problems.map(formatProblem).join('\n'));
  const mistake = selectionMistake(documents, command.only);
  if (mistake !== undefined) return refuse(mistake);

  const theirs = target === undefined ? undefined : await findTarget(target.replace(/\/+$/, ''), command, io);
  if (typeof theirs === 'string') return refuse(theirs);
  const simulator = target === undefined ? await io.startSimulator({ seed: command.seed ?? 1 }) : undefined;
  try {
    const baseUrl = simulator?.url ?? theirs?.baseUrl ?? '';
    const summary = await playScenarios({
      documents,
      inputs,
      // What is no simulator has one world for all.
      parallel: parallel ?? (theirs?.isSimulator === false ? 1 : undefined),
      only: command.only,
      bail: command.bail,
      validation: createValidation([]),
      takesTranscripts: command.transcripts !== undefined || command.verify !== undefined,
      reporters: reportersOf(command, io),
      createPlayer: (tenant, steps) =>
        theirs?.isSimulator === false
          ? createSystemPlayer({ ...io, baseUrl, token: command.token, steps })
          : createHttpPlayer({
              ...io,
              baseUrl,
              tenant,
              adminToken: command.adminToken,
              ...(simulator === undefined && { restart: { seed: command.seed } }),
              ...(speed !== undefined && { pace: { speed, sleep: io.sleep } }),
            }),
    });
    const coverage = simulator?.coverage() ?? coverageOfRun(summary, contractsOf(documents));
    await reportCoverage(command, io, coverage);
    return summary.failed > 0 || (await checkTranscripts(command, io, summary)) ? 1 : 0;
  } finally {
    await simulator?.stop();
  }
}

/** What listens at a target, or why nothing can be played there as it was asked for. */
async function findTarget(
  baseUrl: string,
  command: RunCommand,
  io: RunIo,
): Promise<{ readonly baseUrl: string; readonly isSimulator: boolean } | string> {
  try {
    const found = { baseUrl, isSimulator: await isSimulator(baseUrl, command.adminToken, io) };
    if (found.isSimulator && command.token !== undefined)
      return `Failed to run: --token is for other systems, and ${baseUrl} is a simulator, which gives tokens itself. Leave it out.`;
    const flag = found.isSimulator ? undefined : ONLY_SIMULATORS.find((name) => command[name] !== undefined);
    if (flag === undefined) return found;
    return `Failed to run: --${flag} needs a simulator, and ${baseUrl} is none. Leave it out.`;
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? ` (${error.cause.message})` : '';
    return `Failed to run: ${baseUrl} cannot be played on: ${error instanceof Error ? error.message : error}${cause}. Check the address, and that it is served.`;
  }
}

/** What asks for a seed, a clock or a record, which other systems do not have. */
const ONLY_SIMULATORS = ['seed', 'speed', 'transcripts', 'verify'] as const;

function reportersOf({ junit, ctrf, har }: RunCommand, io: RunIo): Reporter[] {
  const { stdout, directory, now, version } = io;
  const to = (file: string) => (text: string) => writeOutput(resolve(directory, file), text);
  return [
    createProgressReporter({
      write: (text) => stdout.write(text),
      isLive: stdout.isTTY === true,
      columns: () => columnsOf(stdout),
    }),
    ...(junit === undefined ? [] : [createJUnitReporter(to(junit))]),
    ...(ctrf === undefined ? [] : [createCtrfReporter(to(ctrf), now)]),
    ...(har === undefined ? [] : [createHarReporter(to(har), version)]),
  ];
}

/** Whether a transcript is not as it should be. */
async function checkTranscripts(
  { files, transcripts, verify, only }: RunCommand,
  io: RunIo,
  summary: ScenarioSummary,
): Promise<boolean> {
  if (transcripts !== undefined) await writeTranscripts(resolve(io.directory, transcripts), summary);
  if (verify === undefined) return false;
  const differences = await verifyTranscripts(resolve(io.directory, verify), summary, {
    whole:
      only === undefined
        ? files.map((path) => tenantNamesBeginWith(relative(io.directory, resolve(io.directory, path))))
        : [],
  });
  for (const { file, lines } of differences)
    io.stdout.write(`✗ ${file}\n${lines.map((line) => `    ${line}\n`).join('')}`);
  if (differences.length === 0) io.stdout.write('All transcripts are as they should be.\n');
  return differences.length > 0;
}

async function reportCoverage({ coverage: file }: RunCommand, io: RunIo, coverage: Coverage): Promise<void> {
  if (coverage.items.length > 0) io.stdout.write(`\n${toCoverageTable(coverage)}`);
  if (file !== undefined) await writeOutput(resolve(io.directory, file), `${JSON.stringify(coverage, null, 2)}\n`);
}

/** The contracts that the sources of scenarios lead to, each once. */
function contractsOf(documents: readonly ArazzoDocument[]): Contract[] {
  const contracts = documents.flatMap((document) => document.contracts);
  return [...new Map(contracts.map((contract) => [`${contract.system}/${contract.name}`, contract])).values()];
}

function readInputs(given: readonly string[]): Readonly<Record<string, unknown>> | string {
  const inputs: [string, unknown][] = [];
  for (const text of given) {
    const at = text.indexOf('=');
    if (at < 1) return `Failed to run: the input "${text}" has no name. Give it as --input name=value.`;
    inputs.push([text.slice(0, at), readValue(text.slice(at + 1))]);
  }
  return Object.fromEntries(inputs);
}

function readValue(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function selectionMistake(
  documents: readonly ArazzoDocument[],
  only: readonly string[] | undefined,
): string | undefined {
  const ids = workflowIdsOf(documents);
  const unknown = only?.find((pattern) => !ids.some((id) => isSelected(id, [pattern])));
  if (unknown === undefined) return undefined;
  const nearest = nearestWord(unknown, ids);
  return `Failed to run: no workflow is named "${unknown}". ${nearest === undefined ? `Known: ${ids.join(', ')}.` : `Did you mean "${nearest}"?`}`;
}
