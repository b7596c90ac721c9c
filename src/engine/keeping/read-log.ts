import { messageOf } from '../records/effects.ts';
import type { WorldContent } from './checkpoint.ts';
import { CheckpointReader } from './checkpoint.ts';
import { type KeptCommit, type KeptLine, readKept, wholeLine } from './commit-lines.ts';
import { LogBroken } from './commit-log.ts';
import { Restorer } from './short-lines.ts';

/** What the first line of a log says: who has written it, and under which contracts. */
export interface LogHeader {
  readonly format: number;
  /** The version of the engine. */
  readonly engine: string;
  /** Names the contracts: the same text, the same contracts. */
  readonly contracts: string;
  readonly tenant: string;
}

/** The form of what is kept; it rises when a reader of the one before would misread it. All before it are read. */
const FORMAT = 2;

/**
 * The first line of a log.
 *
 * @example await replacement.write([headerLine({ engine, contracts, tenant })]);
 */
export function headerLine(header: Omit<LogHeader, 'format'>): string {
  return JSON.stringify(['header', { format: FORMAT, ...header }]);
}

/**
 * Reads the first line of a log; throws where it is none, or of another format.
 *
 * @example readHeader(JSON.parse(line)).contracts
 */
export function readHeader([kind, header]: readonly unknown[]): LogHeader {
  if (kind !== 'header') throw new Error('it does not begin with a header');
  const { format, engine } = header as LogHeader;
  if (!(format >= 1 && format <= FORMAT))
    throw new Error(`its format is ${format}, written by version ${engine}; this one reads 1 to ${FORMAT}`);
  return header as LogHeader;
}

/** Whether a log is in a form that lines of today must not be added to: whoever reads that form alone would misread them. */
export function isOfOldForm({ format }: LogHeader): boolean {
  return format < FORMAT;
}

/** Takes what a log holds: first the world of the checkpoint, then each commit since. */
export interface LogTaker {
  readonly recover: (content: WorldContent) => void;
  readonly repeat: (kept: KeptCommit, line: KeptLine) => void | Promise<void>;
}

/** Thrown where a log ends before its checkpoint does. */
export class CheckpointCut extends Error {}

/** Thrown where the store itself cannot be read at the moment. */
export class StoreAway extends Error {}

/** The lines of a store, which may be out of reach: what it throws is told from what is wrong with the lines. */
async function* linesOf(lines: AsyncIterable<string>): AsyncGenerator<string> {
  try {
    yield* lines;
  } catch (error) {
    throw error instanceof LogBroken ? error : new StoreAway(messageOf(error), { cause: error });
  }
}

/**
 * Reads a log line by line; answers its header. Throws where it cannot be read, `CheckpointCut` where it ends too soon,
 * `StoreAway` where its store is out of reach.
 *
 * @example const { contracts } = await readLog(log.lines(), world);
 */
export async function readLog(lines: AsyncIterable<string>, { recover, repeat }: LogTaker): Promise<LogHeader> {
  const reader = new CheckpointReader();
  const restorer = new Restorer();
  let header: LogHeader | undefined;
  let isRecovered = false;
  for await (const text of linesOf(lines)) {
    const line = JSON.parse(text) as readonly unknown[];
    if (header === undefined) header = readHeader(line);
    else if (isRecovered) {
      const whole = wholeLine(line, restorer);
      const repeated = repeat(readKept(whole), whole);
      if (repeated !== undefined) await repeated;
    } else if (reader.add(line)) {
      isRecovered = true;
      recover(reader.content);
    }
  }
  if (header === undefined) throw new CheckpointCut('it has no lines');
  if (!isRecovered) throw new CheckpointCut('its checkpoint has no end');
  return header;
}
