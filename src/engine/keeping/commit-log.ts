import { Refusal } from '../../model/command.ts';

/**
 * The port behind which the commits of tenants are kept, so that a world outlives its process. It knows lines of text in
 * order and nothing of what they say; `test/conformance/commit-log.ts` says what a correct one does.
 */
export interface CommitLog {
  /** What kind it is, for whoever asks: `file` or `postgres`. */
  readonly kind: string;
  /** Names of the tenants that something is kept of, in order of their names. */
  tenants(): Promise<readonly string[]>;
  /**
   * Takes a tenant for this process alone, whether anything is kept of it or not; throws `TenantElsewhere` where another
   * has it. Nobody opens one twice. `lost` is called should another process take it over later.
   */
  open(tenant: string, lost?: () => void): Promise<TenantLog>;
  /** Tenants that no process has although something goes on in them by itself; absent where no other process can. */
  orphans?(): Promise<readonly string[]>;
  /** Believes no longer what was found out about who has a tenant; absent where no other process can. */
  recheck?(tenant: string): void;
  /** A text that stays the same for as long as the store lasts: made by the first who asks. */
  secret(name: string, make: () => string): Promise<string>;
  /** Lets go of everything; what is open must have been released. */
  close(): Promise<void>;
}

/**
 * Looks at what is kept, and takes nothing: a process that serves it goes on meanwhile. `test/conformance/commit-log.ts`
 * tries it on what a `CommitLog` of the same kind has written.
 */
export interface CommitReader {
  /** What is kept, in order of names. */
  tenants(): Promise<readonly KeptTenant[]>;
  /** Everything that lasts now of one tenant; nothing where nothing is kept of it. */
  read(tenant: string): Promise<LogReading | undefined>;
  close(): Promise<void>;
}

/** What a store tells of a tenant without reading it. */
export interface KeptTenant {
  readonly name: string;
  /** Bytes that it takes in the store. */
  readonly bytes: number;
  /** Who has it at the moment: the address of that process, or its number. */
  readonly owner?: string;
}

/** Lines that are being read. */
export type LogReading = Pick<TenantLog, 'lines' | 'damage'>;

/** Thrown by a log whose lines can be read, and are not those that were written. */
export class LogBroken extends Error {}

/** The header of a refusal that says that nothing has been begun of what was asked for: it can be asked for elsewhere. */
export const NOT_BEGUN = 'x-simulator-not-begun';

/** Thrown by a log where another process has the tenant. */
export class TenantElsewhere extends Refusal {
  /** Where that process can be asked; nothing where it does not say. */
  readonly url: string | undefined;

  constructor(tenant: string, url?: string) {
    super(
      503,
      'TENANT_ELSEWHERE',
      `Failed to open the tenant "${tenant}": another process has it. Ask that process, or wait until it lets go of it.`,
    );
    this.url = url;
  }
}

/** What is kept of one tenant: a checkpoint, then what has come since. Its owner calls one method at a time. */
export interface TenantLog {
  /** Whether nothing is kept yet. */
  readonly isEmpty: boolean;
  /** Bytes that have been appended since the last checkpoint. */
  readonly size: number;
  /** Milliseconds that the medium has taken so far to make lines last once they were written; absent where it is not told. */
  readonly syncing?: number;
  /** What was found damaged while it was read, and what has become of it. */
  readonly damage: string | undefined;
  /** All lines in order: those of the newest checkpoint, and what was appended since. */
  lines(): AsyncIterable<string>;
  /**
   * Sets a checkpoint aside that is not whole, and goes back to the one before with all that had come since then; answers
   * whether there is one. Absent where none is kept.
   */
  goBack?(): Promise<boolean>;
  /** Resolves once the lines last; where it throws, none of them is kept, and they may be appended again. */
  append(lines: readonly string[]): Promise<void>;
  /**
   * Takes back whatever the medium may hold of these lines, which an append has failed to keep, and resolves once it would
   * take as much again. Absent where a failed append leaves nothing behind.
   */
  takeBack?(lines: readonly string[]): Promise<void>;
  /** Begins a checkpoint, which takes the place of everything before once it is finished; appending goes on meanwhile. */
  replace(): Promise<Replacement>;
  /**
   * Nothing while it is certain that the tenant is still this process's. Else it resolves once that is known again, and
   * throws `TenantElsewhere` where another has it by now; reading goes on where it cannot be found out.
   */
  holding?(): Promise<void> | undefined;
  /** Lets go of the tenant; `isBusy` where something goes on in it by itself, so that another process should take it. */
  release(isBusy?: boolean): Promise<void>;
  /** Forgets the tenant, and lets go of it. */
  delete(): Promise<void>;
}

/** A checkpoint in the making. */
export interface Replacement {
  write(lines: readonly string[]): Promise<void>;
  /**
   * Makes it last, looks whether it can be read, and lets go of what it replaces. Where another world takes the place of
   * one, `isAnother`, nobody may go back to that.
   */
  finish(isAnother?: boolean): Promise<void>;
  /** Gives it up; what was there stays. */
  abandon(): Promise<void>;
}
