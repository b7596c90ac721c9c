/**
 * The folder of a tenant. Upper case is written differently, because some file systems do not tell it from lower case.
 *
 * @example toFolder('Team-A') // '+team-+a'
 */
export function toFolder(tenant: string): string {
  const name = tenant.replace(/[A-Z]/g, (letter) => `+${letter.toLowerCase()}`).replace(/\.$/, '+_');
  return DEVICE.test(name) ? `+=${name}` : name;
}

/** Windows has devices by these names in every folder, whatever follows a dot; and it drops a dot at the end of a name. */
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/;

/** The tenant of a folder. */
export function toTenant(folder: string): string {
  return folder
    .replace(/^\+=/, '')
    .replace(/\+_$/, '.')
    .replace(/\+(.)/g, (_, letter: string) => letter.toUpperCase());
}

/** The number of a log, by the name of its file; nothing where it is none. */
export function generationOf(file: string): number | undefined {
  const found = /^(\d+)\.log$/.exec(file)?.[1];
  return found === undefined ? undefined : Number(found);
}

/** The number of the newest log among the files of a folder; nothing where there is none. */
export function newestLog(files: readonly string[]): number | undefined {
  const found = files.map(generationOf).filter((each) => each !== undefined);
  return found.length === 0 ? undefined : Math.max(...found);
}
