import { didYouMean } from '../../../lib/nearest-word.ts';
import type { Operation, ResponseLink } from '../../../model/operation.ts';
import type { Place } from '../../place.ts';
import { objectOr, stringOr } from '../../plain-object.ts';
import type { Report } from '../../source-file.ts';
import { childOf } from '../../source-files.ts';
import type { LoadContext } from './dialect.ts';

/** Where a response leads on to, as it is written: an operation is named by its id, or by a reference to it. */
export function linksOf(response: Place, { files }: LoadContext): readonly ResponseLink[] {
  return files.members(childOf(response, 'links')).flatMap(([, written]) => {
    const { operationId, operationRef, parameters } = objectOr(files.follow(written)?.value);
    const operation = stringOr(operationId) ?? stringOr(operationRef);
    const texts = Object.entries(objectOr(parameters)).flatMap(([name, value]) =>
      // `path.id` says of a name that stands in two places which of them is meant.
      typeof value === 'string' ? [[name.replace(/^(path|query|header|cookie)\./, ''), value] as const] : [],
    );
    return operation === undefined ? [] : [{ operation, parameters: Object.fromEntries(texts) }];
  });
}

/**
 * Has links name their operations by ids; what leads to no operation of the document is reported, and left out.
 *
 * @example withLinks(operations, root, report)[0]?.responses['201']?.links;
 */
export function withLinks(operations: readonly Operation[], { source }: Place, report: Report): Operation[] {
  const ids = new Set(operations.map(({ id }) => id));
  const byReference = new Map(operations.map(({ pointer, id }) => [`#${pointer}`, id]));
  return operations.map((operation) => {
    const { responses, pointer } = operation;
    if (Object.values(responses).every(({ links }) => links === undefined)) return operation;
    const linked = Object.entries(responses).map(([status, { links = [], ...response }]) => {
      const found = links.flatMap((link): ResponseLink[] => {
        const id = byReference.get(decoded(link.operation)) ?? link.operation;
        if (ids.has(id)) return [{ ...link, operation: id }];
        report({
          source,
          pointer: `${pointer}/responses/${status}`,
          onKey: true,
          message: `A link leads to no operation of this document (\`${link.operation}\`): it is not followed.`,
          hint: didYouMean(link.operation, ids, 'Name an operation by its operationId.'),
          severity: 'warning',
        });
        return [];
      });
      return [status, found.length === 0 ? response : { ...response, links: found }] as const;
    });
    return { ...operation, responses: Object.fromEntries(linked) };
  });
}

/** The braces of a reference may be percent-encoded. */
function decoded(reference: string): string {
  try {
    return decodeURIComponent(reference);
  } catch {
    return reference;
  }
}
