// Loaded before a server: writes down each collection of garbage, in the file that the process is titled after.
import { appendFileSync, writeFileSync } from 'node:fs';
import { PerformanceObserver } from 'node:perf_hooks';

const file = process.title;
writeFileSync(file, '');
new PerformanceObserver((list) => {
  const lines = list
    .getEntries()
    .map(({ startTime, duration }) => `${JSON.stringify({ at: performance.timeOrigin + startTime, duration })}\n`);
  appendFileSync(file, lines.join(''));
}).observe({ entryTypes: ['gc'] });
