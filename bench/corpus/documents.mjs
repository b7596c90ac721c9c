import { readFileSync } from 'node:fs';

/** The public repositories whose documents are tried, each with its commit and the documents taken from it. */
export function repositories() {
  return JSON.parse(readFileSync(new URL('documents.json', import.meta.url), 'utf8'));
}

/** What TM Forum's conformance kits need, in the same form: the kits, and the documents that they judge. */
export function kits() {
  return readKits().flatMap(({ repository, commit, collection, environment, document }) => [
    {
      repository,
      commit,
      documents: [
        { path: collection, format: 'Postman' },
        { path: environment, format: 'Postman' },
      ],
    },
    { ...document, documents: [{ path: document.path, format: 'Swagger 2.0' }] },
  ]);
}

/** The kits, each with the document that it judges. */
export function readKits() {
  return JSON.parse(readFileSync(new URL('kits.json', import.meta.url), 'utf8'));
}

/**
 * The documents of one repository, each with the path below `CORPUS_DIR` that `fill.mjs` puts it at. `allowRefs` have those
 * that refer to files beside their own folder, which the program reads only where it is told to.
 */
export function documentsOf({ repository, commit, suite, documents }) {
  return documents.map(({ path, format, invalid = false, allowRefs = false }) => ({
    name: `${repository}/${path}`,
    file: `${folderOf(repository)}/${path}`,
    repository,
    commit,
    format,
    suite: suite ?? (format.startsWith('AsyncAPI') ? 'events' : 'industry'),
    invalid,
    allowRefs,
  }));
}

/** The folder of a repository below `CORPUS_DIR`, for example `stripe-openapi`. */
export function folderOf(repository) {
  return repository.replace('/', '-');
}
