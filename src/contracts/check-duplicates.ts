import type { Contract } from '../model/contract.ts';
import type { Operation } from '../model/operation.ts';
import type { Finding, SourceFile } from './source-file.ts';
import { stemOf } from './source-files.ts';

/** A contract and the file it was loaded from. */
export interface LoadedFile {
  readonly source: SourceFile;
  readonly contract: Contract;
}

/**
 * What two contracts lay claim to: of two of one name the later one is called otherwise, and of two operations at one
 * route the first answers. The later ones are reported.
 */
export function checkDuplicates(loaded: readonly LoadedFile[]): Finding[] {
  const routes = new Map<string, LoadedFile>();
  return loaded.flatMap((file) => [...renamed(file), ...takenRoutes(file, routes)]);
}

function renamed({ source, contract }: LoadedFile): Finding[] {
  if (contract.name === stemOf(source.path)) return [];
  return [
    {
      source,
      pointer: '',
      message: `There is another contract ${contract.system}/${stemOf(source.path)}: this one is called ${contract.system}/${contract.name}.`,
      hint: 'Rename one of the files.',
      severity: 'warning',
    },
  ];
}

function takenRoutes(file: LoadedFile, routes: Map<string, LoadedFile>): Finding[] {
  const { source, contract } = file;
  const taken: (readonly [Operation, LoadedFile])[] = [];
  for (const operation of contract.operations) {
    const key = `${operation.method} ${operation.path.replaceAll(/\{[^}]*\}/g, '{}')}`;
    const first = routes.get(key);
    if (first === undefined) routes.set(key, file);
    else taken.push([operation, first]);
  }
  const other = taken[0]?.[1];
  // The same document in another form, or another version of it.
  if (other !== undefined && taken.length > 1 && taken.length === contract.operations.length) {
    return [
      {
        source,
        pointer: '',
        message: `Other contracts answer all ${taken.length} operations of this one, ${other.contract.system}/${other.contract.name} first: none of it is reached.`,
        hint: 'Serve one of them alone with --specs.',
      },
    ];
  }
  return taken.map(([{ method, path, pointer }, first]) => ({
    source,
    pointer,
    onKey: true,
    message: `${method} ${path} is answered by ${first.contract.system}/${first.contract.name}: this operation is not reached.`,
    hint: 'Change the path of one, or serve the contracts apart with --specs.',
  }));
}
