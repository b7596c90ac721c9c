import type { CommitLog, Replacement, TenantLog } from '../../src/engine/keeping/commit-log.ts';
import type { Keeping } from '../../src/engine/keeping/keeper.ts';

/** Keeps commits in memory, as a store that lasts would: what was appended survives the tenant that appended it. */
export function createMemoryLog(): CommitLog {
  const kept = new Map<string, MemoryTenantLog>();
  const secrets = new Map<string, string>();
  return {
    kind: 'memory',
    tenants: async () => [...kept].flatMap(([name, log]) => (log.isEmpty ? [] : [name])).sort(),
    async open(tenant) {
      const log = kept.get(tenant) ?? new MemoryTenantLog();
      kept.set(tenant, log);
      return log;
    },
    async secret(name, make) {
      const secret = secrets.get(name) ?? make();
      secrets.set(name, secret);
      return secret;
    },
    close: async () => {},
  };
}

/** What a keeper needs besides its log, where nothing goes wrong. */
export const KEEPING: Keeping = {
  engine: '0.0.0',
  contracts: 'shop',
  retryLater: () => {},
  report: (message, error) => {
    throw new Error(message, { cause: error });
  },
};

class MemoryTenantLog implements TenantLog {
  #lines: string[] = [];
  size = 0;
  readonly damage = undefined;

  get isEmpty(): boolean {
    return this.#lines.length === 0;
  }

  async *lines(): AsyncGenerator<string> {
    yield* [...this.#lines];
  }

  async append(lines: readonly string[]): Promise<void> {
    this.#lines.push(...lines);
    this.size += lines.reduce((sum, line) => sum + line.length, 0);
  }

  async replace(): Promise<Replacement> {
    const fresh: string[] = [];
    return {
      write: async (lines) => void fresh.push(...lines),
      finish: async () => {
        this.#lines = fresh;
        this.size = 0;
      },
      abandon: async () => {},
    };
  }

  async release(): Promise<void> {}

  async delete(): Promise<void> {
    this.#lines = [];
  }
}
