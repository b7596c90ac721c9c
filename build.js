import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import Ajv2020 from 'ajv/dist/2020.js';
import standaloneCode from 'ajv/dist/standalone/index.js';
import { faker } from '@faker-js/faker/locale/en_GB';
import { rolldown } from 'rolldown';
import { minifySync, parseSync } from 'rolldown/utils';

// Called from here and not from the command line, which has no way to be quiet: `npm start` builds first, and standard
// output is for the address.

/** What is found by its folder when it is needed. */
const found = ['contracts/formats', 'systems'].flatMap((home) =>
  readdirSync(`src/${home}`).map((folder) => `${home}/${folder}/index`),
);

/** Suites that look inside the program test its modules one by one, as the same steps make them; they are not shipped. */
const isForTests = process.argv.includes('--for-tests');

/** What is started, imported or found by its file name; the rest goes into chunks that these share. */
const entries = [
  'index',
  // What else a package's user imports.
  'kit/shipped-contracts',
  'runners/vitest',
  'runners/playwright',
  'runners/node-test',
  // By name, for the suites that run on the program as it is shipped.
  'simulator',
  'cli/main',
  'cli/build-cache',
  'cli/check-worker',
  'contracts/document-worker',
  'contracts/load-worker',
  ...found,
  // For the bench, which fills larger worlds and validates on its own.
  'contracts/load-contracts',
  'contracts/validation',
  'operator/cast',
  'systems/connectx/seed',
];

/** Names of functions and classes of ours stay, because traces of errors show them. */
const OURS = { toplevel: true, keepNames: { function: true, class: true } };
/** Of libraries, those of classes, which are names of errors. */
const THEIRS = { toplevel: true, keepNames: { function: false, class: true } };

/**
 * A minifier takes such calls for pure, and removes those whose answer nobody asks for, although they are there for what
 * they throw.
 */
const THROWS_ALONE = /^\s*(?:decodeURI|encodeURI)(?:Component)?\([^;]*\);$/m;

/** Libraries of libraries that nothing here comes to: what reads addresses or queries, judges patterns or prints routes. */
const NEVER_ASKED = /node_modules\/(?:fast-uri\/index|fast-querystring\/lib\/index|safe-regex2\/index|find-my-way\/lib\/pretty-print)\.js$/;

/** Where Redocly has what we use of it. */
const HOMES = { BaseResolver: 'resolve', createConfig: 'config/load', lint: 'lint', Source: 'resolve' };

/**
 * Modules of Redocly that have nothing to do here, and what others take of them: documents come read, the rules come by
 * their names and not by a file of settings, and no other formats come.
 */
const UNUSED = {
  'config/config': `export class Config {
      resolve = { http: { headers: [] } };
      constructor({ rules }, { plugins }) { Object.assign(this, { rules, plugins }); }
      extendTypes(types) { return types; }
      getRulesForSpecVersion(version) { return this.plugins.flatMap(({ rules }) => rules[version] ?? []); }
      getRuleSettings(rule) { return { severity: this.rules[rule] ?? 'off' }; }
      getPreprocessorSettings() { return { severity: 'off' }; }
      addProblemToIgnore(problem) { return problem; }
    }`,
  'config/load': `import { Config } from './config.js';
    import { defaultPlugin } from './builtIn.js';
    export const createConfig = async (config, { plugins }) => new Config(config, { plugins: [defaultPlugin, ...plugins] });`,
  'config/group-assertion-rules': 'export const groupAssertionRules = ({ rules = {} }) => rules;',
  'graphql/lint-graphql': 'export const lintGraphqlDocument = undefined;',
  'rules/graphql/index': 'export const rules = {};',
  'js-yaml/index': 'export const parseYaml = undefined, stringifyYaml = undefined;',
  'types/arazzo': 'export const Arazzo1Types = {};',
  'types/arazzo1_1': 'export const Arazzo1_1Types = {};',
  'types/openrpc': 'export const OpenRpcTypes = {};',
  'types/overlay': 'export const Overlay1Types = {};',
  'utils/read-file-from-url': 'export const readFileFromUrl = undefined;',
};

/**
 * Files are what a start waits for: 260 modules of ours and 300 of libraries took three quarters of it. So what a start
 * needs is put into few files, libraries included. Those that are loaded on demand stay where they are installed.
 */
const bundle = await rolldown({
  input: Object.fromEntries((isForTests ? allModules() : entries).map((entry) => [entry, `src/${entry}.ts`])),
  platform: 'node',
  // What is loaded on demand.
  external: isForTests
    ? /^[^./]/
    : /^(@modelcontextprotocol\/|@playwright\/|vitest|light-my-request|@asyncapi\/parser|@nats-io\/|@stoplight\/|amqplib|express|jose|js-yaml|json-schema-faker|json-p3|mqtt|pg$|prom-client|ws$)/,
  // Ajv loads a dialect on demand in one place, and always in another; and a slow machine is no reason to say something.
  checks: { ineffectiveDynamicImport: false, bundlerTimings: false },
  plugins: [
    { name: 'licences', generateBundle: tellLicences },
    { name: 'no-call-lost', transform: { filter: { id: /\/src\/.*\.ts$/ }, handler: refuseThrowsAlone } },
    { name: 'small-libraries', transform: { filter: { id: /node_modules\/.*\.[cm]?js$/ }, handler: smaller } },
    {
      name: 'compiled-options-check',
      load: { filter: { id: /src\/options\/validate-options\.ts$/ }, handler: compiledOptionsCheck },
    },
    { name: 'read-once', renderChunk: { order: 'post', handler: readOnce } },
    { name: 'never-asked', load: { filter: { id: NEVER_ASKED }, handler: () => 'module.exports = () => true;' } },
    { name: 'lint-alone', load: { filter: { id: /@redocly\/openapi-core\/lib\/index\.js$/ }, handler: lintAlone } },
    // Lists of names are all that the cast takes of a library of half a megabyte.
    {
      name: 'names-alone',
      load: { filter: { id: /@faker-js\/faker\/dist\/locale\/en_GB\.js$/ }, handler: namesAlone },
    },
  ],
  // It takes calls such as `decodeURIComponent(text)` for pure, and so removes checks that are there for what they throw.
  treeshake: false,
});
await bundle.write({
  dir: isForTests ? 'dist-modules' : 'dist',
  cleanDir: true,
  ...(isForTests
    ? { preserveModules: true, preserveModulesRoot: 'src' }
    : {
        chunkFileNames: 'chunks/[name].js',
        // What most parts share would otherwise be a small file each; JSONPath has a library that a start has no use for.
        codeSplitting: {
          groups: [
            { name: 'shared', test: /\/src\/(lib\/(?!json-path|text\/)|model\/|kit\/(?!types|shipped)|surfaces\/(log|http\/http-words)\.|load-peer\.|engine\/(state|policies|lifecycle|records|tmf630|time|action-input\.|keeping\/commit-log\.)\/?)|\/src\/errors\.ts$/ },
            // What answers requests, and by what the requests and answers of others are checked.
            { name: 'http', test: /\/src\/surfaces\/(http\/(?!proxy\/|pass-on|own-agent|check-answer)|wall-time|close-socket)/ },
            { name: 'text', test: /\/src\/lib\/text\// },
            // Small, and asked by the command line as well as by the simulator.
            { name: 'options', test: /\/src\/(options\/|config\.|simulator-handle\.|cli\/(option-text|style|format-error|serve)\.)/ },
            // What reads contracts, and what checks values by them: commands take the one or the other without the rest.
            { name: 'contracts', test: /\/src\/contracts\/(load-contracts|load-parts|contract-cache|find-files|shipped-contracts|plain-object|read-text)\.ts$/ },
            { name: 'checks', test: /node_modules\/(ajv\/dist\/(?!2019|vocabularies\/draft2019|jtd|refs\/(json-schema-2019|json-schema-draft-06|jtd))|ajv-formats|fast-deep-equal|json-schema-traverse)|\/src\/contracts\/(check-budget|checks-in-linear-time|named-alternatives|value-formats|ajv|violations|validation)\.ts$/ },
            { name: 'coverage', test: /\/src\/coverage\/(coverage|coverage-files|tally)\.ts$/ },
            { name: 'billing', test: /\/src\/systems\/connectx\// },
            { name: 'served', test: /\/src\/(served|kept-tenants|tenant-bounds|stores\/open-store|engine\/(behaviours\/|values\/lazy-generator)|contracts\/formats\/openapi\/(plain-sampler|prism))/ },
            // What every shipped system takes of the operator, a line or two each.
            { name: 'operator', test: /\/src\/operator\/(bill-days|local-time|policies|system|kept-world|synthetic-world)\.ts$/ },
          ],
        },
      }),
  // Maps are not shipped: no file names one.
  sourcemap: isForTests ? true : 'hidden',
  minify: {
    ...(isForTests ? { compress: false, mangle: false } : minifyBy(OURS)),
    codegen: { removeWhitespace: true },
  },
  // A bundler's notes to itself.
  comments: false,
  charset: 'ascii',
});
await bundle.close();

// Jest loads test files by `require` alone, in a way that cannot load an ES module: what they need is one file of that kind.
if (!isForTests) {
  const forJest = await rolldown({ input: 'src/runners/jest.ts', platform: 'node' });
  await forJest.write({ file: 'dist/cjs/runners/jest.js', format: 'cjs', comments: false, minify: { ...minifyBy(OURS), codegen: { removeWhitespace: true } } });
  await forJest.close();
}

function allModules() {
  const files = readdirSync('src', { recursive: true }).filter((file) => file.endsWith('.ts'));
  return files.map((file) => file.replaceAll('\\', '/').replace(/\.ts$/, ''));
}

/** A library without the names of its functions, which nobody reads. */
function smaller(code, id) {
  if (isForTests) return undefined;
  refuseThrowsAlone(code, id);
  const isModule = /^\s*(?:import|export)\b/m.test(code);
  const minified = minifySync(id, code, {
    module: isModule,
    ...minifyBy(THEIRS),
    codegen: { removeWhitespace: false },
    sourcemap: true,
  });
  return { code: minified.code, map: minified.map };
}

/**
 * The modules of a CommonJS library, each a function that is called once at the start. Those that are written as `function`
 * in parentheses V8 compiles as it reads them; arrow functions it reads twice (Node.js 20).
 */
function readOnce(code) {
  if (isForTests) return undefined;
  // Lines stay where they are, which is all that a map is asked for.
  return { code: code.replace(/(?<=__commonJSMin\(\()\(([\w$, ]*)\) => \{/g, 'function ($1) {'), map: null };
}

function minifyBy(mangle) {
  return { compress: { target: 'es2022', keepNames: mangle.keepNames }, mangle };
}

function refuseThrowsAlone(code, id) {
  const [call] = THROWS_ALONE.exec(code) ?? [];
  if (call !== undefined) throw new Error(`${id}: the build would remove "${call.trim()}". Use what it answers.`);
}

/** The check of the options as code: to compile it takes longer than everything else that a start does with options. */
async function compiledOptionsCheck() {
  const source = await rolldown({ input: 'src/options/options-schema.ts' });
  const { output } = await source.generate();
  await source.close();
  const { optionsSchema } = await import(`data:text/javascript,${encodeURIComponent(output[0].code)}`);
  // What is shown to people has nothing to check, and would stand in the code.
  const shown = ['description', 'placeholder', 'default', 'cliDefault', 'sharedDefault', 'variadic', 'writeOnly'];
  const schema = JSON.parse(JSON.stringify(optionsSchema(), function (key, value) {
    return shown.includes(key) && 'type' in this ? undefined : value;
  }));
  const ajv = new Ajv2020.default({
    allErrors: true,
    // Mistakes are put into words from the option table.
    messages: false,
    strict: false,
    code: { source: true, esm: true, formats: Ajv2020._`FORMATS` },
  });
  for (const [, name] of JSON.stringify(schema).matchAll(/"format":"([^"]+)"/g)) ajv.addFormat(name, { validate: () => true });
  const code = shorterErrors(standaloneCode.default(ajv, ajv.compile(schema)));
  return `import { FORMATS } from './formats.ts';
    ${code}
    function found(errors, instancePath, keyword, params = {}) {
      const all = errors ?? [];
      all.push({ instancePath, keyword, params });
      return all;
    }
    export const validateOptions = (options) => (validate(options) ? [] : validate.errors);`;
}

/** Half of what Ajv writes says again and again how an error is added, with what the message has no use for. */
function shorterErrors(code) {
  const error = /const (err\d+) = \{instancePath(?::(.+?))?,schemaPath:"[^"]*",keyword:"(\w+)",params:(\{[^{}]*\})\};if\(vErrors === null\)\{vErrors = \[\1\];\}else \{vErrors\.push\(\1\);\}/g;
  const used = ['additionalProperties', 'required'];
  const short = code.replace(error, (_, name, path = 'instancePath', keyword, params) =>
    `vErrors = found(vErrors, ${path}, "${keyword}"${used.includes(keyword) ? `, ${params}` : ''});`,
  );
  if (short.includes('schemaPath')) throw new Error('Ajv writes errors in another way now. Adapt shorterErrors.');
  return short;
}

/**
 * Of Redocly, what checks a document by the rules that we name; the rest is for its other commands and formats, and half
 * of it. Here alone things are removed: what the library's modules do when they are loaded has no effect.
 */
async function lintAlone(index) {
  const used = /await import\('@redocly\/openapi-core'\)/;
  const source = readFileSync('src/contracts/redocly-lint.ts', 'utf8');
  const names = new RegExp(`const { (.*) } = ${used.source}`).exec(source)[1].split(', ');
  const rules = new Set([...source.matchAll(/^ {2}'?([\w-]+)'?: '/gm)].map(([, rule]) => rule));
  const library = await rolldown({
    input: 'lint',
    external: (id) => /^[^./\0]/.test(id) && id !== 'lint',
    treeshake: { moduleSideEffects: false, propertyReadSideEffects: false },
    plugins: [
      {
        name: 'named-rules',
        resolveId: (id) => (id === 'lint' ? id : undefined),
        load(id) {
          if (id === 'lint') return names.map((name) => exportFrom(name, join(dirname(index), `${HOMES[name]}.js`))).join('\n');
          const [, module] = /openapi-core\/lib\/(.*)\.js$/.exec(id) ?? [];
          if (UNUSED[module] !== undefined) return UNUSED[module];
          if (/^decorators\/\w+\/index$/.test(module)) return 'export const decorators = {};';
          if (/^types\//.test(module)) return withoutWords(id);
          if (/lib\/config\/(all|minimal|recommended|recommended-strict|spec)\.js$/.test(id)) return 'export default {};';
          if (!/lib\/rules\/[\w-]+\/index\.js$/.test(id)) return undefined;
          const lines = readFileSync(id, 'utf8').split('\n');
          return lines.filter((line) => rules.has(/^ {4}'?([\w-]+)'?: \w+,$/.exec(line)?.[1] ?? 'struct')).join('\n');
        },
      },
    ],
  });
  const { output } = await library.generate({ codeSplitting: false });
  await library.close();
  return output[0].code;
}

/** What the members of documents are, without what it says of each for editors. */
function withoutWords(file) {
  const text = readFileSync(file, 'utf8');
  const words = [];
  const visit = (node, owner) => {
    if (node === null || typeof node !== 'object') return;
    const isText = node.value?.type === 'TemplateLiteral' || typeof node.value?.value === 'string';
    // There, a text is the name of a type.
    if (node.type === 'Property' && isText && owner !== 'properties' && ['description', 'documentationLink'].includes(node.key.name)) words.push(node);
    const name = node.type === 'Property' ? node.key.name : node.type === 'ObjectExpression' ? owner : undefined;
    for (const each of Object.values(node)) visit(each, node.type === undefined ? owner : name);
  };
  visit(parseSync(file, text).program);
  return words.reduceRight((left, { start, end }) => left.slice(0, start) + left.slice(end).replace(/^\s*,/, ''), text);
}

function exportFrom(name, file) {
  return `export { ${name} } from ${JSON.stringify(file)};`;
}

function namesAlone() {
  const { first_name, last_name } = faker.rawDefinitions.person;
  const text = JSON.stringify({ first_name, last_name });
  this.emitFile({ type: 'asset', fileName: 'names.json.br', source: brotliCompressSync(text) });
  // Read when the first name is made: a start that finds its world made asks for none.
  return `import { readFileSync } from 'node:fs';
    import { brotliDecompressSync } from 'node:zlib';
    let person;
    const names = () => JSON.parse(brotliDecompressSync(readFileSync(new URL('../names.json.br', import.meta.url))));
    export const faker = { rawDefinitions: { get person() { return (person ??= names()); } } };`;
}

/** Libraries that are put together with ours keep their licences; what many say alike is said once. */
function tellLicences(_, bundle) {
  const modules = Object.values(bundle).flatMap((chunk) => Object.keys(chunk.modules ?? {}));
  const folders = new Set(modules.flatMap((id) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id)?.[0] ?? []));
  const owners = new Map();
  for (const folder of [...folders].sort()) {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
    const text = file !== undefined ? readFileSync(join(folder, file), 'utf8').trim() : '';
    const own = text.split('\n').filter((line) => /^\s*copyright\b/i.test(line));
    const common = text
      .split(/\n\s*\n/)
      .map((part) => part.split('\n').filter((line) => !own.includes(line)).join(' ').replace(/\s+/g, ' ').trim())
      .filter((part) => part !== '')
      .join('\n\n');
    const line = [`${name} ${version}: ${license}`, ...own.map((each) => `  ${each.trim()}`)].join('\n');
    owners.set(common, [...(owners.get(common) ?? []), line]);
  }
  const texts = [...owners].map(([common, lines]) => `${lines.join('\n')}\n\n${common}\n`);
  this.emitFile({ type: 'asset', fileName: 'LICENSES.txt', source: texts.join('\n---\n\n') });
}
