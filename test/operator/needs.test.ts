import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadContracts } from '../../src/contracts/load-contracts.ts';
import { loadSystems } from '../../src/operator/load-systems.ts';
import { missingFor } from '../../src/operator/needs.ts';
import { writeFiles } from '../contracts/temp-files.ts';

const systems = await loadSystems();

test('the code of every shipped system is about its shipped contracts', async () => {
  const { contracts } = await loadContracts(['specs'], { isQuick: true });

  for (const system of systems) expect(missingFor(system, contracts), system.name).toBeUndefined();
});

test.each(systems.map(({ name }) => name))(
  'a folder that happens to be called %s is served from its contract alone',
  async (name) => {
    const root = writeFiles({
      [`${name}/trees.openapi.yaml`]: `
openapi: 3.0.3
info: { title: Trees, version: '1' }
paths:
  /trees:
    get: { operationId: submitOrder, responses: { '200': { description: Trees } } }
`,
    });
    const { contracts } = await loadContracts([join(root, name)], { isQuick: true });
    const system = systems.find((each) => each.name === name);

    expect(system && missingFor(system, contracts)).toMatch(/^the (operation|resource|schema|property) /);
  },
);
