import { isAbsolute, join, relative, resolve } from 'node:path';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { optionType, type SimulatorOptions } from '../config.ts';
import { ERROR_CODES, SimulatorError } from '../errors.ts';
import type { Operation } from '../model/operation.ts';
import type { SimulatorHooks } from '../simulator.ts';
import { afterWallTime } from '../surfaces/wall-time.ts';
import type { Output } from './check.ts';
import { parseOption, readOptions, toKebabCase } from './config-file.ts';
import { type EventsCommand, followLog } from './events.ts';
import { formatError } from './format-error.ts';
import type { GenerateContext, GenerateFlags } from './generate.ts';
import { createLiveView } from './live-view.ts';
import type { RecordFlags } from './record.ts';
import { type RunFlags, type RunnableSimulator, runRun } from './run-command.ts';
import { type ServeContext, serve } from './serve.ts';

export interface ProgramContext extends Pick<ServeContext, 'onSignal' | 'exit' | 'findProblems'> {
  readonly output: Output;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly version: string;
  /** The folder of the package, which holds the shipped contracts. */
  readonly home: string;
  /** Loaded when it is needed: `--help` and `check` do not wait for it. */
  readonly loadSimulator: () => Promise<{
    readonly createSimulator: (options: SimulatorOptions, hooks?: SimulatorHooks) => RunnableSimulator;
  }>;
  readonly loadGenerator: () => Promise<Pick<GenerateContext, 'generateWorld'>>;
  readonly loadHasCode: () => Promise<(operation: Operation) => boolean>;
}

type Flags = SimulatorOptions & { readonly json?: boolean; readonly config?: string };

/**
 * Runs the command line `argv` (without `node` and the script) and answers the exit code.
 *
 * @example process.exitCode = await runProgram(['check', 'specs'], context);
 */
export async function runProgram(argv: readonly string[], context: ProgramContext): Promise<number> {
  let exitCode = 0;
  const program = createProgram(context, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    // Help and version end the parse like a mistake does, but with 0.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    context.output.stderr.write(formatError(error, argv.includes('--json')));
    return error instanceof SimulatorError ? ERROR_CODES[error.code] : 1;
  }
}

function createProgram(context: ProgramContext, report: (code: number) => void): Command {
  const { output, version } = context;
  const program = new Command('bss-simulator')
    .description('Simulates the BSS back ends of a telecom operator from their contracts.')
    .version(version)
    .exitOverride()
    .showHelpAfterError('Use --help to see the options.')
    .configureOutput({
      writeOut: (text) => void output.stdout.write(text),
      writeErr: (text) => void output.stderr.write(text),
    });
  const serveCommand = addServeOptions(program.command('serve', { isDefault: true }))
    .description('serve the contracts (what it does without a command)')
    .action(async (flags: Flags) => report(await runServe(flags, context)));
  program
    .command('check')
    .description('tell what is in the contracts, and what is wrong with them')
    .argument('[paths...]', 'folders or files of contracts')
    .option('--specs <paths...>', 'the same, as for serve')
    .option('--config <file>', 'configuration file', undefined)
    .option('--json', 'print JSON')
    .action(async (paths: string[], flags: Flags) => report(await runCheckCommand(paths, flags, context)));
  addRunCommand(program, context, report);
  addRecordCommand(program, context, report);
  addGenerateCommand(program, context, report);
  addEventsCommand(program, context, report);
  return program.addHelpText('after', () => `\nOptions of serve:\n${optionsOf(serveCommand)}`);
}

function addRunCommand(program: Command, context: ProgramContext, report: (code: number) => void): void {
  program
    .command('run')
    .description('play scenarios (Arazzo documents) on a simulator of its own, in virtual time')
    .argument('<files...>', 'scenarios, or folders of *.arazzo.yaml')
    .option('--target <url>', 'play on this running simulator, or on another system in real time')
    .option('--admin-token <token>', 'bearer token of the control API of that simulator')
    .option('--token <token>', 'bearer token for the operations of another system')
    .option('--seed <number>', 'whole number that everything random comes from (1)', Number)
    .option('--only <ids...>', 'play only workflows with these ids; * stands for any text')
    .option('--bail', 'begin nothing more after the first failure')
    .option('--input <name=value...>', 'an input of the workflows that have it')
    .option('--parallel <number>', 'how many workflows to play at once (4)', Number)
    .option('--speed <number>', 'let time run, so many times as fast as life', Number)
    .option('--junit <file>', 'write a report as JUnit XML')
    .option('--ctrf <file>', 'write a report as CTRF JSON')
    .option('--har <file>', 'write the calls as an HTTP Archive (HAR 1.2)')
    .option('--transcripts <folder>', 'write the transcript of each workflow')
    .option('--verify <folder>', 'compare the transcripts with those in a folder, byte for byte')
    .option('--coverage <file>', 'write what was covered, and what was not, as JSON')
    .option('--config <file>', 'configuration file (bss-simulator.yaml)')
    .action(async (files: string[], flags: RunFlags) => report(await runRun(files, flags, context)));
}

function addEventsCommand(program: Command, context: ProgramContext, report: (code: number) => void): void {
  const { output, environment, onSignal } = context;
  program
    .command('events')
    .description('follow the event log of a running simulator: lines on a terminal, JSON Lines in a pipe')
    .option('--url <url>', 'where the simulator listens', 'http://127.0.0.1:4010')
    .option('--channel <pattern>', 'only this channel; * stands for any text')
    .option('--after <id>', 'begin after the event with this id')
    .option('--tenant <name>', 'whose log to follow (default)')
    .option('--token <token>', 'bearer token of the control API, wanted beyond loopback')
    .action(async (command: EventsCommand) =>
      report(await followLog(command, { ...output, environment, fetch, afterWallTime, onSignal })),
    );
}

function addRecordCommand(program: Command, { output, cwd, home }: ProgramContext, report: (code: number) => void) {
  program
    .command('record')
    .description('write what a tenant of a running simulator has just done as a scenario')
    .requiredOption('--url <url>', 'address of the simulator')
    .option('--tenant <name>', 'the tenant (default)')
    .option('--out <file>', 'the scenario; standard output unless told')
    .option('--admin-token <token>', 'bearer token of the control API')
    .action(async (flags: RecordFlags) => {
      const { runRecord } = await import('./record.ts');
      report(await runRecord(flags, { output, cwd, home, fetch: (url, init) => fetch(url, init) }));
    });
}

function addGenerateCommand(program: Command, context: ProgramContext, report: (code: number) => void): void {
  program
    .command('generate')
    .description('write a starting world to be served with --fixture')
    .option('--customers <number>', 'how many customers it has (36)', Number)
    .option('--seed <number>', 'whole number that everything random comes from (1)', Number)
    .option('--clock <time>', 'the time that it starts at (2026-01-01T00:00:00.000Z)')
    .option('--out <file>', 'a file *.json or *.yaml; JSON on standard output unless told')
    .option('--config <file>', 'configuration file (bss-simulator.yaml)')
    .action(async ({ customers, out, config, ...flags }: Flags & GenerateFlags) => {
      const { environment, cwd, output } = context;
      const options = await readOptions({ flags, environment, cwd, config });
      const [{ runGenerate }, { generateWorld }] = await Promise.all([
        import('./generate.ts'),
        context.loadGenerator(),
      ]);
      report(await runGenerate({ customers, out }, options, { ...output, cwd, generateWorld }));
    });
}

function addServeOptions(command: Command): Command {
  const read = (name: keyof SimulatorOptions) => (text: string) => {
    const value = parseOption(name, text);
    if (value === undefined) throw new InvalidArgumentError(`Use ${optionType(name).words}.`);
    return value;
  };
  const add = (name: keyof SimulatorOptions, placeholder: string, description: string): void => {
    command.option(`--${toKebabCase(name)} ${placeholder}`, description, read(name));
  };
  add('port', '<number>', 'port to listen on; 0 picks a free one (4010)');
  add('host', '<address>', 'address to listen on (127.0.0.1)');
  add('publicUrl', '<url>', 'origin that links start with, behind a proxy');
  add('seed', '<number>', 'whole number that everything random comes from (1)');
  add('clock', '<time>', 'a time to stand still at, real, or real@<time> (2026-01-01T00:00:00.000Z)');
  command.option('--specs <paths...>', 'contracts to serve in place of the shipped ones; with --systems both');
  add('systems', '<names>', 'which of the shipped systems to serve, such as connectx,macd');
  add('fixture', '<name>', 'starting world: the name of a shipped one, or a file');
  add('auth', '<mode>', 'any, strict or off (any)');
  command.option('--strict', 'answer 500 in place of what breaks its contract');
  command.option('--watch', 'begin anew when a contract changes');
  command.option('--json', 'write errors as JSON');
  add('adminToken', '<token>', 'bearer token of the control API, wanted beyond loopback');
  add('allowCallbacks', '<hosts>', 'hosts that callbacks and webhooks may go to, beyond loopback');
  command.option('--queue <urls...>', 'brokers that every event goes to: amqp://…, nats://… or mqtt://…');
  add('webhookTime', '<which>', 'time that webhook-timestamp tells, wall or virtual (wall)');
  add('retrySchedule', '<waits>', 'waits before each attempt of a delivery, such as PT0S,PT5S,PT5M');
  add('maxTenants', '<number>', 'most tenants kept (1000)');
  add('maxBody', '<bytes>', 'largest request body (1048576)');
  add('cache', '<folder>', 'folder for the cache of loaded contracts, or false');
  add('disableLinks', '<names>', 'links between systems to switch off, or all');
  add('policies', '<json>', 'parts of the systems’ policies to replace, by system');
  add('logLevel', '<level>', 'silent, error, warn, info or debug (info)');
  return command.option('--config <file>', 'configuration file (bss-simulator.yaml)');
}

async function runServe({ json = false, config, ...flags }: Flags, context: ProgramContext): Promise<number> {
  const { output, environment, cwd, home } = context;
  const options = await readOptions({ flags, environment, cwd, config });
  const { createSimulator } = await context.loadSimulator();
  const shipped = options.specs === undefined || options.systems !== undefined ? [join(home, 'specs')] : [];
  const watched = [...shipped, ...(options.specs ?? []).map((path) => resolve(cwd, path))];
  const observe = liveViewOf(options.logLevel ?? 'info', context);
  return serve(
    { options: { logLevel: 'info', ...options }, json, watched },
    {
      output,
      createSimulator: (served, hooks) => createSimulator(served, { ...hooks, observe }),
      findProblems: context.findProblems,
      onSignal: context.onSignal,
      exit: context.exit,
      afterWallTime,
    },
  );
}

/** What happens is shown where somebody watches; a file or pipe gets the log alone. */
function liveViewOf(logLevel: string, { output: { stderr }, environment }: ProgramContext): SimulatorHooks['observe'] {
  if (stderr.isTTY !== true || (logLevel !== 'info' && logLevel !== 'debug')) return undefined;
  return createLiveView({
    write: (text) => stderr.write(text),
    hasColours: (environment.NO_COLOR ?? '') === '',
    columns: () => stderr.columns,
    afterWallTime,
  });
}

async function runCheckCommand(paths: readonly string[], flags: Flags, context: ProgramContext): Promise<number> {
  const { environment, cwd, home, output } = context;
  const named = [...paths, ...(flags.specs ?? [])];
  const options = named.length > 0 ? {} : await readOptions({ flags: {}, environment, cwd, config: flags.config });
  const usual = (options.specs ?? [join(home, 'specs')]).map((path) => toShortPath(path, cwd));
  const [{ runCheck }, hasCode] = await Promise.all([import('./check.ts'), context.loadHasCode()]);
  return runCheck({ specs: named.length > 0 ? named : usual, json: flags.json ?? false, hasCode }, output);
}

/** As a user of this folder would write it, because messages start with it. */
function toShortPath(path: string, cwd: string): string {
  if (!isAbsolute(path)) return path;
  const short = relative(cwd, path);
  return short === '' || short.startsWith('..') || isAbsolute(short) ? path : short;
}

function optionsOf(command: Command): string {
  const help = command.createHelp();
  const options = help.visibleOptions(command).filter(({ long }) => long !== '--help');
  const width = Math.max(...options.map((option) => help.optionTerm(option).length));
  return options.map((option) => `  ${help.optionTerm(option).padEnd(width)}  ${option.description}`).join('\n');
}
