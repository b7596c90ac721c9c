import { defineFormat } from '../../format.ts';
import { isPlainObject } from '../../plain-object.ts';
import { redoclyLint } from '../../redocly-lint.ts';
import { loadOpenapi } from './load-openapi.ts';

/** OpenAPI 3.x and Swagger 2.0. */
export const format = defineFormat({
  name: 'openapi',
  recognises: (document) =>
    isPlainObject(document) &&
    (/^3(\.|$)/.test(String(document.openapi ?? '')) || /^2(\.0|$)/.test(String(document.swagger ?? ''))),
  load: async (source, files, report) => loadOpenapi(source, files, report),
  lint: redoclyLint,
});
