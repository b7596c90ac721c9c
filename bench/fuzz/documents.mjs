import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { loadContracts } from '../../dist/contracts/load-contracts.js';
import { DOCUMENT_PARTS } from './corpus.mjs';
import { createRandom } from './random.mjs';

/** Loads documents that attack, one after another, until it is told to stop; tells of each that throws or takes long. */
const LONG = 60_000;
const folder = mkdtempSync(join(tmpdir(), 'fuzz-'));
mkdirSync(join(folder, 'shop'));
const file = join(folder, 'shop', 'api.yaml');
const { seed, most } = workerData;
const random = createRandom(seed);
let isOver = false;
parentPort.on('message', () => {
  isOver = true;
});
let count = 0;
for (; !isOver && count < most; count += 1) {
  const text = draw();
  writeFileSync(file, text);
  const began = performance.now();
  let fault;
  try {
    const { problems } = await loadContracts([folder], { isQuick: random.chance(0.98) });
    if (/\n\s+at .+:\d+:\d+|Maximum call stack/.test(JSON.stringify(problems))) fault = 'a stack is among the problems';
  } catch (error) {
    if (error?.name !== 'SimulatorError') fault = `it threw ${error}`;
  }
  const took = performance.now() - began;
  if (took > LONG) fault ??= `it took ${Math.round(took)} ms`;
  if (fault !== undefined) parentPort.postMessage({ fault, input: { surface: 'document', body: text } });
  await new Promise((resolve) => setImmediate(resolve));
}
rmSync(folder, { recursive: true });
parentPort.postMessage({ count });

function draw() {
  const { pick, below, chance } = random;
  const schema = (name) =>
    `    ${name}: ${chance(0.6) ? pick(DOCUMENT_PARTS) : `{ type: ${pick(['object', 'array', 'string', 'x'])}, properties: { a: ${pick(DOCUMENT_PARTS)} }, items: ${pick(DOCUMENT_PARTS)} }`}`;
  const text = `${pick(['openapi: 3.1.0', "openapi: '3.0.3'", "swagger: '2.0'", 'asyncapi: 2.6.0', 'openapi: 3'])}
info: ${chance(0.9) ? "{ title: T, version: '1' }" : pick(DOCUMENT_PARTS)}
paths:
  ${pick(['/a', '/a/{id}', '/{a}-{b}', '/__proto__', 'a', ''])}:
    ${pick(['get', 'post', 'put', 'brew'])}:
      operationId: ${pick(['readA', '__proto__', 'listA', '7'])}
      responses:
        '200': { description: ok, content: { application/json: { schema: { $ref: '#/components/schemas/A' } } } }
components:
  schemas:
${['A', 'B', 'C'].map(schema).join('\n')}
`;
  if (chance(0.8)) return text;
  const at = below(text.length);
  return (
    text.slice(0, at) + pick(['', '\t', '*a', '&b ', '{', '\u0000', '- ', '<<: *a\n', '"']) + text.slice(at + below(20))
  );
}
