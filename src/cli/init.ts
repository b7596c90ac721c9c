import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { SimulatorError } from '../errors.ts';
import { relativePath } from '../lib/relative-path.ts';
import type { Output } from './check.ts';
import { writeOutput } from './write-output.ts';

/** The flags of `init`. */
export interface InitFlags {
  /** The runner to write the first test for; default: the one in package.json. */
  readonly runner?: string;
}

export interface InitContext {
  readonly output: Output;
  readonly cwd: string;
  /** The folder of the package, which holds the shipped contracts and what a project begins with. */
  readonly home: string;
}

/** The runners that a first test is written for. */
type Runner = 'vitest' | 'playwright' | 'jest' | 'node-test';

/** In the order in which they are looked for: who has several has Playwright for its pages. */
const PACKAGES: readonly (readonly [string, Runner])[] = [
  ['vitest', 'vitest'],
  ['jest', 'jest'],
  ['@playwright/test', 'playwright'],
];

interface PackageFile {
  readonly type?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/**
 * The command `init`: writes what a project needs to begin with: a configuration, a starting world, a first story, and a
 * first test for the runner that is installed. What is there already stays as it is.
 *
 * @example await runInit({ runner: 'vitest' }, context);
 */
export async function runInit({ runner }: InitFlags, { output, cwd, home }: InitContext): Promise<number> {
  const project = readPackage(cwd);
  const chosen = (runner ?? runnerIn(project)) as Runner;
  const isModule = project?.type === 'module';
  const specs = specsAsSeenFrom(join(cwd, 'simulator'), cwd, home);
  const test = testFile(chosen, isModule);
  const starter = (name: string): string => readFileSync(join(home, 'starter', name), 'utf8');
  const files: readonly (readonly [string, string])[] = [
    ['bss-simulator.yaml', starter('bss-simulator.yaml')],
    ['simulator/world.yaml', starter('world.yaml')],
    ['simulator/sign-up.arazzo.yaml', starter('sign-up.arazzo.yaml').replaceAll('url: ../specs/', `url: ${specs}/`)],
    [test.file, test.text],
  ];
  for (const [file, text] of files) {
    const isThere = existsSync(join(cwd, file));
    if (!isThere) await writeOutput(join(cwd, file), text);
    output.stdout.write(`${isThere ? 'Kept:   ' : 'Written:'} ${file}\n`);
  }
  output.stdout.write(
    [
      '',
      ...(isInstalled(project) ? [] : ['Install it:        npm install --save-dev bss-simulator']),
      'Start it:          npx bss-simulator',
      'Play the story:    npx bss-simulator run simulator',
      `Run the first test: ${test.command}`,
      '',
    ].join('\n'),
  );
  return 0;
}

function readPackage(cwd: string): PackageFile | undefined {
  const path = join(cwd, 'package.json');
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as PackageFile;
  } catch (cause) {
    throw new SimulatorError(
      'CONFIG_INVALID',
      'Failed to begin here: package.json cannot be read as JSON. Correct it, or begin in another folder.',
      { cause },
    );
  }
}

function packagesOf({ dependencies = {}, devDependencies = {} }: PackageFile): readonly string[] {
  return [...Object.keys(dependencies), ...Object.keys(devDependencies)];
}

/** Every Node has a runner of its own, which is what is left. */
function runnerIn(project: PackageFile | undefined): Runner {
  const packages = project === undefined ? [] : packagesOf(project);
  return PACKAGES.find(([name]) => packages.includes(name))?.[1] ?? 'node-test';
}

function isInstalled(project: PackageFile | undefined): boolean {
  return project !== undefined && packagesOf(project).includes('bss-simulator');
}

/** Where the shipped contracts are going to be: beside the project, unless this is run from elsewhere. */
function specsAsSeenFrom(folder: string, cwd: string, home: string): string {
  const isBeside = !relative(cwd, home).startsWith('..') || !existsSync(join(cwd, 'node_modules', 'bss-simulator'));
  const place = isBeside ? join(cwd, 'node_modules', 'bss-simulator') : home;
  return relativePath(folder, join(place, 'specs'));
}

const CALL = `await fetch(\`\${tenant.url}/v1/customers\`, {
    method: 'POST',
    headers: { authorization: 'Bearer any', 'content-type': 'application/json' },
    body: JSON.stringify({ customerType: 'Individual', email: 'ada@example.com' }),
  })`;

function testFile(
  runner: Runner,
  isModule: boolean,
): { readonly file: string; readonly text: string; readonly command: string } {
  const extension = isModule ? 'js' : 'mjs';
  const story = (expectation: string) => `test('a customer who signs up is heard of', async ({ tenant, events }) => {
  const response = ${CALL};
  ${expectation}
  await tenant.received({ operationId: 'createCustomer' }).once();
  await events.next('customer/created', { where: { email: 'ada@example.com' } });
});
`;
  switch (runner) {
    case 'vitest':
      return {
        file: `test/sign-up.test.${extension}`,
        command: 'npx vitest run test/sign-up.test',
        text: `import { expect, simulatorTest } from 'bss-simulator/vitest';\n\nconst test = simulatorTest({ seed: 1 });\n\n${story('expect(response.status).toBe(201);')}`,
      };
    case 'playwright':
      return {
        file: `test/sign-up.spec.${extension}`,
        command: 'npx playwright test sign-up',
        text: `import { expect, test } from 'bss-simulator/playwright';\n\n${story('expect(response.status).toBe(201);')}`,
      };
    case 'jest':
      return {
        file: `test/sign-up.test.${isModule ? 'cjs' : 'js'}`,
        command: 'npx jest sign-up',
        text: `const { simulatorTest } = require('bss-simulator/jest');\n\nconst test = simulatorTest({ seed: 1 });\n\n${story('expect(response.status).toBe(201);')}`,
      };
    default:
      return {
        file: `test/sign-up.test.${extension}`,
        command: `node --test test/sign-up.test.${extension}`,
        text: `import assert from 'node:assert/strict';\nimport { simulatorTest } from 'bss-simulator/node-test';\n\nconst test = simulatorTest({ seed: 1 });\n\n${story('assert.equal(response.status, 201);')}`,
      };
  }
}
