import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { defineFormat } from '../../format.ts';
import { createSchemaCheck } from '../../json-schema-validation.ts';
import { isPlainObject } from '../../plain-object.ts';
import { APS_TYPE_SCHEMA } from './aps-type-schema.ts';
import { loadAps } from './load-aps.ts';
import { schemaFindings } from './schema-findings.ts';

const checkType = createSchemaCheck(APS_TYPE_SCHEMA);

/** APS 2 types (CloudBlue, Odin), one type a file. */
export const format = defineFormat({
  name: 'aps',
  recognises: (document) => isPlainObject(document) && document.apsVersion !== undefined,
  load: async (source, files, report) => {
    for (const finding of [...(await checkType(source)), ...schemaFindings(source, files)]) report(finding);
    return loadAps(source, files);
  },
  // Types name each other without saying in which file they are.
  companions: async ({ path }) =>
    (await readdir(dirname(path)))
      .filter((name) => name.endsWith('.aps.json'))
      .map((name) => join(dirname(path), name)),
});
