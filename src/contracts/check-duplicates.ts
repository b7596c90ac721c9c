import { pointerTo } from '../lib/json-pointer.ts';
import type { Contract } from '../model/contract.ts';
import type { Finding, SourceFile } from './source-file.ts';

/** A contract and the file it was loaded from. */
export interface LoadedFile {
  readonly source: SourceFile;
  readonly contract: Contract;
}

/** Names that two contracts, or two places of one, both lay claim to. The later one is told of. */
export function checkDuplicates(loaded: readonly LoadedFile[]): Finding[] {
  const claims = new Map<string, string>();
  const claim = (key: string, finding: Finding): Finding[] => {
    const first = claims.get(key);
    if (first !== undefined) return [{ ...finding, hint: `${finding.hint} The first is at ${first}.` }];
    const { line, column } = finding.source.locate(finding.pointer, finding.onKey);
    claims.set(key, `${finding.source.file}:${line}:${column}`);
    return [];
  };
  return loaded.flatMap(({ source, contract }) => [
    ...claim(`contract ${contract.system}/${contract.name}`, {
      source,
      pointer: '',
      message: `There is more than one contract ${contract.system}/${contract.name}.`,
      hint: 'Rename one of the files.',
    }),
    ...[...contract.operations, ...contract.channels].flatMap((operation) => {
      const id = 'id' in operation ? operation.id : operation.operationId;
      return claim(`id ${contract.system} ${id}`, {
        source,
        pointer: pointerTo(operation.pointer, 'operationId'),
        message: `The operationId \`${id}\` is not unique in ${contract.system}.`,
        hint: 'Give each operation a name of its own.',
      });
    }),
    ...contract.operations.flatMap(({ method, path, pointer }) =>
      claim(`route ${method} ${path.replaceAll(/\{[^}]*\}/g, '{}')}`, {
        source,
        pointer,
        onKey: true,
        message: `${method} ${path} is served twice.`,
        hint: 'Change the path of one, or serve the contracts apart with --systems.',
      }),
    ),
  ]);
}
