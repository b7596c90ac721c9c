import { createReadStream } from 'node:fs';
import { resolveSettings, type Settings, type SimulatorOptions } from './config.ts';
import { createSamplers } from './contracts/formats/openapi/prism.ts';
import { shippedCache } from './contracts/shipped-contracts.ts';
import { createValidation } from './contracts/validation.ts';
import { webhookFollower } from './engine/delivery/webhooks.ts';
import type { CommitLog, CommitReader, KeptTenant, LogReading, TenantLog } from './engine/keeping/commit-log.ts';
import { compactLog } from './engine/keeping/compact-log.ts';
import { headerLine, type LogHeader, readHeader } from './engine/keeping/read-log.ts';
import { type Verified, verifyLog } from './engine/keeping/verify-log.ts';
import { messageOf } from './engine/records/effects.ts';
import { createRegistry } from './engine/registry.ts';
import { createMemoryStore } from './engine/state/store/memory-store.ts';
import { isTenantName } from './engine/tenants.ts';
import type { WorldParts } from './engine/world.ts';
import { SimulatorError } from './errors.ts';
import { contractsName, openLog } from './kept-tenants.ts';
import { packageVersion } from './lib/package-folder.ts';
import { Refusal } from './model/command.ts';
import { loadServed } from './served.ts';
import { exportTexts, importedLines } from './stores/export-file.ts';
import { openReader } from './stores/open-store.ts';
import { createRouteTable } from './surfaces/http/collect-routes.ts';
import { createHttpRenderer } from './surfaces/http/renderer.ts';
import { createSampleHandler } from './surfaces/http/sample-handler.ts';
import { createLogger } from './surfaces/log.ts';
import { wallNow } from './surfaces/wall-time.ts';
import { recordCapacity } from './tenant-bounds.ts';

/** A tenant of a store, as its first line tells it. */
export interface ListedTenant extends KeptTenant, Pick<LogHeader, 'engine' | 'contracts'> {}

/** What came of applying the inputs of a tenant again. */
export interface VerifiedTenant extends Verified {
  /** Whether it was written under the contracts that it was verified under. */
  readonly isSameContracts: boolean;
  readonly damage?: string;
}

/** What compacting a tenant has come to. */
export interface CompactedTenant {
  /** Commits that stood behind the checkpoint. */
  readonly commits: number;
  /** Bytes that it took, and takes. */
  readonly before: number;
  readonly after: number;
  readonly damage?: string;
}

/** What is behind the command `store`. */
export interface StoreTools {
  /** What is kept, though a process serves it meanwhile. */
  list(): Promise<readonly ListedTenant[]>;
  /** The text of the file that a tenant is exported to, piece by piece; the answer at its end tells of damage. */
  exported(tenant: string): AsyncGenerator<string, string | undefined>;
  /** Takes what was exported into the store; answers the name of the tenant, and how many lines it has. */
  import(file: string, options: ImportOptions): Promise<{ readonly tenant: string; readonly lines: number }>;
  /** Applies what is kept of a tenant again, from its last checkpoint on. */
  verify(tenant: string): Promise<VerifiedTenant>;
  /** Makes a checkpoint take the place of all commits. */
  compact(tenant: string): Promise<CompactedTenant>;
  close(): Promise<void>;
}

export interface ImportOptions {
  /** The name that it gets. Default: the one that it had. */
  readonly tenant?: string;
  /** Whether it may take the place of what is kept under that name. */
  readonly replace?: boolean;
}

/** What the records have of an answer only because it has left. */
const FILLED_IN_LATER: ReadonlySet<string> = new Set(['/answer/headers/content-length']);

/** Lines that are written at a time. */
const AT_ONCE = 500;

/**
 * Opens the store that these options name for whoever looks after it. Throws `CONFIG_INVALID` where they name none,
 * `STORE_UNAVAILABLE` where it cannot be opened.
 *
 * @example const tools = await openStoreTools({ store: 'file:worlds' });
 */
export async function openStoreTools(options: SimulatorOptions): Promise<StoreTools> {
  const settings = resolveSettings(options, { now: wallNow(), cache: shippedCache() });
  const reader = await openReader(settings.store).catch((cause: unknown) => {
    throw unavailable('open the store', cause);
  });
  if (reader === undefined) {
    throw new SimulatorError(
      'CONFIG_INVALID',
      'Failed to open a store: "store" is "memory". Name it by --store file:<folder> or --store postgres://….',
    );
  }
  // To write is to take: opened by who writes alone.
  let writer: CommitLog | undefined;
  const taken = async <T>(tenant: string, what: string, body: (log: TenantLog) => Promise<T>): Promise<T> => {
    try {
      writer ??= await openLog(settings);
      const log = await writer?.open(tenant);
      if (log === undefined) throw new Error('there is no store');
      // Whoever serves it next finds out whether something goes on in it by itself.
      return await body(log).finally(() => log.release(true));
    } catch (error) {
      throw error instanceof SimulatorError ? error : unavailable(what, error);
    }
  };
  let verifying: ReturnType<typeof presentWorlds> | undefined;
  return {
    async list() {
      const listed: ListedTenant[] = [];
      for (const each of await reader.tenants()) {
        const { engine, contracts } = await headerOf(await needed(reader, each.name), each.name);
        listed.push({ ...each, engine, contracts });
      }
      return listed;
    },
    async *exported(tenant) {
      const reading = await needed(reader, tenant);
      yield* exportTexts(reading.lines());
      return reading.damage;
    },
    async import(file, { tenant: name, replace = false }) {
      const lines = importedLines(createReadStream(file));
      const fail = (error: unknown) => unavailable(`import ${file}`, error, 'Export the tenant again.');
      const first = await lines.next().catch((error: unknown) => Promise.reject(fail(error)));
      const header = readFirst(first.value, fail);
      const tenant = name ?? header.tenant;
      if (!isTenantName(tenant)) {
        throw new SimulatorError(
          'CONFIG_INVALID',
          `Failed to import ${file}: "${tenant}" is no name of a tenant. Use up to 64 letters, digits, dots, dashes and underscores.`,
        );
      }
      return taken(tenant, `import ${file}`, async (log) => {
        if (!log.isEmpty && !replace) {
          throw new SimulatorError(
            'STORE_UNAVAILABLE',
            `Failed to import ${file}: the store has a tenant "${tenant}". Choose another name by --tenant, or let --replace take its place.`,
          );
        }
        const { engine, contracts } = header;
        const count = await replaceBy(log, headerLine({ engine, contracts, tenant }), lines).catch((error: unknown) => {
          throw fail(error);
        });
        return { tenant, lines: count };
      });
    },
    async verify(tenant) {
      const reading = await needed(reader, tenant);
      verifying ??= presentWorlds(settings);
      const { parts, contracts } = await verifying;
      const verified = await verifyLog(reading.lines(), { ...parts, name: tenant }, FILLED_IN_LATER).catch(
        (error: unknown) => {
          throw unreadable(tenant, error);
        },
      );
      const { damage } = reading;
      return {
        ...verified,
        isSameContracts: verified.header.contracts === contracts,
        ...(damage !== undefined && { damage }),
      };
    },
    async compact(tenant) {
      await needed(reader, tenant);
      const size = async () => (await reader.tenants()).find(({ name }) => name === tenant)?.bytes ?? 0;
      const before = await size();
      const parts = { ...bareParts(settings), name: tenant };
      const what = `compact the tenant "${tenant}"`;
      const compacted = await taken(tenant, what, async (log) => {
        const { commits } = await compactLog(log, parts, { engine: packageVersion() }).catch((error: unknown) => {
          if (log.damage === undefined) throw error;
          throw unavailable(what, new Error(`${messageOf(error)}, and ${log.damage}`), 'Put back a copy of it.');
        });
        return { commits, ...(log.damage !== undefined && { damage: log.damage }) };
      });
      return { ...compacted, before, after: await size() };
    },
    async close() {
      await Promise.all([reader.close(), writer?.close()]);
    },
  };
}

async function needed(reader: CommitReader, tenant: string): Promise<LogReading> {
  const reading = await reader.read(tenant).catch((error: unknown) => {
    throw unavailable('read the store', error);
  });
  if (reading !== undefined) return reading;
  throw new SimulatorError(
    'STORE_UNAVAILABLE',
    `Failed to find the tenant "${tenant}": the store keeps none of that name. \`bss-simulator store ls\` lists them.`,
  );
}

async function headerOf(reading: LogReading, tenant: string): Promise<LogHeader> {
  for await (const line of reading.lines()) return readFirst(line, (error) => unreadable(tenant, error));
  throw unreadable(tenant, new Error('it has no lines'));
}

function readFirst(line: string | undefined, fail: (error: unknown) => SimulatorError): LogHeader {
  try {
    return readHeader(JSON.parse(line ?? '[]'));
  } catch (error) {
    throw fail(error);
  }
}

/** Makes lines take the place of what is kept; answers how many there are. */
async function replaceBy(log: TenantLog, first: string, rest: AsyncIterable<string>): Promise<number> {
  const replacement = await log.replace();
  let count = 0;
  try {
    let lines = [first];
    for await (const line of rest) {
      lines.push(line);
      if (lines.length < AT_ONCE) continue;
      await replacement.write(lines);
      count += lines.length;
      lines = [];
    }
    await replacement.write(lines);
    await replacement.finish(true);
    return count + lines.length;
  } catch (error) {
    await replacement.abandon().catch(() => {});
    throw error;
  }
}

/** What a world is made of that makes inputs of clients into commits, as a simulator with these settings does. */
async function presentWorlds(
  settings: Settings,
): Promise<{ readonly parts: Omit<WorldParts, 'name'>; readonly contracts: string }> {
  const log = createLogger('silent');
  const served = await loadServed(settings, { log });
  const { contracts, registry, validation, generator } = served;
  const { plans } = createRouteTable({ registry, validation, settings, directRoutes: [] });
  const ownUrl = () => settings.publicUrl ?? '';
  const parts = {
    ...bareParts(settings),
    registry,
    renderer: createHttpRenderer({ plans, contracts, ownUrl, isStrict: settings.strict, log }),
    sample: createSampleHandler({ schemas: registry.schemas, validation, generator, createSampler: createSamplers() }),
    eventFollowers: [webhookFollower],
    ...(settings.retrySchedule !== undefined && { retrySchedule: settings.retrySchedule }),
    stateBound: { bytes: settings.maxStateBytes },
  };
  return { parts, contracts: contractsName(served) };
}

/** What a world is made of that only goes on from what others have committed. */
function bareParts(settings: Settings): Omit<WorldParts, 'name'> {
  const never = (): never => {
    throw new Error('Failed to answer: this world has no contracts. Ask a simulator.');
  };
  return {
    registry: createRegistry({
      contracts: [],
      systems: [],
      links: [],
      validation: createValidation([]),
      reportBrokenEvent: () => {},
    }),
    start: { seed: 0, clock: { now: 0, mode: 'manual', rate: 1 }, store: createMemoryStore() },
    renderer: {
      render: never,
      refuse: never,
      fail: never,
      strike: never,
      toEntry: never,
      toRequestLine: never,
      toResponseLine: never,
    },
    sample: never,
    capacity: recordCapacity(settings),
    // What fails becomes part of a commit, and is compared there.
    reportFailure: () => {},
  };
}

function unreadable(tenant: string, error: unknown): SimulatorError {
  return unavailable(`read what is kept of the tenant "${tenant}"`, error, 'Use the version that has written it.');
}

function unavailable(what: string, cause: unknown, advice = 'Correct --store.'): SimulatorError {
  const why = cause instanceof Error ? cause.message : String(cause);
  // A refusal is a sentence already, with what to do.
  const message = cause instanceof Refusal ? why : `Failed to ${what}: ${why}. ${advice}`;
  return new SimulatorError('STORE_UNAVAILABLE', message, { cause });
}
