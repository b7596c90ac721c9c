import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { agentTexts } from './agents.mjs';

// The build writes them into the package; they are not kept beside the pages that they are made from.
process.chdir(fileURLToPath(new URL('..', import.meta.url)));
for (const [file, text] of Object.entries(agentTexts())) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
