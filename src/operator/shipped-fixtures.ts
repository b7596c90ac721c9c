import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { SimulatorError } from '../errors.ts';
import { PACKAGE_FOLDER } from '../lib/package-folder.ts';

/** The files of the shipped starting worlds, by name. */
export function shippedFixtures(): ReadonlyMap<string, string> {
  const files = readdirSync(FIXTURES).filter((file) => /\.(yaml|json)$/.test(file));
  return new Map(files.map((file) => [file.slice(0, file.lastIndexOf('.')), join(FIXTURES, file)]));
}

/** Whoever asks over the network may name no file: it could be a device, or anybody's. Throws `FIXTURE_INVALID`. */
export function requireShippedFixture(fixture: string): void {
  const known = ['default', 'empty', ...shippedFixtures().keys()];
  if (known.includes(fixture)) return;
  throw new SimulatorError(
    'FIXTURE_INVALID',
    `Failed to find the fixture ${JSON.stringify(fixture.slice(0, 200))}: the control API knows those that are shipped. Use one of: ${known.join(', ')}; start with --fixture for a file.`,
  );
}

const FIXTURES = join(PACKAGE_FOLDER, 'fixtures');
