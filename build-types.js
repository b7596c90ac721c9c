import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { parseSync } from 'rolldown/utils';

// Of the types that the compiler writes for every module, a package's user gets the declarations that lead somewhere from
// what can be imported, and not the whole modules that they stand in. Jest's helper is CommonJS, and an older TypeScript
// lets such a module import types of its own kind alone, where one of the other kind may import both: what they share is
// written once, as CommonJS.

const WRITTEN = resolve('dist-types');
const SHARED = 'dist/cjs';
const OWN = 'dist';
/** What a user reads of a module in place of what the compiler says. */
const REPLACED = {
  [toFile('options/option-table')]: optionTypes,
  // Types alone, as they were written; the compiler would break their lines, and indent them by twice as much.
  [toFile('kit/shipped-contracts')]: () => indented(readFileSync('src/kit/shipped-contracts.ts', 'utf8')),
};

const modules = new Map();
const entries = ['index', 'kit/shipped-contracts', 'runners/vitest', 'runners/playwright', 'runners/node-test'];
const shared = reachable(['runners/jest']);
const all = reachable(['runners/jest', ...entries]);
for (const [file, names] of all) write(homeOf(file), file, textOf(file, names));
// Who imports an entry by its name finds a module of the kind that its program is.
for (const entry of entries.map(toFile).filter((file) => shared.has(file))) {
  const place = join(OWN, relative(WRITTEN, entry));
  const target = join(SHARED, relative(WRITTEN, entry)).replace(/\.d\.ts$/, '.js');
  write(OWN, entry, `export * from '${pathFrom(place, target)}';\n`);
}
writeFileSync(join(SHARED, 'package.json'), '{ "type": "commonjs" }\n');

/** The files that these lead to, each with the names that are needed of it. */
function reachable(entries) {
  const needed = new Map();
  const left = [];
  const need = (file, name) => {
    const names = needed.get(file) ?? needed.set(file, new Set()).get(file);
    if (names.has(name)) return;
    names.add(name);
    left.push([file, name]);
  };
  for (const entry of entries) need(toFile(entry), '*');
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const [file, name] = next;
    const { statements, imported } = moduleOf(file);
    const isThere = name === '*' || statements.some(({ names, leads }) => names.includes(name) || leads.some((lead) => lead.name === '*'));
    if (!isThere) throw new Error(`Nothing in ${file} is called ${name}.`);
    for (const { names, isExport, isAlways, words, leads } of statements) {
      if (!isAlways && !(name === '*' ? isExport : names.includes(name))) continue;
      for (const lead of leads) if (lead.from === undefined || name === '*' || lead.from === name || lead.name === '*') need(lead.file, lead.name === '*' ? name : lead.name);
      for (const word of words) {
        const origin = imported.get(word);
        if (origin !== undefined) need(origin.file, origin.name);
        else if (statements.some((other) => other.names.includes(word))) need(file, word);
      }
    }
  }
  return needed;
}

/** What a file declares, statement by statement, and where what it names comes from. */
function moduleOf(file) {
  const known = modules.get(file);
  if (known !== undefined) return known;
  const text = REPLACED[file]?.() ?? readFileSync(file, 'utf8');
  const { program, errors } = parseSync(file, text);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0].message}`);
  const module = { text, imported: new Map(), statements: [] };
  for (const node of program.body) {
    const target = node.source?.value.startsWith('.') ? targetOf(file, node.source.value) : undefined;
    if (node.type === 'ImportDeclaration') {
      for (const { local, imported, type } of node.specifiers) {
        const name = type === 'ImportSpecifier' ? imported.name : '*';
        if (target !== undefined) module.imported.set(local.name, { file: target, name });
      }
      module.statements.push({ node, isImport: true, names: [], words: [], leads: [] });
      continue;
    }
    const declared = node.declaration ?? node;
    const names = declared.declarations?.map(({ id }) => id.name) ?? (declared.id?.name === undefined ? [] : [declared.id.name]);
    const leads = [];
    const words = new Set();
    if (node.type === 'ExportAllDeclaration' && target !== undefined) leads.push({ file: target, name: '*' });
    for (const { local, exported } of node.specifiers ?? []) {
      names.push(exported.name);
      if (target === undefined) words.add(local.name);
      else leads.push({ file: target, name: local.name, from: exported.name });
    }
    if (node.specifiers === undefined || node.specifiers.length === 0) {
      visit(declared, (each) => {
        if (each.type === 'Identifier') words.add(each.name);
        const path = each.type === 'TSImportType' ? (each.source ?? each.argument?.literal ?? each.argument)?.value : undefined;
        if (path?.startsWith('.')) leads.push({ file: targetOf(file, path), name: (each.qualifier?.left ?? each.qualifier)?.name ?? '*', from: undefined });
      });
    }
    module.statements.push({
      node,
      names,
      words,
      leads,
      isExport: node.type.startsWith('Export'),
      // What adds to somebody else's types, and what says that a file is a module.
      isAlways: declared.type === 'TSModuleDeclaration' || (node.type === 'ExportNamedDeclaration' && node.declaration === null && node.specifiers.length === 0),
    });
  }
  modules.set(file, module);
  return module;
}

/** A file with what is needed of it, and its imports as they are from where it will be. */
function textOf(file, needed) {
  const { text, statements } = moduleOf(file);
  const isNeeded = ({ names, isExport, isAlways }) => isAlways || (needed.has('*') && isExport) || names.some((name) => needed.has(name));
  const kept = statements.filter((statement) => !statement.isImport && isNeeded(statement));
  const words = new Set(kept.flatMap((statement) => [...statement.words]));
  let end = 0;
  const parts = statements.map((statement) => {
    const { node, isImport } = statement;
    const start = end;
    end = node.end;
    if (!isImport) return kept.includes(statement) ? text.slice(start, end).trimStart() : '';
    const used = node.specifiers.filter(({ local }) => words.has(local.name));
    if (used.length === 0) return node.specifiers.length === 0 ? text.slice(node.start, end) : '';
    if (used.some(({ type }) => type !== 'ImportSpecifier')) return text.slice(node.start, end);
    const list = used.map((specifier) => text.slice(specifier.start, specifier.end)).join(', ');
    return `import ${node.importKind === 'type' ? 'type ' : ''}{ ${list} } from ${text.slice(node.source.start, node.source.end)};`;
  });
  const place = join(homeOf(file), relative(WRITTEN, file));
  const lines = `${parts.filter((part) => part !== '').join('\n')}\n`;
  return lines.replace(/(['"])(\.[^'"\n]*)\.ts\1/g, (_, quote, path) => {
    const found = targetOf(file, `${path}.ts`);
    const target = join(homeOf(found), relative(WRITTEN, found)).replace(/\.d\.ts$/, '.js');
    return `${quote}${pathFrom(place, target)}${quote}`;
  });
}

/**
 * The values of the options, as an interface that tells of each what the program tells of it. The compiler would write the
 * table down from which the program derives everything about options.
 */
function optionTypes() {
  const { properties } = JSON.parse(readFileSync('bss-simulator.schema.json', 'utf8'));
  // Each stands there twice, also as it is written in a file.
  const options = Object.entries(properties).filter(([name]) => /^\w+$/.test(name));
  const members = options.map(([name, schema]) => {
    const { default: fallback, description } = schema;
    // Descriptions name those that go without saying, or that differ in process.
    const isPlain = fallback !== undefined && typeof fallback !== 'object' && !description.includes('default');
    const comment = isPlain ? `${description} Default: ${fallback}.` : description;
    return `    /** ${comment} */\n    ${name}: ${typeOf(schema)};`;
  });
  return `/** The values of all options. */
export interface OptionValues {\n${members.join('\n')}\n}\n`;
}

function typeOf(schema) {
  if (schema.enum !== undefined) return schema.enum.map((each) => `'${each}'`).join(' | ');
  if (schema.const !== undefined) return String(schema.const);
  if (schema.anyOf !== undefined) return schema.anyOf.map(typeOf).join(' | ');
  if (schema.type === 'integer') return 'number';
  if (schema.type === 'array') return `readonly ${/^\w+$/.test(typeOf(schema.items)) ? typeOf(schema.items) : `(${typeOf(schema.items)})`}[]`;
  if (schema.type !== 'object') return schema.type;
  if (schema.properties === undefined) return 'Readonly<Record<string, unknown>>';
  const members = Object.entries(schema.properties).map(([name, member]) => {
    const comment = member.description === undefined ? '' : `/** ${member.description} */ `;
    return `${comment}readonly ${name}${schema.required?.includes(name) ? '' : '?'}: ${typeOf(member)};`;
  });
  return `{ ${members.join(' ')} }`;
}

function indented(text) {
  return text.replaceAll(/^(?: {2})+/gm, (spaces) => '\t'.repeat(spaces.length / 2));
}

function visit(node, look) {
  if (node === null || typeof node !== 'object') return;
  if (typeof node.type === 'string') look(node);
  for (const each of Object.values(node)) visit(each, look);
}

function homeOf(file) {
  return shared.has(file) ? SHARED : OWN;
}

function toFile(entry) {
  return join(WRITTEN, `${entry}.d.ts`);
}

function targetOf(file, path) {
  return join(dirname(file), path.replace(/\.ts$/, '.d.ts'));
}

function pathFrom(place, target) {
  const path = relative(dirname(place), target).replaceAll('\\', '/');
  return path.startsWith('.') ? path : `./${path}`;
}

function write(home, file, text) {
  const place = join(home, relative(WRITTEN, file));
  mkdirSync(dirname(place), { recursive: true });
  // A third of what the compiler writes would be spaces.
  writeFileSync(place, text.replaceAll(/^(?: {4})+/gm, (spaces) => '\t'.repeat(spaces.length / 4)));
}
