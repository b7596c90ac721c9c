/** Preloaded into the program: tells what it holds, once what nobody needs is gone, and how long collections have taken. */
import { constants, PerformanceObserver } from 'node:perf_hooks';

/** Milliseconds; a collection that takes longer is counted. Of wall time: where processors are scarce, that is no fault. */
const LONG = 25;

const KINDS = { [constants.NODE_PERFORMANCE_GC_MINOR]: 'young', [constants.NODE_PERFORMANCE_GC_MAJOR]: 'whole' };
const collections = { young: { count: 0, long: 0, worst: 0 }, whole: { count: 0, long: 0, worst: 0 } };
new PerformanceObserver((list) => {
  for (const { duration, detail } of list.getEntries()) {
    const of = collections[KINDS[detail.kind]];
    if (of === undefined) continue;
    of.count += 1;
    if (duration > LONG) of.long += 1;
    of.worst = Math.max(of.worst, Math.round(duration));
  }
}).observe({ entryTypes: ['gc'] });

process.on('message', () => {
  const before = structuredClone(collections);
  globalThis.gc?.();
  globalThis.gc?.();
  process.send?.({ heap: process.memoryUsage().heapUsed, collections: before });
});
process.channel?.unref();
