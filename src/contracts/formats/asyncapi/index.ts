import { defineFormat } from '../../format.ts';
import { isPlainObject } from '../../plain-object.ts';
import { redoclyLint } from '../../redocly-lint.ts';
import { loadAsyncapi } from './load-asyncapi.ts';
import { parserFindings } from './parser-findings.ts';

/** AsyncAPI 2.x and 3.x. */
export const format = defineFormat({
  name: 'asyncapi',
  recognises: (document) => isPlainObject(document) && /^[23](\.|$)/.test(String(document.asyncapi ?? '')),
  load: async (source, files, report) => loadAsyncapi(source, files, report),
  lint: async (source, files) => [...(await redoclyLint(source, files)), ...(await parserFindings(source, files))],
});
