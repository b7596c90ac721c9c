import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readRegularFile } from '../lib/regular-file.ts';
import { diffLines } from './diff-lines.ts';
import type { ScenarioSummary } from './results.ts';

/** A transcript that is not what it should be. */
export interface TranscriptDifference {
  readonly file: string;
  /** For a person, line by line. */
  readonly lines: readonly string[];
}

const ENDING = '.jsonl';

/** Writes the transcript of every workflow that was played into a folder, in a file named after its tenant. */
export async function writeTranscripts(directory: string, { scenarios }: ScenarioSummary): Promise<void> {
  await mkdir(directory, { recursive: true });
  for (const { tenant, transcript } of scenarios) {
    if (transcript !== undefined) await writeFile(join(directory, `${tenant}${ENDING}`), transcript);
  }
}

/**
 * Compares transcripts with those in a folder, byte for byte. A file there that no workflow stands for is a difference,
 * too, where its name begins like one of `whole`: that is what was played as a whole.
 *
 * @example await verifyTranscripts('fixtures/transcripts', summary, { whole: ['scenarios-macd-'] }) // []
 */
export async function verifyTranscripts(
  directory: string,
  { scenarios }: ScenarioSummary,
  { whole }: { readonly whole: readonly string[] },
): Promise<TranscriptDifference[]> {
  const differences: TranscriptDifference[] = [];
  const names = await readdir(directory).catch(() => []);
  const expected = new Set(names.filter((name) => name.endsWith(ENDING)));
  for (const { tenant, transcript } of scenarios) {
    const name = `${tenant}${ENDING}`;
    const file = join(directory, name);
    const isKnown = expected.delete(name);
    if (transcript === undefined) continue;
    if (!isKnown) {
      differences.push({
        file,
        lines: ['There is no such transcript. Write it with --transcripts, read it, and keep it.'],
      });
      continue;
    }
    const read = readRegularFile(file);
    if ('failure' in read) {
      differences.push({ file, lines: [`The file ${read.failure}.`] });
      continue;
    }
    const lines = diffLines(read.bytes.toString('utf8'), transcript);
    if (lines.length > 0) differences.push({ file, lines });
  }
  for (const name of expected) {
    if (!whole.some((start) => name.startsWith(start))) continue;
    differences.push({
      file: join(directory, name),
      lines: ['No workflow was played for this transcript. Remove it.'],
    });
  }
  return differences;
}
