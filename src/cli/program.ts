import { isAbsolute, join, relative, resolve } from 'node:path';
import type { SimulatorOptions } from '../config.ts';
import { ERROR_CODES, SimulatorError } from '../errors.ts';
import { didYouMean } from '../lib/nearest-word.ts';
import { OPTION_NAMES, type OptionName } from '../options/option-table.ts';
import type { SimulatorHooks } from '../simulator-hooks.ts';
import { afterWallTime, sleep, wallNow } from '../surfaces/wall-time.ts';
import type { CheckCommand, Output } from './check.ts';
import { Argument, Command, CommanderError, InvalidArgumentError, Option } from './command-parser.ts';
import type { Shell } from './completion.ts';
import type { CoverageContext, CoverageFlags } from './coverage.ts';
import type { DemoFlags } from './demo.ts';
import type { EventsCommand } from './events.ts';
import type { ExportFlags, ExportKind } from './export.ts';
import { formatError } from './format-error.ts';
import type { GenerateContext, GenerateFlags } from './generate.ts';
import type { InitFlags } from './init.ts';
import { createLiveView } from './live-view.ts';
import type { McpFlags } from './mcp.ts';
import { flagOf } from './option-flags.ts';
import { toKebabCase } from './option-text.ts';
import type { ProxyFlags } from './proxy.ts';
import { readOptions } from './read-options.ts';
import type { RecordFlags } from './record.ts';
import { playCommand, type RunFlags, type RunnableSimulator } from './run-command.ts';
import { type ServeCommand, type ServeContext, serve } from './serve.ts';
import { addSteeringCommands } from './steering-commands.ts';

import type { StoreAction, StoreContext, StoreFlags } from './store.ts';

import { columnsOf } from './style.ts';
import type { TestFlags } from './test.ts';

import type { TypesContext, TypesFlags } from './types.ts';

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
  readonly loadCode: CheckCommand['loadCode'];
  readonly loadStoreTools: () => Promise<Pick<StoreContext, 'openStoreTools'>>;
  readonly loadDescription: () => Promise<Pick<TypesContext, 'describeServed'>>;
}

const CONFIG_FLAG = ['--config <file>', 'configuration file (default: bss-simulator.yaml)'] as const;

type CheckFlags = Flags & Pick<CheckCommand, 'failOn'> & { readonly explain?: boolean };

type Flags = SimulatorOptions & { readonly json?: boolean; readonly config?: string };

/**
 * Runs the command line `argv` (without `node` and the script) and answers the exit code.
 *
 * @example process.exitCode = await runProgram(['check', 'specs'], context);
 */
export async function runProgram(argv: readonly string[], context: ProgramContext): Promise<number> {
  let exitCode = 0;
  const report = (code: number) => {
    exitCode = code;
  };
  const program = createProgram(context, report, isToServe(argv));
  try {
    requireKnownCommand(argv[0], program);
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (caught) {
    // Help and version end the parse like a mistake does, but with 0.
    if (caught instanceof CommanderError && caught.exitCode === 0) return 0;
    const error = caught instanceof CommanderError ? badUsage(caught) : caught;
    context.output.stderr.write(formatError(error, argv.includes('--json')));
    return error instanceof SimulatorError ? ERROR_CODES[error.code] : 1;
  }
}

/** Whether nothing else can be meant: what most starts are, which wait for no other commands. */
function isToServe([word = 'serve', ...rest]: readonly string[]): boolean {
  return (word === 'serve' || word.startsWith('-')) && ![word, ...rest].some((each) => ASKS_ABOUT_ALL.has(each));
}

const ASKS_ABOUT_ALL: ReadonlySet<string> = new Set(['-h', '--help']);

/** Without this, a misspelt command would be taken for an argument of `serve`, which needs no name. */
function requireKnownCommand(word: string | undefined, program: Command): void {
  const known = ['help', ...program.commands.map((command) => command.name())];
  if (word === undefined || word.startsWith('-') || known.includes(word)) return;
  throw new SimulatorError(
    'CONFIG_INVALID',
    `Failed to read the command line: there is no command "${word}". ${didYouMean(word, known, `Use one of: ${known.join(', ')}.`)}`,
  );
}

/** The library's message as one of ours; what it suggests stands on a line of its own. */
function badUsage({ message }: CommanderError): SimulatorError {
  const [why = '', hint] = message.replace(/^error: /, '').split('\n');
  const suggestion = hint?.replace(/^\((.*)\)$/, '$1') ?? 'Use --help to see the options.';
  return new SimulatorError(
    'CONFIG_INVALID',
    `Failed to read the command line: ${why.replace(/\.$/, '')}. ${suggestion}`,
  );
}

/** The command line with all its commands, or with `serve` alone; `report` is told the exit code. */
export function createProgram(context: ProgramContext, report: (code: number) => void, isServeAlone = false): Command {
  const { output, version } = context;
  const program = new Command('bss-simulator')
    .description('Simulates the BSS back ends of a telecom operator from their contracts.')
    .version(version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void output.stdout.write(text),
      writeErr: (text) => void output.stderr.write(text),
      // Errors are caught and written by who runs this.
      outputError: () => {},
    });
  const serveCommand = OPTION_NAMES.reduce(addOption, program.command('serve', { isDefault: true }))
    .option('--json', 'write errors as JSON')
    .option(...CONFIG_FLAG)
    .description('serve the contracts (what it does without a command)')
    .action(async (flags: Flags) => report(await runServe(flags, context)));
  if (isServeAlone) return program;
  addDemoCommand(program, context, report);
  program
    .command('check')
    .description('report what is in the contracts, and what is wrong with them')
    .argument('[paths...]', 'folders or files of contracts')
    .option('--specs <paths...>', 'the same, as for serve')
    .option('--overlay <files...>', 'overlays to apply, as for serve')
    .option('--allow-refs', 'let references lead to any file, as for serve')
    .option(...CONFIG_FLAG)
    .option('--json', 'print JSON')
    .option('--explain', 'print for each operation why it is answered as it is, and what would change it')
    .addOption(
      new Option(
        '--fail-on <severity>',
        'least severity that makes it exit with 2: what changes how something is served, or anything',
      )
        .choices(['error', 'warning'])
        .default('error'),
    )
    .action(async (paths: string[], flags: CheckFlags) => report(await runCheckCommand(paths, flags, context)));
  addRunCommand(program, context, report);
  addRecordCommand(program, context, report);
  addGenerateCommand(program, context, report);
  addEventsCommand(program, context, report);
  addTypesCommand(program, context, report);
  addMcpCommand(program, context, report);
  addProxyCommand(program, context, report);
  addTestCommand(program, context, report);
  addCoverageCommand(program, context, report);
  addSteeringCommands(program, context, report);
  addExportCommand(program, context, report);
  addStoreCommand(program, context, report);
  program
    .command('init')
    .description('write a configuration, a starting world, a first story and a first test into this folder')
    .addOption(
      new Option(
        '--runner <name>',
        'runner of the first test (default: the one in package.json, or else that of Node)',
      ).choices(['vitest', 'playwright', 'jest', 'node-test']),
    )
    .action(async (flags: InitFlags) => report(await (await import('./init.ts')).runInit(flags, context)));
  program
    .command('completion')
    .description('write the completion of this command line for a shell')
    .addArgument(new Argument('<shell>', 'which shell').choices(['bash', 'zsh', 'fish']))
    .action(async (shell: Shell) => {
      const { completionFor } = await import('./completion.ts');
      output.stdout.write(completionFor(shell, program));
    });
  return program.addHelpText('after', () => `\nOptions of serve:\n${optionsOf(serveCommand)}`);
}

function addDemoCommand(program: Command, context: ProgramContext, report: (code: number) => void): void {
  OPTION_NAMES.reduce(addOption, program.command('demo'))
    .description('serve with traffic and a clock at 60 times, and open the console at its guided tour')
    .option('--no-open', 'print the address of the tour, and open no browser')
    .option('--json', 'write errors as JSON')
    .option(...CONFIG_FLAG)
    .action(async ({ open, ...flags }: Flags & DemoFlags) => {
      const { prepareDemo, openInBrowser } = await import('./demo.ts');
      const prepare = (options: SimulatorOptions) =>
        prepareDemo({ open }, options, { output: context.output, fetch, openPage: openInBrowser });
      report(await runServe(flags, context, prepare));
    });
}

function addRunCommand(program: Command, context: ProgramContext, report: (code: number) => void): void {
  addOption(program.command('run'), 'seed')
    .description('play scenarios (Arazzo documents) on a simulator of its own, in virtual time')
    .argument('<files...>', 'scenarios, or folders of *.arazzo.yaml')
    .option('--target <url>', 'play on this running simulator, or on another system in real time')
    .option('--admin-token <token>', 'bearer token of the control API of that simulator')
    .option('--token <token>', 'bearer token for the operations of another system')
    .option('--only <ids...>', 'play only workflows with these ids; * stands for any text')
    .option('--bail', 'begin nothing more after the first failure')
    .option('--input <name=value...>', 'an input of the workflows that have it')
    .option('--parallel <number>', 'how many workflows to play at once (default: 4)', Number)
    .option('--speed <number>', 'let time run, so many times as fast as life', Number)
    .option('--junit <file>', 'write a report as JUnit XML')
    .option('--ctrf <file>', 'write a report as CTRF JSON')
    .option('--har <file>', 'write the calls as an HTTP Archive (HAR 1.2)')
    .option('--transcripts <folder>', 'write the transcript of each workflow')
    .option('--verify <folder>', 'compare the transcripts with those in a folder, byte for byte')
    .option('--coverage <file>', 'write what was covered, and what was not, as JSON')
    .option(...CONFIG_FLAG)
    .action(async (files: string[], flags: RunFlags) => report(await playCommand(files, flags, context)));
}

function addEventsCommand(program: Command, context: ProgramContext, report: (code: number) => void): void {
  const { output, environment, onSignal } = context;
  program
    .command('events')
    .description('follow the event log of a running simulator: lines on a terminal, JSON Lines in a pipe')
    .option('--url <url>', 'where the simulator listens', 'http://127.0.0.1:4010')
    .option('--channel <pattern>', 'only this channel; * stands for any text')
    .option('--activity', 'follow everything that happens, requests that nothing answers too, with time and id')
    .option('--after <id>', 'begin after the event with this id')
    .option('--tenant <name>', 'whose log to follow (default: default)')
    .option('--token <token>', 'bearer token of the control API, required beyond loopback')
    .action(async (command: EventsCommand) => {
      const { followLog } = await import('./events.ts');
      report(await followLog(command, { ...output, environment, fetch, afterWallTime, onSignal }));
    });
}

function addRecordCommand(program: Command, context: ProgramContext, report: (code: number) => void): void {
  (['specs', 'systems'] as const)
    .reduce(addOption, program.command('record'))
    .description(
      'write what tenants of a running simulator, or proxy, have just done as a scenario or a starting world',
    )
    .addOption(
      new Option('--from <what>', 'what is recorded from: simulator (port 4010) or proxy (port 4020)')
        .choices(['simulator', 'proxy'])
        .default('simulator'),
    )
    .option('--url <url>', 'its address, where it is another')
    .option('--tenant <names...>', 'the tenants, each of whose stories becomes a workflow (default: default)')
    .option(
      '--out <files...>',
      '*.arazzo.yaml for a scenario, other YAML or JSON for a starting world (default: a scenario on standard output)',
    )
    .option('--admin-token <token>', 'bearer token of the control API')
    .option(...CONFIG_FLAG)
    .action(async ({ config, specs, systems, ...given }: Flags & RecordFlags) => {
      const { environment, cwd, output, home } = context;
      const flags = { specs, systems } as SimulatorOptions;
      const options = await readOptions({ flags, environment, cwd, config, warn: warnTo(output) });
      const { runRecord } = await import('./record.ts');
      report(
        await runRecord(given, {
          ...{ output, cwd, fetch: (url: string, init?: RequestInit) => fetch(url, init) },
          specs: [...shippedSpecs(options, home), ...(options.specs ?? []).map((path) => resolve(cwd, path))],
        }),
      );
    });
}

function addGenerateCommand(program: Command, context: ProgramContext, report: (code: number) => void): void {
  (['seed', 'clock'] as const)
    .reduce(addOption, program.command('generate'))
    .description('write a starting world to be served with --fixture')
    .option('--customers <number>', 'how many customers it has (default: 36)', Number)
    .option('--out <file>', 'a file *.json or *.yaml (default: JSON on standard output)')
    .option(...CONFIG_FLAG)
    .action(async ({ customers, out, config, ...flags }: Flags & GenerateFlags) => {
      const { environment, cwd, output } = context;
      const options = await readOptions({ flags, environment, cwd, config, warn: warnTo(output) });
      const [{ runGenerate }, { generateWorld }] = await Promise.all([
        import('./generate.ts'),
        context.loadGenerator(),
      ]);
      report(await runGenerate({ customers, out }, options, { ...output, cwd, generateWorld }));
    });
}

function addTypesCommand(program: Command, context: ProgramContext, report: (code: number) => void): void {
  (['specs', 'overlay', 'systems'] as const)
    .reduce(addOption, program.command('types'))
    .description('write TypeScript types of what is served: entities, paths, events, actions')
    .option('--out <file>', 'file for the types (default: standard output)')
    .option(...CONFIG_FLAG)
    .action(async ({ out, config, ...flags }: Flags & TypesFlags) => {
      const { environment, cwd, output } = context;
      const options = await readOptions({ flags, environment, cwd, config, warn: warnTo(output) });
      const [{ runTypes }, { describeServed }] = await Promise.all([import('./types.ts'), context.loadDescription()]);
      report(await runTypes({ out }, options, { output, cwd, describeServed }));
    });
}

function addCoverageCommand(program: Command, context: ProgramContext, report: (code: number) => void): void {
  const { output, cwd, environment } = context;
  program
    .command('coverage')
    .description('tell what of the contracts was exercised: by a running simulator, or by all that a test suite starts')
    .argument('[sources...]', 'addresses, or files and folders of --coverage (default: http://127.0.0.1:4010)')
    .option('--run <command>', 'run this in a shell, and ask all simulators that it starts, in all its processes')
    .option(
      '--min <percents...>',
      'least percentage, of everything (80) or of a kind (answers=60); exit with 1 below it',
    )
    .option('--missing', 'list what was not exercised')
    .option('--json', 'print JSON')
    .option('--out <file>', 'write it as JSON')
    .option('--html <file>', 'write it as a page')
    .option('--admin-token <token>', 'bearer token of the control API')
    .action(async (sources: string[], flags: CoverageFlags) => {
      const { runCoverage } = await import('./coverage.ts');
      const fetchText: CoverageContext['fetch'] = (url, init) => fetch(url, init);
      report(await runCoverage(sources, flags, { output, cwd, environment, fetch: fetchText }));
    });
}

function addMcpCommand(program: Command, context: ProgramContext, report: (code: number) => void): void {
  OPTION_NAMES.reduce(addOption, program.command('mcp'))
    .description('serve the Model Context Protocol on standard input and output, for agents')
    .option('--url <url>', 'a simulator that runs already (default: one of its own is started)')
    .option(...CONFIG_FLAG)
    .action(async ({ url, config, ...flags }: Flags & McpFlags) => {
      const { environment, cwd, output, version } = context;
      const options = await readOptions({ flags, environment, cwd, config, warn: warnTo(output) });
      const [{ runMcp }, { createSimulator }] = await Promise.all([import('./mcp.ts'), context.loadSimulator()]);
      report(await runMcp({ url }, options, { output, version, createSimulator }));
    });
}

function addExportCommand(program: Command, context: ProgramContext, report: (code: number) => void): void {
  OPTION_NAMES.filter((name) => SERVED_OPTIONS.includes(name))
    .reduce(addOption, program.command('export'))
    .description('write what a tenant was asked as an HTTP Archive, or contracts as a collection for Postman or Bruno')
    .addArgument(new Argument('<kind>', 'what to write').choices(['har', 'postman', 'bruno']))
    .option('--url <url>', 'a simulator that runs already (default: for a collection, one of its own is started)')
    .option('--tenant <name>', 'whose requests, or whose things in examples (default: default)')
    .option('--admin-token <token>', 'bearer token of the control API, required beyond loopback')
    .option('--out <file>', 'the file, or for Bruno the folder (default: standard output)')
    .option(...CONFIG_FLAG)
    .action(async (kind: ExportKind, { url, tenant, adminToken, out, config, ...flags }: Flags & ExportFlags) => {
      const { environment, cwd, output } = context;
      const options = await readOptions({ flags, environment, cwd, config, warn: warnTo(output) });
      const [{ runExport }, { createSimulator }] = await Promise.all([import('./export.ts'), context.loadSimulator()]);
      const about = { ...(url !== undefined && { url }), ...(tenant !== undefined && { tenant }) };
      const token = adminToken ?? options.adminToken;
      report(
        await runExport(
          kind,
          { ...about, ...(out !== undefined && { out }), ...(token !== undefined && { adminToken: token }) },
          options,
          { ...context, createSimulator },
        ),
      );
    });
}

function addStoreCommand(program: Command, context: ProgramContext, report: (code: number) => void): void {
  OPTION_NAMES.reduce(addOption, program.command('store'))
    .description('look after what a --store keeps: list, export, import, verify and compact tenants')
    .addArgument(new Argument('<action>', 'what to do').choices(['ls', 'export', 'import', 'verify', 'compact']))
    .argument('[names...]', 'the tenants (for verify and compact all, if none is named); for import the file')
    .option('--tenant <name>', 'the name that an imported tenant gets (default: the one that it had)')
    .option('--replace', 'let an imported tenant take the place of one that is there')
    .option('--out <file>', 'the file to export to (default: standard output)')
    .option('--json', 'print JSON')
    .option(...CONFIG_FLAG)
    .action(
      async (
        action: StoreAction,
        names: string[],
        { tenant, replace, out, json, config, ...flags }: Flags & StoreFlags,
      ) => {
        const { environment, cwd, output } = context;
        const options = await readOptions({ flags, environment, cwd, config, warn: warnTo(output) });
        const [{ runStore }, { openStoreTools }] = await Promise.all([import('./store.ts'), context.loadStoreTools()]);
        const own = { tenant, replace, out, json };
        report(await runStore(action, names, own, options, { output, cwd, openStoreTools }));
      },
    );
}

function addProxyCommand(program: Command, context: ProgramContext, report: (code: number) => void): void {
  OPTION_NAMES.filter((name) => PROXY_OPTIONS.includes(name))
    .reduce(addOption, program.command('proxy'))
    .description('pass requests on to another server, and check both sides of each by the contracts')
    .argument('<url>', 'the server; its path stands in front of those of requests')
    .option('--fail', 'answer 502 in place of what breaks a contract; what breaks it in a request is not passed on')
    .option('--report <file>', 'write what was found as JSON')
    .option('--junit <file>', 'write it as JUnit XML, a case for each operation')
    .option('--out <files...>', 'write what was seen: *.arazzo.yaml as a story, other YAML or JSON as a starting world')
    .option('--timeout <milliseconds>', 'for the server to begin its answer (default: 60000)', wholeNumber)
    .option(
      '--hold <milliseconds>',
      'how long an answer is held back until its body is known, for the header that tells of it (default: 1000)',
      wholeNumber,
    )
    .option('--json', 'write errors as JSON')
    .option(...CONFIG_FLAG)
    .action(async (url: string, { config, ...given }: Flags & ProxyFlags) => {
      const { environment, cwd, output, home } = context;
      const flags = Object.fromEntries(Object.entries(given).filter(([name]) => PROXY_OPTIONS.includes(name)));
      const options = await readOptions({ flags, environment, cwd, config, warn: warnTo(output) });
      const [{ runProxy }, { createSimulator }] = await Promise.all([import('./proxy.ts'), context.loadSimulator()]);
      report(
        await runProxy(url, given, options, {
          ...{ output, cwd, onSignal: context.onSignal, exit: context.exit, afterWallTime },
          specs: [...shippedSpecs(options, home), ...(options.specs ?? []).map((path) => resolve(cwd, path))],
          createSimulator,
        }),
      );
    });
}

function addTestCommand(program: Command, context: ProgramContext, report: (code: number) => void): void {
  (['specs', 'overlay', 'systems', 'allowRefs', 'seed'] as const)
    .reduce(addOption, program.command('test'))
    .description('ask a server everything that its contracts say something about, and tell where it does otherwise')
    .argument('<url>', 'the server; a path in it stands in place of the base path of the contracts')
    .option('--plan', 'print what would be asked, check by check, and ask nothing')
    .option('--filter <patterns...>', 'only these operations, by id or as "GET /v1/*"; * stands for any text')
    .option('--read-only', 'only what changes nothing')
    .option(
      '--known <findings...>',
      'findings that are no errors: "<code> <operation>", and " <check>" where it is one',
    )
    .option('--bearer <token>', 'bearer token of every request')
    .option('--header <name:value...>', 'a further header of every request, such as an API key')
    .option('--max-requests <number>', 'requests altogether (default: 2000)', wholeNumber)
    .option('--timeout <milliseconds>', 'for one answer (default: 10000)', wholeNumber)
    .option('--against <paths...>', 'older contracts, files or folders: what has changed that breaks their clients')
    .option('--junit <file>', 'write the report as JUnit XML')
    .option('--ctrf <file>', 'write the report as CTRF JSON')
    .option('--html <file>', 'write the report as a page')
    .option('--json', 'print the report as JSON')
    .option(...CONFIG_FLAG)
    .action(async (url: string, { config, specs, overlay, systems, allowRefs, seed, ...given }: Flags & TestFlags) => {
      const { environment, cwd, output } = context;
      const flags = { specs, overlay, systems, allowRefs, seed };
      const options = await readOptions({
        flags: flags as SimulatorOptions,
        environment,
        cwd,
        config,
        warn: warnTo(output),
      });
      const [{ runTest }, { servedPaths, shippedCache }] = await Promise.all([
        import('./test.ts'),
        import('../contracts/shipped-contracts.ts'),
      ]);
      const cacheDir = options.cache === false ? undefined : (options.cache ?? shippedCache());
      report(
        await runTest(
          url,
          { ...given, ...(options.seed !== undefined && { seed: options.seed }) },
          {
            ...{ output, cwd, fetch, sleep, now: wallNow, specs: servedPaths(options) },
            ...(options.overlay !== undefined && { overlays: options.overlay }),
            ...(options.allowRefs !== undefined && { allowRefs: options.allowRefs }),
            ...(cacheDir !== undefined && { cacheDir }),
          },
        ),
      );
    });
}

/** Options of `serve` that say something about what passes requests on. */
const PROXY_OPTIONS: readonly string[] = [
  'port',
  'host',
  'specs',
  'overlay',
  'systems',
  'allowRefs',
  'auth',
  'maxBody',
  'ca',
  'logLevel',
];

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 2 ** 31 - 1)
    throw new InvalidArgumentError('Use a whole number from 1 up.');
  return value;
}

/** Options that say what is served, for commands that look at it. */
const SERVED_OPTIONS: readonly OptionName[] = ['specs', 'overlay', 'systems', 'allowRefs', 'seed', 'fixture'];

/** Adds the flag of an option; a switch can be turned off again, where the file has turned it on. */
function addOption(command: Command, name: OptionName): Command {
  const { flags, description, parse } = flagOf(name);
  if (parse !== undefined) return command.option(flags, description, parse);
  return command.option(flags, description).addOption(new Option(`--no-${toKebabCase(name)}`).hideHelp());
}

async function runServe(
  { json = false, config, ...flags }: Flags,
  context: ProgramContext,
  prepare?: (options: SimulatorOptions) => Pick<ServeCommand, 'options' | 'begin'>,
): Promise<number> {
  const { output, environment, cwd, home } = context;
  const given = await readOptions({ flags, environment, cwd, config, warn: warnTo(output) });
  const { options, begin } = prepare?.(given) ?? { options: given };
  const { createSimulator } = await context.loadSimulator();
  const shipped = shippedSpecs(options, home);
  const named = [...(options.specs ?? []), ...(options.overlay ?? [])];
  const watched = [...shipped, ...named.map((path) => resolve(cwd, path))];
  const observe = liveViewOf(options.logLevel ?? 'info', context);
  return serve(
    { options: { logLevel: 'info', ...options }, json, watched, ...(begin !== undefined && { begin }) },
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

/** The folder of the shipped contracts, where these are served. */
function shippedSpecs({ specs, systems }: SimulatorOptions, home: string): readonly string[] {
  return specs === undefined || systems !== undefined ? [join(home, 'specs')] : [];
}

/** What happens is shown where somebody watches; a file or pipe gets the log alone. */
function liveViewOf(logLevel: string, { output: { stderr }, environment }: ProgramContext): SimulatorHooks['observe'] {
  if (stderr.isTTY !== true || (logLevel !== 'info' && logLevel !== 'debug')) return undefined;
  return createLiveView({
    write: (text) => stderr.write(text),
    hasColours: (environment.NO_COLOR ?? '') === '',
    columns: () => columnsOf(stderr),
    afterWallTime,
  });
}

async function runCheckCommand(paths: readonly string[], flags: CheckFlags, context: ProgramContext): Promise<number> {
  const { environment, cwd, home, output } = context;
  const named = [...paths, ...(flags.specs ?? [])];
  const options =
    named.length > 0
      ? {}
      : await readOptions({ flags: {}, environment, cwd, config: flags.config, warn: warnTo(output) });
  const usual = (options.specs ?? [join(home, 'specs')]).map((path) => toShortPath(path, cwd));
  const { runCheck } = await import('./check.ts');
  const { loadCode } = context;
  const {
    json = false,
    failOn,
    explain: isExplained,
    overlay: overlays = options.overlay,
    allowRefs = options.allowRefs,
  } = flags;
  return runCheck(
    { specs: named.length > 0 ? named : usual, overlays, allowRefs, json, failOn, isExplained, loadCode },
    output,
  );
}

function warnTo({ stderr }: Output): (message: string) => void {
  return (message) => void stderr.write(`${message}\n`);
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
