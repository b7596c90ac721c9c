import { Refusal } from '../../model/command.ts';
import { isNewWorld } from '../commit.ts';
import type { Follower } from '../follower.ts';
import type { Input } from '../input.ts';
import { messageOf } from '../records/effects.ts';
import type { Write } from '../state/store/store.ts';
import { monotonicNow } from '../time/clock.ts';
import { checkpointLines, type WorldContent } from './checkpoint.ts';
import { type KeptCommit, keptLine } from './commit-lines.ts';
import { NOT_BEGUN, type Replacement, TenantElsewhere, type TenantLog } from './commit-log.ts';
import {
  CheckpointCut,
  headerLine,
  isOfOldForm,
  type LogHeader,
  type LogTaker,
  readLog,
  StoreAway,
} from './read-log.ts';
import { Shortener } from './short-lines.ts';

/** What all tenants that are kept share. */
export interface Keeping {
  /** The version of the engine, and what names the contracts: told where a log is read that another has written. */
  readonly engine: string;
  readonly contracts: string;
  /** Calls back once it is worth another try. */
  readonly retryLater: (retry: () => void) => void;
  readonly report: (message: string, error?: unknown) => void;
  /**
   * Called where what is here is not what lasts, because another process has taken the tenant over or something could not
   * be kept: it is to be let go of, and opened anew by whoever asks for it next.
   */
  readonly lost?: (tenant: string) => void;
  /** Bytes that are appended, at the least, before a checkpoint takes their place. Default: 16 MiB. */
  readonly checkpointBytes?: number;
  /** Told of every batch of commits that lasts. */
  readonly measure?: (batch: KeptBatch) => void;
}

/** Commits that were kept together. */
export interface KeptBatch {
  readonly commits: number;
  readonly bytes: number;
  /** Milliseconds of wall time until they lasted. */
  readonly milliseconds: number;
  /** How much of that was to sync, where the store tells it. */
  readonly syncing?: number | undefined;
}

/** What does not last yet of a tenant. */
export interface Lag {
  /** Commits. */
  readonly waiting: number;
  /** Milliseconds for which the oldest of them has waited. */
  readonly milliseconds: number;
  /** Whether the store fails, so that nothing can be changed. */
  readonly isFailing: boolean;
}

/** What a keeper needs of its tenant. */
export interface KeeperParts extends Keeping {
  readonly tenant: string;
  readonly log: TenantLog;
  readonly content: () => WorldContent;
  /** Shows readers the state before these writes, the last that there were. */
  readonly showBefore: (writes: readonly Write[]) => void;
  readonly clock: () => KeptCommit['clock'];
}

/** Commits that are appended at once: more would hold up everybody else. */
const MOST_AT_ONCE = 500;
/** Commits of reads that wait to be kept with the next change. */
const MOST_WAITING = 2_000;
/** Commits that wait while the store is slow. */
const MOST_HELD = 20_000;
const CHECKPOINT_BYTES = 16 * 2 ** 20;
/**
 * How many times the size of a checkpoint its log grows before the next takes its place: what changes pay for checkpoints
 * is one part in so many, and what a start reads is so many times a checkpoint at the most.
 */
const LOG_OF_CHECKPOINT = 8;
/** Characters of a checkpoint that are written out before others have a turn: a few milliseconds of work. */
const SLICE = 262_144;

/** A commit that waits, with its place among all that the keeper was told of. */
interface Waiting extends KeptCommit {
  readonly place: number;
}

/** A checkpoint in the making, of the world as it was at one place. */
interface Next {
  readonly upTo: number;
  /** What has been appended since, in lines that need none of before. */
  readonly tail: string[];
  hasTail: boolean;
  replacement: Replacement | undefined;
  isWritten: boolean;
}

class Waiter {
  place: number;
  /** Whether it waits for as long as it takes. */
  readonly isPatient: boolean;
  readonly promise: Promise<void>;
  resolve = () => {};
  reject: (refusal: Refusal) => void = () => {};

  constructor(place: number, isPatient: boolean) {
    this.place = place;
    this.isPatient = isPatient;
    this.promise = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }
}

/**
 * Keeps what a tenant has committed. It is told of each commit before anybody else, and `pending` says whether what has
 * been committed so far still waits to last: until then no answer, event or delivery may leave that shows it.
 *
 * Commits that come while others are being written are written together next. A world that has become another as a whole
 * is kept as a checkpoint. Reads are kept with the next change: a crash may lose those since, and nothing else.
 */
export class Keeper {
  readonly #parts: KeeperParts;
  #waiters: Waiter[] = [];
  /** Waits for what is written next, and is joined by all who ask until then. */
  #nextWaiter: Waiter | undefined;
  readonly #shortener = new Shortener();
  #queue: Waiting[] = [];
  /** How many commits it was told of, the last of them that must last, that is being written, and that does last. */
  #told = 0;
  #wanted = 0;
  #writing = 0;
  #lasting = 0;
  /** Since when something waits. */
  #since = 0;
  #mustBegin = false;
  /** Whether some of what does not last is not known one by one any more. */
  #isCut = false;
  /** Whether readers would see more than lasts, or less than another process has. */
  #isBlind = false;
  /** The lines that could not be appended. */
  #failed: readonly string[] = [];
  /** What waits for the store to take back what could not be kept for certain. */
  #takingBack: Promise<void> | undefined;
  #isReading = false;
  #isClosed = false;
  #isScheduled = false;
  #running: Promise<void> | undefined;
  #failure: Refusal | undefined;
  /** A checkpoint that is being written meanwhile; what is appended from then on is kept for it, too. */
  #next: Next | undefined;
  /** Bytes from which a checkpoint is worth it. */
  #limit: number;

  constructor(parts: KeeperParts) {
    this.#parts = parts;
    this.#limit = parts.checkpointBytes ?? CHECKPOINT_BYTES;
  }

  /** Why nothing can be changed at the moment; nothing where all is well. */
  get refusal(): Refusal | undefined {
    return this.#failure;
  }

  /** Why nothing can be looked at, either; nothing where what readers see lasts. */
  get readRefusal(): Refusal | undefined {
    return this.#isBlind ? this.#failure : undefined;
  }

  /** Why nobody can be told of all that has happened: some of it does not last. */
  get recordsRefusal(): Refusal | undefined {
    return this.#lasting < this.#wanted ? this.#failure : this.readRefusal;
  }

  get lag(): Lag {
    const waiting = this.#wanted - this.#lasting;
    const milliseconds = waiting > 0 ? monotonicNow() - this.#since : 0;
    return { waiting: Math.max(0, waiting), milliseconds, isFailing: this.#failure !== undefined && !this.#isClosed };
  }

  readonly follow: Follower = (commit, become) => {
    if (this.#isReading || this.#failure !== undefined) return;
    const mustLast = commit.hasChanged || isMoreThanRead(commit.input);
    const isKept = !this.#parts.log.isEmpty || this.#mustBegin;
    // Who only looks leaves nothing behind.
    if (!mustLast && !isKept) return;
    if (become !== undefined && !isByReference(commit.input)) this.#mustBegin = true;
    this.#told += 1;
    if (this.#queue.length >= MOST_HELD) {
      // So long has nothing been kept that the world as a whole is shorter.
      this.#queue = [];
      this.#mustBegin = true;
      this.#isCut = true;
    }
    this.#queue.push({ place: this.#told, commit, writes: commit.writes, clock: this.#parts.clock() });
    if (!mustLast && this.#queue.length < MOST_WAITING) return;
    if (this.#lasting >= this.#wanted) this.#since = monotonicNow();
    this.#wanted = this.#told;
    this.#schedule();
  };

  /** Resolves once everything that was committed until now lasts; refused where it cannot. Nothing where it does. */
  pending(): Promise<void> | undefined {
    if (this.#lasting >= this.#wanted) return undefined;
    if (this.#failure !== undefined) {
      return Promise.reject(this.#isClosed ? unavailable('the tenant was let go of') : this.#failure);
    }
    // What is being written may last long before the rest does.
    if (this.#wanted <= this.#writing) return this.#addWaiter(false).promise;
    this.#nextWaiter ??= this.#addWaiter(false);
    this.#nextWaiter.place = this.#wanted;
    return this.#nextWaiter.promise;
  }

  /** As `pending`, but waits for as long as it takes. */
  kept(): Promise<void> | undefined {
    if (this.#lasting >= this.#wanted) return undefined;
    return this.#addWaiter(true).promise;
  }

  #addWaiter(isPatient: boolean): Waiter {
    const waiter = new Waiter(this.#wanted, isPatient);
    this.#waiters.push(waiter);
    return waiter;
  }

  /**
   * Reads what is kept: first the world of the checkpoint, then each commit since. Throws where it cannot be read.
   * Answers whether it was written under the contracts that are served now.
   */
  async recover(recover: (content: WorldContent) => void, repeat: (kept: KeptCommit) => void): Promise<boolean> {
    const { log, tenant, contracts, report } = this.#parts;
    let written = contracts;
    this.#isReading = true;
    try {
      const header = await this.#read({ recover, repeat });
      written = header.contracts;
      // What comes next stands behind a checkpoint of today's form.
      this.#mustBegin = isOfOldForm(header);
    } catch (error) {
      if (error instanceof StoreAway) throw outOfReach(tenant, error);
      const [why, whatToDo] =
        log.damage === undefined
          ? [messageOf(error), 'Serve it with the version that has written it']
          : [`${messageOf(error)}, and ${log.damage}`, 'Put back a copy of what was kept'];
      throw new Refusal(
        503,
        'STORE_UNREADABLE',
        `Failed to read what is kept of the tenant "${tenant}": ${why}. ${whatToDo}, or delete the tenant and import an export of it.`,
      );
    } finally {
      this.#isReading = false;
    }
    if (log.damage !== undefined) report(`what is kept of the tenant "${tenant}" was damaged: ${log.damage}`);
    return written === contracts;
  }

  /** Reports what was set aside of a world that was kept under other contracts, or by another version. */
  tellAside(aside: readonly { readonly name: string; readonly count: number; readonly why: string }[]): void {
    const { tenant, report } = this.#parts;
    if (aside.length === 0) return;
    const list = aside.map(({ name, count, why }) => `${count} of ${name} (${why})`).join(', ');
    report(
      `Failed to keep everything of the tenant "${tenant}" in its place: it was kept under other contracts or by another version, and has ${list}. That is set aside. Serve the tenant as before, and it is back; GET /_simulator/contracts/reload tells it again.`,
    );
  }

  /** Where a checkpoint is not whole although it was looked at, the medium has lied: the one before is still there. */
  async #read(taker: LogTaker): Promise<LogHeader> {
    const { log } = this.#parts;
    try {
      return await readLog(log.lines(), taker);
    } catch (error) {
      if (!(error instanceof CheckpointCut) || (await log.goBack?.()) !== true) throw error;
      return this.#read(taker);
    }
  }

  /** See `TenantLog.holding`; also waits while it is in doubt what lasts. */
  holding(): Promise<void> | undefined {
    return this.#takingBack ?? this.#parts.log.holding?.();
  }

  /**
   * Keeps everything, also what was only read, and lets go of the tenant; whoever comes later is refused. `isBusy` where
   * something goes on in it by itself.
   */
  async close(isBusy: boolean): Promise<void> {
    if (this.#isClosed) return;
    while (this.#queue.length > 0 && this.#failure === undefined) {
      this.#wanted = this.#told;
      this.#schedule();
      // Where it cannot be kept, stopping does not wait for it.
      await this.pending()?.catch(() => {});
    }
    await this.#end();
    await this.#parts.log.release(isBusy);
  }

  /** Lets go of the tenant as it is: another process has it, and nothing of this one may follow. */
  async abandon(): Promise<void> {
    this.#isBlind = true;
    await this.#end();
    this.#queue = [];
    await this.#parts.log.release();
  }

  /** Forgets the tenant for good; whoever comes later is refused. */
  async delete(): Promise<void> {
    this.#isBlind = true;
    await this.#end();
    this.#queue = [];
    // What asked for this stands in the records that are deleted: nothing is left to wait for.
    this.#lasting = this.#wanted;
    await this.#parts.log.delete();
  }

  async #end(): Promise<void> {
    const wasFailing = this.#failure !== undefined;
    this.#isClosed = true;
    this.#failure = letGoOf(this.#parts.tenant);
    await this.#running;
    if (!wasFailing && this.#lasting < this.#wanted) this.#isBlind = true;
    this.#rejectWaiters();
    await this.#giveUpNext();
  }

  #schedule(): void {
    if (this.#isScheduled || this.#running !== undefined) return;
    this.#isScheduled = true;
    // Requests of one turn of the event loop are kept together.
    setImmediate(() => {
      this.#isScheduled = false;
      // Let go of meanwhile: what waits is none of its business any more.
      if (this.#isClosed) return;
      this.#running ??= this.#run().finally(() => {
        this.#running = undefined;
        // What came while the last of it was being told.
        if (this.#failure === undefined && this.#hasWork) this.#schedule();
      });
    });
  }

  get #hasWork(): boolean {
    return this.#lasting < this.#wanted || this.#next?.isWritten === true;
  }

  async #run(): Promise<void> {
    try {
      while (this.#hasWork && !this.#isClosed) {
        if (this.#mustBegin || this.#parts.log.isEmpty) await this.#begin();
        else if (this.#next?.isWritten === true) await this.#turnOver(this.#next);
        else await this.#append();
        this.#settle();
      }
    } catch (error) {
      this.#fail(error);
    }
    if (this.#failure === undefined && this.#parts.log.size > this.#limit && this.#next === undefined)
      void this.#compact();
  }

  async #append(): Promise<void> {
    const batch = this.#queue.splice(0, MOST_AT_ONCE);
    const place = batch.at(-1)?.place ?? this.#lasting;
    this.#beginWriting(place);
    const lines = batch.map((kept) => this.#lineOf(kept));
    const began = monotonicNow();
    const { log, measure } = this.#parts;
    const [before, synced] = [log.size, log.syncing];
    try {
      await log.append(lines);
    } catch (error) {
      this.#queue.unshift(...batch);
      this.#failed = lines;
      throw error;
    }
    const next = this.#next;
    if (next !== undefined) next.tail.push(...lines.filter((_, index) => (batch[index]?.place ?? 0) > next.upTo));
    this.#lasting = place;
    // What came meanwhile has waited since about then.
    this.#since = began;
    measure?.({
      commits: batch.length,
      bytes: log.size - before,
      milliseconds: monotonicNow() - began,
      syncing: synced === undefined ? undefined : (log.syncing ?? 0) - synced,
    });
  }

  /** Whoever asks for more than this place from here on waits for what is written after it. */
  #beginWriting(upTo: number): void {
    this.#writing = upTo;
    this.#nextWaiter = undefined;
  }

  #lineOf(kept: Waiting): string {
    const next = this.#next;
    if (next !== undefined && !next.hasTail && kept.place > next.upTo) {
      next.hasTail = true;
      this.#shortener.reset();
    }
    return keptLine(kept, this.#shortener);
  }

  /** Keeps the world as a whole; what waits is part of it. */
  async #begin(): Promise<void> {
    await this.#giveUpNext();
    this.#shortener.reset();
    const began = monotonicNow();
    const replacement = await this.#parts.log.replace();
    // From here to the content without a turn for anybody: what comes later is appended, and must not be in it.
    const [upTo, waiting] = [this.#told, this.#queue];
    const wasCut = this.#isCut;
    this.#queue = [];
    this.#beginWriting(upTo);
    this.#mustBegin = false;
    this.#isCut = false;
    const content = this.#parts.content();
    try {
      const bytes = await this.#write(content, replacement);
      await replacement.finish();
      this.#limit = this.#limitAfter(bytes);
      this.#lasting = upTo;
      this.#parts.measure?.({ commits: waiting.length, bytes, milliseconds: monotonicNow() - began });
    } catch (error) {
      this.#queue.unshift(...waiting);
      this.#mustBegin = true;
      this.#isCut ||= wasCut;
      await replacement.abandon().catch(() => {});
      throw error;
    }
  }

  /** Writes a checkpoint while commits go on being appended. */
  async #compact(): Promise<void> {
    const { log, content, tenant, report } = this.#parts;
    const next: Next = { upTo: this.#told, tail: [], hasTail: false, replacement: undefined, isWritten: false };
    this.#next = next;
    const state = content();
    try {
      next.replacement = await log.replace();
      const bytes = await this.#write(state, next.replacement, () => this.#next === next);
      // What has come meanwhile, until it is no more than is appended at once: whoever comes later waits for the rest.
      while (this.#next === next && next.tail.length > MOST_AT_ONCE) await next.replacement.write(next.tail.splice(0));
      if (this.#next !== next) return;
      this.#limit = this.#limitAfter(bytes);
      next.isWritten = true;
      this.#schedule();
    } catch (error) {
      if (this.#next !== next) return;
      this.#limit *= 2;
      await this.#giveUpNext();
      report(`a checkpoint of the tenant "${tenant}" could not be written; its log goes on`, error);
    }
  }

  /** Lets the checkpoint take the place of the log, once it has all that was appended meanwhile. */
  async #turnOver(next: Next): Promise<void> {
    try {
      await next.replacement?.write(next.tail);
      // Also where it fails on the way: then it may be what is appended to from here on.
      if (!next.hasTail) this.#shortener.reset();
      await next.replacement?.finish();
      this.#next = undefined;
    } catch (error) {
      this.#limit *= 2;
      await this.#giveUpNext();
      this.#parts.report(`a checkpoint of the tenant "${this.#parts.tenant}" could not be finished`, error);
    }
  }

  /** A checkpoint is not worth it before several times as much has been written. */
  #limitAfter(checkpoint: number): number {
    return Math.max(this.#parts.checkpointBytes ?? CHECKPOINT_BYTES, LOG_OF_CHECKPOINT * checkpoint);
  }

  async #giveUpNext(): Promise<void> {
    const next = this.#next;
    this.#next = undefined;
    await next?.replacement?.abandon().catch(() => {});
  }

  async #write(content: WorldContent, replacement: Replacement, isWanted: () => boolean = () => true): Promise<number> {
    const { engine, contracts, tenant } = this.#parts;
    let lines = [headerLine({ engine, contracts, tenant })];
    let bytes = 0;
    let written = 0;
    for (const line of checkpointLines(content)) {
      lines.push(line);
      bytes += line.length;
      if (bytes - written < SLICE) continue;
      if (!isWanted()) return bytes;
      await replacement.write(lines);
      lines = [];
      written = bytes;
    }
    if (isWanted()) await replacement.write(lines);
    return bytes;
  }

  #settle(): void {
    for (const { resolve } of this.#takeWaiters(({ place }) => place <= this.#lasting)) resolve();
  }

  #takeWaiters(isMeant: (waiter: Waiter) => boolean): readonly Waiter[] {
    const taken = this.#waiters.filter(isMeant);
    this.#waiters = this.#waiters.filter((waiter) => !isMeant(waiter));
    if (this.#nextWaiter !== undefined && isMeant(this.#nextWaiter)) this.#nextWaiter = undefined;
    return taken;
  }

  #rejectWaiters(why = 'the tenant was let go of'): void {
    for (const { reject } of this.#takeWaiters(({ isPatient }) => !isPatient)) reject(unavailable(why));
  }

  /**
   * Nothing can be changed from here on. What was committed and does not last has not happened: nobody was told of it, and
   * readers see the state without it until the tenant is opened anew, which it is once the store takes something again.
   */
  #fail(error: unknown): void {
    if (this.#isClosed) return;
    const { tenant, report } = this.#parts;
    report(`what the tenant "${tenant}" has committed could not be kept`, error);
    this.#failure = unavailable(messageOf(error));
    this.#isBlind = this.#isCut || this.#queue.some(({ commit }) => isNewWorld(commit.input));
    if (!this.#isBlind) this.#parts.showBefore(this.#queue.flatMap(({ writes }) => writes));
    this.#rejectWaiters(messageOf(error));
    if (error instanceof TenantElsewhere) {
      this.#parts.lost?.(tenant);
      return;
    }
    this.#takingBack = this.#takeBack();
    // Where it is not asked for, nobody waits for it either.
    this.#takingBack.catch(() => {});
  }

  /** Refused, so that the tenant is opened anew, once the store has taken it back; resolves where the store is away. */
  async #takeBack(): Promise<void> {
    const { tenant, log, lost, retryLater } = this.#parts;
    try {
      await log.takeBack?.(this.#failed);
    } catch (error) {
      this.#takingBack = undefined;
      if (error instanceof TenantElsewhere) lost?.(tenant);
      else {
        retryLater(() => {
          if (!this.#isClosed) void this.#takeBack().catch(() => {});
        });
      }
      return;
    }
    if (!this.#isClosed) lost?.(tenant);
    throw letGoOf(tenant);
  }
}

function letGoOf(tenant: string): Refusal {
  return new Refusal(
    503,
    'TENANT_CLOSED',
    `Failed to change anything: the tenant "${tenant}" was let go of just now. Try again.`,
    { headers: { [NOT_BEGUN]: '1' } },
  );
}

/** The refusal of who asks for a tenant while its store cannot be asked. */
export function outOfReach(tenant: string, error: unknown): Refusal {
  return new Refusal(
    503,
    'STORE_UNAVAILABLE',
    `Failed to open the tenant "${tenant}": the store cannot be reached (${messageOf(error)}). Try again.`,
    { headers: { [NOT_BEGUN]: '1' } },
  );
}

/** What is not kept so far may be kept later, or never. */
function unavailable(why: string): Refusal {
  return new Refusal(
    503,
    'STORE_UNAVAILABLE',
    `Failed to change anything: it could not be kept (${why}). What is there can be read. Try again once the store has room and can be reached.`,
  );
}

/** Whether recovery can work it out from what it has read before. */
function isByReference(input: Input): boolean {
  return input.kind === 'restore' || (input.kind === 'reset' && input.start === undefined);
}

/** Whether somebody would miss it although it wrote nothing: all but requests that only look. */
function isMoreThanRead(input: Input): boolean {
  const { kind } = input;
  if (kind === 'answer') return !isSafe(input.request.method);
  return kind === 'operation' || kind === 'exchange' || kind === 'control' ? !isSafe(input.method) : true;
}

function isSafe(method: string): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
}
