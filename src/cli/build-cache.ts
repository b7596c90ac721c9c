import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { loadContracts } from '../contracts/load-contracts.ts';
import { formatProblem } from '../errors.ts';

/** Run by `npm run build`: leaves the shipped contracts, loaded, beside the compiled program. */
const cacheDir = fileURLToPath(new URL('../contract-cache', import.meta.url));
const specs = fileURLToPath(new URL('../../specs', import.meta.url));
// Emptied first: the key tells the files apart, but not two builds of this loader.
await rm(cacheDir, { recursive: true, force: true });
const { problems } = await loadContracts([specs], { cacheDir });
for (const problem of problems) process.stderr.write(`${formatProblem(problem)}\n`);
process.exitCode = problems.length === 0 ? 0 : 2;
