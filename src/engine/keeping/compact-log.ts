import { OpenAttempts } from '../delivery/open-attempts.ts';
import { World, type WorldParts } from '../world.ts';
import { checkpointLines } from './checkpoint.ts';
import type { TenantLog } from './commit-log.ts';
import { headerLine, type LogHeader, readLog } from './read-log.ts';

/** Lines that are written at a time. */
const AT_ONCE = 500;

/** What compacting a log has come to. */
export interface Compacted {
  /** Commits that stood behind the checkpoint. */
  readonly commits: number;
  readonly header: LogHeader;
}

/**
 * Makes a checkpoint of what is kept take the place of all commits since the one before. What the records of such a world
 * have no room for is dropped with them. No code of a system runs, and no contract is needed: the header goes on naming
 * those that it was written under. Throws where the log cannot be read, and leaves it as it is.
 *
 * @example await compactLog(log, parts, { engine: '1.2.0' });
 */
export async function compactLog(
  log: TenantLog,
  parts: WorldParts,
  { engine }: Pick<LogHeader, 'engine'>,
): Promise<Compacted> {
  const world = new World(parts);
  const attempts = new OpenAttempts();
  let commits = 0;
  world.follow((commit) => attempts.follow(commit));
  const header = await readLog(log.lines(), {
    recover(content) {
      world.recover(content);
      attempts.recover(content.attempts);
    },
    repeat(kept) {
      commits += 1;
      world.repeat(kept);
    },
  });
  world.records.forgetOld(world.clock.now());
  const replacement = await log.replace();
  try {
    let lines = [headerLine({ engine, contracts: header.contracts, tenant: header.tenant })];
    for (const line of checkpointLines({ ...world.content(), attempts: attempts.all() })) {
      lines.push(line);
      if (lines.length < AT_ONCE) continue;
      await replacement.write(lines);
      lines = [];
    }
    await replacement.write(lines);
    await replacement.finish(true);
  } catch (error) {
    await replacement.abandon().catch(() => {});
    throw error;
  }
  return { commits, header };
}
