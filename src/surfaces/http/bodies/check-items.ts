import type { Check, Schema } from '../../../model/schema.ts';
import type { BodyContext, BodyKind, ReportProblem } from './body-kind.ts';
import { decodeUtf8 } from './body-text.ts';

/** Checks a list of items: each by the schema of one, or all by that of the list, where that is what is declared. */
export function checkItems(
  schema: Schema | undefined,
  itemSchema: Schema | undefined,
  { validation, typingOf }: Pick<BodyContext, 'validation' | 'typingOf'>,
): Check {
  if (itemSchema === undefined && typingOf(schema).isArray) return validation.checkRequest(schema ?? true);
  const checkItem = validation.checkRequest(itemSchema ?? schema ?? true);
  return (value) =>
    (value as readonly unknown[]).flatMap((item, index) =>
      checkItem(item).map(({ path, message }) => ({ path: `/${index}${path}`, message })),
    );
}

/** A text that holds one item after another, in whatever way `read` knows. */
export function textOfItems(
  schema: Schema | undefined,
  itemSchema: Schema | undefined,
  context: BodyContext,
  read: (text: string, report: ReportProblem) => unknown,
): BodyKind {
  return {
    parse(bytes, report) {
      const text = decodeUtf8(bytes as Buffer, report);
      return typeof text === 'string' ? read(text, report) : text;
    },
    check: checkItems(schema, itemSchema, context),
  };
}
