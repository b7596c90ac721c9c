import type { Check, Schema } from '../../../model/schema.ts';
import type { BodyContext } from './body-kind.ts';

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
