import { type Dirent, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { SimulatorError } from '../errors.ts';
import { PACKAGE_FOLDER } from '../lib/package-folder.ts';

/** The files of the shipped starting worlds, by name. */
export function shippedFixtures(): ReadonlyMap<string, string> {
  return fixturesIn(FIXTURES);
}

/** Regular files alone: a link in the folder would lead out of it. Who asks does not mend a folder that is not there. */
function fixturesIn(folder: string): ReadonlyMap<string, string> {
  const files = entriesOf(folder).filter((entry) => entry.isFile() && /\.(ya?ml|json)$/.test(entry.name));
  return new Map(files.map(({ name }) => [name.slice(0, name.lastIndexOf('.')), join(folder, name)]));
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

/** A fixture that is called by a name, where its path is nothing to tell. */
export interface NamedFixture {
  readonly name: string;
  readonly file: string;
}

/**
 * What the fixture of this name is for whoever asks over the network: one that is shipped, or one in the folder that was
 * named for it. No path is taken: it could be a device, or anybody's file. Throws `FIXTURE_INVALID`.
 *
 * @example nameableFixture('crowded', '/srv/worlds') // { name: 'crowded', file: '/srv/worlds/crowded.yaml' }
 */
export function nameableFixture(name: string, folder: string | undefined): string | NamedFixture {
  const shipped = ['default', 'empty', ...shippedFixtures().keys()];
  if (shipped.includes(name)) return name;
  const own = folder === undefined ? new Map<string, string>() : fixturesIn(folder);
  const file = own.get(name);
  if (file !== undefined) return { name, file };
  const which = folder === undefined ? 'those that are shipped' : 'those that are shipped and those of --fixtures';
  const advice = folder === undefined ? '; start with --fixtures to name others' : '';
  const known = [...shipped, ...own.keys()].slice(0, MOST_TOLD).join(', ');
  throw new SimulatorError(
    'FIXTURE_INVALID',
    `Failed to find the fixture ${JSON.stringify(name.slice(0, 200))}: the control API knows ${which}. Use one of: ${known}${advice}.`,
  );
}

/** Names in a message. */
const MOST_TOLD = 50;

const FIXTURES = join(PACKAGE_FOLDER, 'fixtures');
