import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { loadContracts } from '../contracts/load-contracts.ts';
import { formatProblem } from '../errors.ts';
import { keepWorld } from '../generate-world.ts';
import { packKept } from '../lib/kept-file.ts';
import { PACKAGE_FOLDER, PROGRAM_FOLDER } from '../lib/package-folder.ts';
import { keepStories } from '../story-index.ts';

/** Run by `npm run build`: leaves the shipped contracts, loaded, what is told of the stories, and the usual starting world beside the program. */
const cacheDir = join(PROGRAM_FOLDER, 'contract-cache');
const specs = join(PACKAGE_FOLDER, 'specs');
// System by system, as a simulator asks for them: the key covers that, too.
const systems = (await readdir(specs)).map((system) => join(specs, system));
// Emptied first: the key distinguishes the files, but not two builds of this loader.
await rm(cacheDir, { recursive: true, force: true });
const { contracts, problems } = await loadContracts(systems, { cacheDir });
for (const problem of problems) process.stderr.write(`${formatProblem(problem)}\n`);
if (problems.length > 0) process.exitCode = 2;
await keepWorld({ cache: cacheDir });
await keepStories(cacheDir, { contracts, paths: systems });
await packKept(cacheDir);
