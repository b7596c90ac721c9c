import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { expect, test } from 'vitest';
import { commandLine } from '../support/command-line.ts';
import { startSimulator } from '../support/simulator.ts';

const { simulator, ask } = await startSimulator({ systems: ['connectx', 'aps-subscriptions'] });
const { run, cwd } = commandLine();

interface PostmanItem {
  readonly name: string;
  readonly item?: readonly PostmanItem[];
  readonly request?: {
    readonly method: string;
    readonly auth?: { readonly type: string };
    readonly url: {
      readonly raw: string;
      readonly variable: readonly { readonly key: string; readonly value: string }[];
    };
    readonly header: readonly { readonly key: string; readonly value: string }[];
    readonly body?: { readonly raw: string };
  };
}

test('what a tenant was asked is an HTTP Archive, by the command and by the control API', async () => {
  await ask('POST', '/@shown/v1/customers?x=1', { customerType: 'Individual', email: 'ada@example.com' });
  await ask('GET', '/@shown/v1/customers/CUS-000001');

  const { out } = await run('export', 'har', '--url', simulator.url, '--tenant', 'shown');
  const { body, headers } = await ask('GET', '/@shown/_simulator/requests?as=har&limit=1');

  const har = JSON.parse(out);
  expect(validHar(har)).toEqual([]);
  expect(har.log.entries.map(({ request }: { request: { url: string } }) => request.url)).toEqual([
    `${simulator.url}/@shown/v1/customers?x=1`,
    `${simulator.url}/@shown/v1/customers/CUS-000001`,
  ]);
  expect(headers.get('content-type')).toBe('application/har+json');
  expect(validHar(body)).toEqual([]);
  expect(body.log).toMatchObject({ _next: 'REQ-000001', entries: [har.log.entries[0]] });
  expect(out).not.toContain('Bearer anything');
});

test('an archive of a tenant that there is not is refused with the nearest, and does not make it', async () => {
  await ask('GET', '/@archived/v1/products');

  const { err, out, code } = await run('export', 'har', '--url', simulator.url, '--tenant', 'archive');

  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toContain('there is no tenant "archive". Did you mean `archived`?');
  const { body } = await ask('GET', '/_simulator/tenants');
  expect(body.items.map(({ name }: { name: string }) => name)).not.toContain('archive');
});

test('a collection for Postman has a request for every operation, which its contract takes as it stands', async () => {
  const { out, code } = await run('export', 'postman', '--systems', 'connectx,aps-subscriptions');
  const collection = JSON.parse(out) as { info: { schema: string }; item: PostmanItem[] };

  expect(code).toBe(0);
  expect(collection.info.schema).toContain('/v2.1.0/');
  const requests = collection.item.flatMap(({ item = [] }) => item);
  expect(requests.map(({ name }) => name)).toEqual(expect.arrayContaining(['createCustomer', 'provisionResource']));
  for (const { name, request } of requests) {
    if (request === undefined) throw new Error(`${name} has no request`);
    const { method, url, header, body, auth } = request;
    let address = url.raw.replace('{{baseUrl}}', simulator.url);
    for (const { key, value } of url.variable) address = address.replace(`:${key}`, encodeURIComponent(value));
    const answer = await fetch(address, {
      method,
      // As Postman does: what the collection says holds unless the request says otherwise, and variables are filled in.
      headers: {
        ...(auth === undefined && { authorization: 'Bearer any' }),
        ...Object.fromEntries(header.map(({ key, value }) => [key, value.replace('{{token}}', 'any')])),
      },
      ...(body !== undefined && { body: body.raw }),
    });
    // What an example means may still be refused: a product of this name need not be sold.
    const isTaken = answer.status < 300 || answer.status === 404 || answer.status === 409;
    expect(isTaken, `${name}: ${answer.status} ${await answer.text()}`).toBe(true);
  }
});

test('a collection for Bruno is a folder of requests, with an environment that names the simulator', async () => {
  const { code } = await run('export', 'bruno', '--url', simulator.url, '--out', 'bruno');

  expect(code).toBe(0);
  const folder = join(cwd, 'bruno');
  expect(existsSync(join(folder, 'bruno.json'))).toBe(true);
  expect(readFileSync(join(folder, 'environments/simulator.bru'), 'utf8')).toContain(`baseUrl: ${simulator.url}`);
  expect(readdirSync(join(folder, 'connectx-bss-api')).length).toBe(9);
  const request = readFileSync(join(folder, 'connectx-bss-api/createCustomer.bru'), 'utf8');
  expect(request).toMatch(/^post \{\n {2}url: \{\{baseUrl\}\}\/v1\/customers\n {2}body: json\n {2}auth: bearer\n\}$/m);
  // Braces of the body stand deeper than those of the block, or else they would end it.
  expect(request.slice(request.indexOf('body:json'))).toMatch(/^body:json \{\n( {2}.*\n)+\}\n$/);
});

test('a collection for Bruno without a folder is told where to go', async () => {
  const { code, err } = await run('export', 'bruno', '--url', simulator.url);

  expect(code).toBe(2);
  expect(err).toContain('Name one with --out.');
});

/** What the published schema of HAR 1.2 finds wrong. */
function validHar(har: unknown): unknown {
  const require = createRequire(import.meta.url);
  const schemas = require('har-schema') as Record<string, object>;
  // It writes `min` and `optional`, which are no keywords.
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addMetaSchema(JSON.parse(readFileSync(require.resolve('ajv/dist/refs/json-schema-draft-06.json'), 'utf8')));
  for (const schema of Object.values(schemas)) ajv.addSchema(schema);
  return ajv.validate('har.json#', har) ? [] : ajv.errors;
}
