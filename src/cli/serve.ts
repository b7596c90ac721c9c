import { readdirSync, statSync, watch } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { SimulatorOptions } from '../config.ts';
import { findFiles, isOverlayOf } from '../contracts/find-files.ts';
import { type Problem, SimulatorError } from '../errors.ts';
import type { Contract } from '../model/contract.ts';
import type { LateCheck, Legacy, SimulatorHooks } from '../simulator-hooks.ts';
import type { Output } from './check.ts';
import { formatError } from './format-error.ts';

/** What `serve` needs of a simulator. */
export interface ServedSimulator {
  start(): Promise<void>;
  stop(): Promise<void>;
  readonly url: string;
  /** What it serves, once it has been started. */
  readonly contracts?: readonly Pick<Contract, 'system' | 'name' | 'file'>[];
}

export interface ServeCommand {
  readonly options: SimulatorOptions;
  /** Write errors as JSON. */
  readonly json: boolean;
  /** Folders and files whose change is a reason to begin anew. */
  readonly watched: readonly string[];
  /** What is done once it listens; where that fails, it ends. */
  readonly begin?: (url: string) => Promise<void>;
}

export interface ServeContext {
  readonly output: Output;
  readonly createSimulator: (
    options: SimulatorOptions,
    hooks?: Pick<SimulatorHooks, 'checkLate' | 'legacy'>,
  ) => ServedSimulator;
  /** Finds everything wrong in contracts, without holding up who asks; without it, only what a start finds is reported. */
  readonly findProblems?: (check: LateCheck) => Promise<readonly Problem[]>;
  /** Calls back on SIGTERM, SIGINT and SIGHUP; the answer ends it. */
  readonly onSignal: (callback: () => void) => () => void;
  /** Ends the process at once. */
  readonly exit: (code: number) => void;
  /** Wall time. */
  readonly afterWallTime: (milliseconds: number, callback: () => void) => () => void;
}

/** Editors write a file in several steps, and tools write many files. */
const QUIET_TIME = 100;

/**
 * Serves until a signal comes; then what is under way is finished. A second signal ends it at once.
 *
 * @example process.exitCode = await serve({ options, json: false, watched: ['specs'] }, context);
 */
export async function serve(command: ServeCommand, context: ServeContext): Promise<number> {
  const { output, createSimulator, findProblems } = context;
  let signals = 0;
  let wake = () => {};
  const stopped = new Promise<void>((resolve) => {
    wake = resolve;
  });
  const stopListening = context.onSignal(() => {
    signals += 1;
    if (signals > 1) context.exit(1);
    wake();
  });
  try {
    const legacy: Legacy = { hasHeir: false };
    const first = createSimulator(command.options, {
      legacy,
      ...(findProblems !== undefined && { checkLate: findProblems }),
    });
    await first.start();
    output.stdout.write(`${first.url}\n`);
    // Standard output is for programs, which want the address alone.
    if (isTalkative(command)) output.stderr.write(`The console: ${first.url}/_simulator/console/\n`);
    await command.begin?.(first.url).catch(async (error: unknown) => {
      await first.stop();
      throw error;
    });
    const reloading = command.options.watch === true ? startReloading(first, legacy, command, context) : undefined;
    await stopped;
    await (reloading === undefined ? first.stop() : reloading.stop());
    return 0;
  } finally {
    stopListening();
  }
}

/** Whether people read what it writes to standard error. */
function isTalkative({ options: { logLevel = 'info' }, json }: ServeCommand): boolean {
  return !json && (logLevel === 'info' || logLevel === 'debug');
}

/**
 * Begins anew, on the same port, when a watched file changes, with the tenants as far as the new contracts have a place
 * for what they hold. While a contract that was served cannot be read, the old ones are served.
 */
function startReloading(
  first: ServedSimulator,
  legacy: Legacy,
  { options, json, watched }: ServeCommand,
  context: ServeContext,
) {
  const { output, createSimulator, afterWallTime } = context;
  const port = Number(new URL(first.url).port);
  let current: ServedSimulator | undefined = first;
  let isStopped = false;
  let callOff = () => {};
  let tail: Promise<void> = Promise.resolve();

  const reload = async (): Promise<void> => {
    if (isStopped) return;
    try {
      // Two cannot listen on one port, so a trial on another shows whether the new contracts can be served.
      const trial = createSimulator({ ...options, port: 0, store: 'memory' });
      await trial.start();
      const { contracts } = trial;
      await trial.stop();
      if (current !== undefined) await requireReadable(current.contracts, contracts, watched);
      legacy.hasHeir = true;
      await current?.stop();
      current = undefined;
      const next = createSimulator({ ...options, port }, { legacy });
      await next.start();
      current = next;
      output.stderr.write(`Reloaded: ${next.url}\n`);
    } catch (error) {
      output.stderr.write(formatError(error, json));
      output.stderr.write(
        current === undefined
          ? 'Nothing is served until the next change.\n'
          : 'The contracts from before are still served.\n',
      );
    }
  };
  const onChange = (): void => {
    callOff();
    callOff = afterWallTime(QUIET_TIME, () => {
      tail = tail.then(reload);
    });
  };
  const onError = (error: Error): void => {
    output.stderr.write(`Failed to watch the contracts: ${error.message}. Restart to see changes.\n`);
  };
  const endings = watched.map((path) => watchPath(path, onChange, onError));
  return {
    async stop(): Promise<void> {
      isStopped = true;
      callOff();
      for (const end of endings) end();
      await tail;
      legacy.hasHeir = false;
      await current?.stop();
    },
  };
}

/** Somebody in the middle of a change saves what cannot be read: that is no reason to forget what the contract is about. */
async function requireReadable(
  served: ServedSimulator['contracts'],
  found: ServedSimulator['contracts'],
  watched: readonly string[],
): Promise<void> {
  const names = new Set(found?.map(({ system, name }) => `${system}/${name}`));
  const missing = (served ?? []).filter(({ system, name }) => !names.has(`${system}/${name}`));
  if (missing.length === 0) return;
  const files = new Set((await findFiles(watched)).map(({ relative }) => relative));
  const broken = missing.filter(({ file }) => files.has(file)).map(({ file }) => file);
  if (broken.length === 0) return;
  throw new SimulatorError(
    'CONTRACT_INVALID',
    `Failed to reload the contracts: ${broken.join(', ')} cannot be read any more. Correct what the log says of it, or remove the file to have it no longer served.`,
  );
}

/**
 * A single file is watched through its folder, because an editor that replaces it would end the watching; so are the
 * overlays that are named after it, also one that comes later.
 */
function watchPath(path: string, onChange: () => void, onError: (error: Error) => void): () => void {
  if (statSync(path).isDirectory()) return watchFolders(path, onChange, onError);
  const watcher = watch(dirname(path), (_, name) => {
    if (name === null || name === basename(path) || isOverlayOf(name, basename(path))) onChange();
  });
  watcher.on('error', onError);
  return () => watcher.close();
}

/** Each folder by itself: on Linux, Node 20 watches a tree file by file, and loses those that an editor replaces. */
function watchFolders(root: string, onChange: () => void, onError: (error: Error) => void): () => void {
  const watchers = new Map<string, ReturnType<typeof watch>>();
  const update = (): void => {
    const folders = new Set(foldersIn(root));
    for (const [folder, watcher] of watchers) {
      if (folders.has(folder)) continue;
      watcher.close();
      watchers.delete(folder);
    }
    for (const folder of folders) {
      if (watchers.has(folder)) continue;
      try {
        const watcher = watch(folder, () => {
          update();
          onChange();
        });
        watchers.set(folder, watcher.on('error', onError));
      } catch (error) {
        // One that is gone again has nothing to report.
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') onError(error as Error);
      }
    }
  };
  update();
  return () => {
    for (const watcher of watchers.values()) watcher.close();
  };
}

function foldersIn(root: string): readonly string[] {
  try {
    const entries = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    return [root, ...entries.flatMap(({ name }) => foldersIn(join(root, name)))];
  } catch {
    // Gone in the meantime; whoever removed it has caused a change in the folder above.
    return [];
  }
}
