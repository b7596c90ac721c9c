import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { runInit } from '../../src/cli/init.ts';
import { temporaryFolder } from '../contracts/temp-files.ts';

const HOME = resolve('.');
const MAIN = resolve('dist/cli/main.js');

/** A project that has the package installed, and what is in its package.json. */
function project(packageFile: object) {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, 'package.json'), JSON.stringify(packageFile));
  mkdirSync(join(cwd, 'node_modules'));
  symlinkSync(HOME, join(cwd, 'node_modules/bss-simulator'), 'junction');
  symlinkSync(resolve('node_modules/vitest'), join(cwd, 'node_modules/vitest'), 'junction');
  return cwd;
}

async function init(cwd: string, runner?: string) {
  let out = '';
  const output = { stdout: { write: (text: string) => (out += text) }, stderr: { write: () => {} } };
  const code = await runInit({ ...(runner !== undefined && { runner }) }, { output, cwd, home: HOME });
  return { code, out };
}

test.each([
  [{ devDependencies: { vitest: '*', '@playwright/test': '*' } }, 'test/sign-up.test.mjs', 'bss-simulator/vitest'],
  [{ type: 'module', dependencies: { '@playwright/test': '*' } }, 'test/sign-up.spec.js', 'bss-simulator/playwright'],
  [{ devDependencies: { jest: '*' } }, 'test/sign-up.test.js', 'bss-simulator/jest'],
  [{ type: 'module' }, 'test/sign-up.test.js', 'bss-simulator/node-test'],
])('the first test is for the runner in package.json: %j', async (packageFile, file, library) => {
  const cwd = project(packageFile);

  expect((await init(cwd)).code).toBe(0);
  expect(readFileSync(join(cwd, file), 'utf8')).toContain(library);
});

test('what is there already stays as it is', async () => {
  const cwd = project({});
  writeFileSync(join(cwd, 'bss-simulator.yaml'), 'port: 1\n');

  const { out } = await init(cwd);

  expect(out).toContain('Kept:    bss-simulator.yaml\nWritten: simulator/world.yaml\n');
  expect(readFileSync(join(cwd, 'bss-simulator.yaml'), 'utf8')).toBe('port: 1\n');
});

test('from an empty folder: the story passes, the first test passes, and the world has its customer', async () => {
  const cwd = project({ type: 'module' });
  await init(cwd);
  const here = { cwd, encoding: 'utf8' } as const;

  const story = spawnSync(process.execPath, [MAIN, 'run', 'simulator'], here);
  expect(story.stdout + story.stderr).toContain('1 passed, 0 failed');
  const first = spawnSync(process.execPath, ['--test', 'test/sign-up.test.js'], here);
  expect(first.status, first.stdout + first.stderr).toBe(0);
  const world = spawnSync(process.execPath, [MAIN, 'check', 'node_modules/bss-simulator/specs/connectx'], here);
  expect(world.status).toBe(0);

  writeFileSync(
    join(cwd, 'look.mjs'),
    `import { createSimulator } from 'bss-simulator';
    const simulator = createSimulator({ port: 0, fixture: './simulator/world.yaml', systems: ['connectx'] });
    await simulator.start();
    const answer = await fetch(simulator.url + '/v1/customers/CUS-900001', { headers: { authorization: 'Bearer any' } });
    console.log((await answer.json()).email);
    await simulator.stop();`,
  );
  expect(spawnSync(process.execPath, ['look.mjs'], here).stdout).toBe('grace.marsh@example.com\n');
});
