import type { SchemaObject } from '../../model/schema.ts';

/**
 * What a member of an envelope says where all is well: a flag of success, no errors, the one value that it can have;
 * `undefined` for what may as well be left out, or has to be made.
 *
 * @example wordFor('success', { type: 'boolean' }, false); // true
 */
export function wordFor(name: string, schema: SchemaObject | undefined, isRequired: boolean): unknown {
  if (schema === undefined) return undefined;
  const types = [schema.type].flat().filter((type) => type !== undefined);
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined && schema.enum.filter((value) => value !== null).length === 1)
    return schema.enum.find((value) => value !== null);
  const only = types.includes('array') ? onlyValueOf(schema.items) : undefined;
  if (only !== undefined) return [only];
  if (
    types.includes('boolean') &&
    /^(is_?)?(ok|success(ful)?|succeeded|deleted|removed|accepted|acknowledged|updated|result)$/i.test(name)
  )
    return true;
  if (types.includes('boolean') && /^(is_?|has_?)?(errors?|failed|failure)$/i.test(name)) return false;
  if (types.includes('array') && /^(errors?|warnings?|messages?|notifications?|notices?|included)$/i.test(name))
    return [];
  if (/^(status|result|state|message|code)$/i.test(name)) {
    const good = schema.enum?.find((value) => /^(success|succeeded|ok|okay|deleted|completed?)$/i.test(String(value)));
    if (good !== undefined) return good;
  }
  if (!isRequired) return undefined;
  if (/^(http_?)?status(_?code)?$|^code$/i.test(name) && (types.includes('integer') || types.includes('number')))
    return 200;
  if (/^(status|result)$/i.test(name) && types.includes('string') && schema.enum === undefined) return 'success';
  if (/^(message|msg)$/i.test(name) && types.includes('string') && schema.enum === undefined) return 'OK';
  return types.includes('null') && /^(errors?|fault|exception)$/i.test(name) ? null : undefined;
}

/** The one value that the items of a list can have. */
function onlyValueOf(items: SchemaObject['items']): unknown {
  if (typeof items !== 'object' || Array.isArray(items)) return undefined;
  if (items.const !== undefined) return items.const;
  return items.enum?.length === 1 ? items.enum[0] : undefined;
}
