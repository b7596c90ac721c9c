import { messageOf } from '../records/effects.ts';
import type { WorldContent } from './checkpoint.ts';
import { CheckpointReader } from './checkpoint.ts';
import { type KeptCommit, readKept } from './commit-lines.ts';
import { LogBroken } from './commit-log.ts';

/** What the first line of a log says: who has written it, and under which contracts. */
export interface LogHeader {
  readonly format: number;
  /** The version of the engine. */
  readonly engine: string;
  /** Names the contracts: the same text, the same contracts. */
  readonly contracts: string;
  readonly tenant: string;
}

/** The form of what is kept; it rises when a reader of the one before would misread it. */
const FORMAT = 1;

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
  if (format !== FORMAT)
    throw new Error(`its format is ${format}, written by version ${engine}; this one reads ${FORMAT}`);
  return header as LogHeader;
}

/** Takes what a log holds: first the world of the checkpoint, then each commit since. */
export interface LogTaker {
  readonly recover: (content: WorldContent) => void;
  readonly repeat: (kept: KeptCommit, line: string) => void | Promise<void>;
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
  let header: LogHeader | undefined;
  let isRecovered = false;
  for await (const text of linesOf(lines)) {
    const line = JSON.parse(text) as readonly unknown[];
    if (header === undefined) header = readHeader(line);
    else if (isRecovered) {
      const repeated = repeat(readKept(line), text);
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
