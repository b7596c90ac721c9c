/** Listens on a free port of loopback and tells the runner which. */
export function listen(server) {
  server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
}

// What every server of the benchmark does for its runner: tell what it has used, and end with it.
process.on('disconnect', () => process.exit());
process.on('message', (message) => {
  if (message === 'cpu') process.send({ cpu: process.cpuUsage() });
  if (message !== 'memory') return;
  globalThis.gc?.();
  globalThis.gc?.();
  process.send({ memory: process.memoryUsage() });
});
