/** Preloaded into the program: tells what it holds, once what nobody needs is gone. */
process.on('message', () => {
  globalThis.gc?.();
  globalThis.gc?.();
  process.send?.({ heap: process.memoryUsage().heapUsed });
});
process.channel?.unref();
