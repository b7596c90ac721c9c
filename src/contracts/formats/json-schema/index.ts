import type { Contract } from '../../../model/contract.ts';
import type { Draft } from '../../ajv.ts';
import { createDefinitions, titleCase } from '../../definitions.ts';
import { defineFormat } from '../../format.ts';
import { metaschemaFindings } from '../../json-schema-validation.ts';
import { isPlainObject, objectOr, stringOr } from '../../plain-object.ts';
import type { Report, SourceFile } from '../../source-file.ts';
import { childOf, childrenOf, type SourceFiles } from '../../source-files.ts';

/** JSON Schema of any draft: a contract of schemas alone, for other contracts to refer to. */
export const format = defineFormat({
  name: 'json-schema',
  recognises: (document) =>
    isPlainObject(document) && typeof document.$schema === 'string' && /json-?schema/i.test(document.$schema),
  load: async (source, files, report) => loadJsonSchema(source, files, report),
  lint: async (source) => {
    const draft = draftOf(source.value);
    return draft === 'draft-03' ? [] : metaschemaFindings(source, draft);
  },
});

function loadJsonSchema(source: SourceFile, files: SourceFiles, report: Report): Contract {
  const document = objectOr(source.value);
  const root = { source, pointer: '', value: source.value };
  const definitions = createDefinitions(source, files, report);
  definitions.add([
    [titleCase(source.name) || 'Root', root],
    ...childrenOf(childOf(root, 'definitions')),
    ...childrenOf(childOf(root, '$defs')),
  ]);
  const title = stringOr(document.title) ?? source.name;
  return {
    system: source.system,
    name: source.name,
    title,
    // JSON Schema has no version of its own; authors write it into the title.
    version: /\bv?(\d+(?:\.\d+)+)\b/.exec(title)?.[1] ?? '',
    format: `json-schema-${draftOf(document)}`,
    file: source.relative,
    basePath: '',
    operations: [],
    channels: [],
    $defs: definitions.$defs,
    securitySchemes: {},
    resources: [],
  };
}

function draftOf(document: unknown): Draft | 'draft-03' {
  const uri = stringOr(objectOr(document).$schema) ?? '';
  const known = ['draft-03', 'draft-04', 'draft-06', 'draft-07', '2019-09', '2020-12'] as const;
  // `V-04` is a misprint seen in the wild; what cannot be told at all is taken for the oldest that is still common.
  return known.find((draft) => uri.includes(draft)) ?? 'draft-04';
}
