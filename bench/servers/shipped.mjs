import { fileURLToPath, pathToFileURL } from 'node:url';

const home = process.env.BENCH_DIST ?? fileURLToPath(new URL('../../dist', import.meta.url));
const load = (file) => import(pathToFileURL(`${home}/${file}`).href);

/** The simulator's own checks of messages, by channel: the loop validates with what the simulator validates with. */
export async function createValidationOf() {
  const [{ loadContracts }, { createValidation }] = await Promise.all([
    load('contracts/load-contracts.js'),
    load('contracts/validation.js'),
  ]);
  const specs = fileURLToPath(new URL('../../specs', import.meta.url));
  const { contracts } = await loadContracts([specs], { cacheDir: `${home}/contract-cache` });
  const validation = createValidation(contracts);
  const payloads = new Map(
    contracts.flatMap(({ channels }) => channels.map(({ address, messages }) => [address, messages[0]?.payload ?? {}])),
  );
  return (channel) => validation.check(payloads.get(channel) ?? {});
}
