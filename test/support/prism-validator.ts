import { bundle, createConfig } from '@redocly/openapi-core';
import { getHttpOperationsFromSpec } from '@stoplight/prism-http';
import { validateInput, validateOutput } from '@stoplight/prism-http/dist/validator/index.js';

type PrismOperation = Parameters<typeof validateOutput>[0]['resource'];
type Validated = ReturnType<typeof validateOutput>;
type Method = Parameters<typeof validateInput>[0]['element']['method'];
type Headers = Readonly<Record<string, string>>;

/** A second opinion on requests and responses, which shares no code with the simulator's own loader and validation. */
export interface PrismValidator {
  /** What is wrong with a response to a request of this method and path (no host, with or without base path). */
  validateResponse(method: string, path: string, status: number, body: unknown, headers?: Headers): string[];
  /** What is wrong with a request; the path may have a query. */
  validateRequest(method: string, path: string, body?: unknown, headers?: Headers): string[];
}

/**
 * Makes a validator of Prism's over a raw specification, whose references to other files are bundled first.
 *
 * @example
 * const prism = await createPrismValidator('specs/connectx/bss-api.openapi.yaml');
 * expect(prism.validateResponse('GET', '/v1/customers', 200, body)).toEqual([]);
 */
export async function createPrismValidator(specFile: string): Promise<PrismValidator> {
  const { bundle: document } = await bundle({ ref: specFile, config: await createConfig({}) });
  const operations = await getHttpOperationsFromSpec(document.parsed as object);

  return {
    validateResponse(method, path, status, body, headers = {}) {
      const resource = findOperation(operations, method, path);
      const answer = { 'content-type': 'application/json', ...headers };
      return told(validateOutput({ resource, element: { statusCode: status, body, headers: answer } }));
    },
    validateRequest(method, path, body, headers = {}) {
      const resource = findOperation(operations, method, path);
      const { pathname, searchParams } = new URL(path, 'http://simulator');
      const query = Object.fromEntries(
        [...new Set(searchParams.keys())].map((name) => {
          const values = searchParams.getAll(name);
          return [name, values.length === 1 ? (values[0] ?? '') : values];
        }),
      );
      const sent = { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers };
      // Prism takes path parameters from the end of the path that its template has.
      const template = resource.path.split('/').length - 1;
      const own = `/${pathname.split('/').slice(-template).join('/')}`;
      return told(
        validateInput({
          resource,
          element: { method: method.toLowerCase() as Method, url: { path: own, query }, headers: sent, body },
        }),
      );
    },
  };
}

/** The operation with the longest template that the path ends with; a fixed segment goes before a parameter. */
function findOperation(operations: readonly PrismOperation[], method: string, path: string): PrismOperation {
  const { pathname } = new URL(path, 'http://simulator');
  const [found] = operations
    .filter((operation) => operation.method === method.toLowerCase() && endsWith(pathname, operation.path))
    .sort((one, other) => weight(other.path) - weight(one.path));
  if (found === undefined) {
    throw new Error(`Failed to find ${method} ${path} in the specification. Check the path against the file.`);
  }
  return found;
}

function endsWith(pathname: string, template: string): boolean {
  const pattern = template
    .split(/\{[^}]+\}/)
    .map((text) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('[^/]+');
  return new RegExp(`${pattern}$`).test(pathname);
}

function weight(template: string): number {
  return template.split('/').reduce((sum, segment) => sum + (segment.startsWith('{') ? 10 : 11), 0);
}

function told(result: Validated | ReturnType<typeof validateInput>): string[] {
  return result._tag === 'Right' ? [] : result.left.map(({ path = [], message }) => `/${path.join('/')} ${message}`);
}
