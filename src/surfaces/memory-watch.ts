import type { PerformanceEntry, PerformanceObserver } from 'node:perf_hooks';
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { Refusal } from '../model/command.ts';
import { every } from './event-feed.ts';
import type { afterWallTime } from './wall-time.ts';

/** How much of the memory that this process may have is in use. */
export interface MemoryWatch {
  /** Why nothing may grow at the moment; nothing where there is room. */
  readonly refusal: Refusal | undefined;
  stop(): void;
}

export interface MemoryWatchOptions {
  readonly afterWallTime: typeof afterWallTime;
  /** What can be missed, and lets go of some of it now and then while there is no room. */
  readonly relieved: readonly { shrink(): void }[];
}

/** Milliseconds between two looks. */
const PACE = 500;
/** Shares of the memory there is. Below the first, nobody asks how much of what is in use is garbage. */
const WATCHED = 0.5;
const FULL = 0.75;
const ROOM_AGAIN = 0.7;
const AT_THE_END = 0.95;
/** Looks after which garbage is collected while it is full, because nobody else would if nothing may grow. */
const COLLECTED_AFTER = 20;

/**
 * Watches the memory of the process. Everything that a client can make large has a bound of its own, but thousands of
 * tenants may each have as much as they may; so where memory runs out, nothing may grow until something is let go of.
 * The garbage among what is in use is known after a collection, which tells of itself.
 *
 * @example const memory = createMemoryWatch({ afterWallTime, relieved: [records] }); memory.refusal?.status // 507
 */
export function createMemoryWatch({ afterWallTime, relieved }: MemoryWatchOptions): MemoryWatch {
  let isFull = false;
  let looks = 0;
  let observer: PerformanceObserver | undefined;
  const judge = (share: number): void => {
    isFull = share > (isFull ? ROOM_AGAIN : FULL);
    if (isFull) for (const each of relieved) each.shrink();
  };
  const unwatch = (): void => {
    observer?.disconnect();
    observer = undefined;
    isFull = false;
  };
  const watch = (): void => {
    observer ??= new (perfHooks().PerformanceObserver)((list) => {
      if (list.getEntries().some(isWhole)) judge(shareInUse());
    });
    observer.observe({ entryTypes: ['gc'] });
  };
  const stop = every(afterWallTime, PACE, () => {
    const share = shareInUse();
    if (share < WATCHED) {
      if (observer !== undefined) unwatch();
      return;
    }
    if (observer === undefined) watch();
    if (share > AT_THE_END) judge(share);
    looks = isFull ? looks + 1 : 0;
    if (looks % COLLECTED_AFTER === COLLECTED_AFTER - 1) {
      collectGarbage();
      judge(shareInUse());
    }
  });
  return {
    get refusal() {
      return isFull ? memoryFull() : undefined;
    },
    stop() {
      stop();
      unwatch();
    },
  };
}

/**
 * Bytes that V8 sets apart for what is young and counts among what there is, although nothing that stays has room there:
 * three semi-spaces, whose size differs between versions.
 *
 * @example youngGeneration({ v8: '11.3.244.8-node.38', flags: '--max-semi-space-size=64' }) // 201326592
 */
export function youngGeneration({ v8, flags }: { readonly v8: string; readonly flags: string }): number {
  // Of two the last counts.
  const [, megabytes] = [...flags.matchAll(/--max[-_]semi[-_]space[-_]size[= ](\d+)/g)].at(-1) ?? [];
  const usual = Number.parseInt(v8, 10) < 13 ? 16 : 64;
  return 3 * Number(megabytes ?? usual) * 2 ** 20;
}

const YOUNG = youngGeneration({
  v8: process.versions.v8,
  flags: [process.env.NODE_OPTIONS ?? '', ...process.execArgv].join(' '),
});

function shareInUse(): number {
  const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
  // A limit that is hardly more than what is set apart is not what V8 goes by.
  return used / Math.max(limit - YOUNG, limit / 5);
}

function isWhole(entry: PerformanceEntry): boolean {
  return (entry as NodeGcPerformanceEntry).detail?.kind === perfHooks().constants.NODE_PERFORMANCE_GC_MAJOR;
}

/** What an entry about a collection says beyond any other. */
interface NodeGcPerformanceEntry extends PerformanceEntry {
  readonly detail?: { readonly kind?: number };
}

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (process.getBuiltinModule('node:vm').runInNewContext('gc') as () => void)();
}

/** Most processes never come to half of their memory: a start does without it. */
function perfHooks() {
  return process.getBuiltinModule('node:perf_hooks');
}

function memoryFull(): Refusal {
  return new Refusal(
    507,
    'MEMORY_FULL',
    'Failed to change anything: the simulator has as good as no memory left. Delete or reset tenants that are not needed, or start it with more memory, such as NODE_OPTIONS=--max-old-space-size=8192.',
    { headers: { 'retry-after': '10' } },
  );
}
