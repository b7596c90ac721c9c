import yaml from 'js-yaml';

const METHOD = /^(get|post|put|patch|delete)$/;

/**
 * The operations that a program serves, as its own documents declare them, each with the schema of its body.
 *
 * @example await readOperations(url) // [{ method: 'POST', path: '/v1/customers', schema: {…}, resolve }, …]
 */
export async function readOperations(url) {
  const { items } = await (await fetch(`${url}/_simulator/contracts`)).json();
  const found = [];
  for (const { system, name, operations } of items) {
    if (operations === 0) continue;
    const answer = await fetch(`${url}/_simulator/contracts/${system}/${name}?raw`);
    found.push(...operationsOf(yaml.load(await answer.text()), url));
  }
  if (found.length < items.length)
    throw new Error(`Failed to read the operations of ${url}: found only ${found.length}.`);
  return found;
}

function operationsOf(document, url) {
  const base = document.basePath ?? new URL(document.servers?.[0]?.url ?? '/', url).pathname.replace(/\/$/, '');
  const resolve = (value) => {
    let found = value;
    for (let steps = 0; typeof found?.$ref === 'string' && steps < 20; steps += 1) {
      const parts = found.$ref.split('#')[1]?.split('/').slice(1) ?? [];
      found = parts.reduce(
        (each, part) => each?.[decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~')],
        document,
      );
    }
    return found;
  };
  return Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([method]) => METHOD.test(method))
      .map(([method, operation]) => ({
        method: method.toUpperCase(),
        path: (base + path).replace(/^\/\//, '/'),
        schema: schemaOf(operation, resolve),
        resolve,
      })),
  );
}

function schemaOf({ parameters = [], requestBody }, resolve) {
  const { schema } = Object.values(resolve(requestBody)?.content ?? {})[0] ?? {};
  return schema ?? parameters.map(resolve).find((each) => each?.in === 'body')?.schema;
}
