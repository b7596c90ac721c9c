import { afterAll, expect, test } from 'vitest';
import { loadContracts } from '../../src/contracts/load-contracts.ts';
import { createSimulator } from '../../src/simulator.ts';
import { writeFiles } from '../contracts/temp-files.ts';
import { type Ask, askAt } from '../support/simulator.ts';

/** A vendor's document that says too little: odd words for everything, and no word of states. */
const VENDOR = `openapi: 3.1.0
info: {title: Desk, version: '1'}
paths:
  /doTicket:
    post: {operationId: doTicket, requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/In'}}}}, responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Out'}}}}}}
  /showTicket/{which}:
    get: {operationId: showTicket, parameters: [{name: which, in: path, required: true, schema: {type: string}}], responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Out'}}}}}}
  /allTickets:
    get: {operationId: allTickets, responses: {'200': {description: ok, content: {application/json: {schema: {type: object, properties: {rows: {type: array, items: {$ref: '#/components/schemas/Ticket'}}}}}}}}}
  /closeTicket/{which}:
    post: {operationId: closeTicket, parameters: [{name: which, in: path, required: true, schema: {type: string}}], responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Out'}}}}}}
components:
  schemas:
    In: {type: object, properties: {body: {$ref: '#/components/schemas/Ticket'}}}
    Out: {type: object, properties: {reply: {$ref: '#/components/schemas/Ticket'}}}
    Ticket:
      type: object
      properties:
        code: {type: string}
        subject: {type: string}
        state: {type: string, enum: [open, waiting, closed]}
        owner: {type: string, readOnly: true}
        mail: {type: string, readOnly: true, x-faker: internet.email}
      required: [owner, mail]
`;

const EVENTS = `asyncapi: 2.6.0
info: {title: Desk events, version: '1'}
channels:
  desk/opened: {subscribe: {operationId: opened, message: {name: opened, payload: {type: object, properties: {code: {type: string}}}}}}
  desk/moved: {subscribe: {operationId: moved, message: {name: moved, payload: {type: object, properties: {code: {type: string}}}}}}
`;

const HINTS = `overlay: 1.0.0
info: {title: Hints, version: '1'}
actions:
  - target: $
    update:
      x-simulator:
        resources:
          Ticket:
            id: code
            envelope: {request: body, answer: reply, list: rows}
            lifecycle:
              property: state
              initial: open
              moves:
                - {from: open, to: waiting, after: PT1H, announces: desk/moved}
                - {from: waiting, to: closed}
            events: {created: desk/opened}
            seed: [{code: T-1, subject: First, owner: Ann}]
  - {target: $.paths['/doTicket'].post, update: {x-simulator: {resource: Ticket, role: create}}}
  - {target: "$.paths['/showTicket/{which}'].get", update: {x-simulator: {resource: Ticket, role: read}}}
  - {target: $.paths['/allTickets'].get, update: {x-simulator: {resource: Ticket, role: list}}}
  - {target: "$.paths['/closeTicket/{which}'].post", update: {x-simulator: {resource: Ticket, role: act, move: {property: state, to: closed}}}}
  - {target: $.components.schemas.Ticket.properties.owner, update: {x-simulator: {value: [Ann, Bob]}}}
`.replaceAll(/target: (\$\.paths\['[^']*'\]\.\w+)/g, 'target: "$1"');

async function serve(files: Readonly<Record<string, unknown>>): Promise<Ask> {
  const named = Object.entries(files).map(([name, content]) => [`desk/${name}`, content]);
  const specs = [writeFiles(Object.fromEntries(named))];
  const { problems } = await loadContracts(specs, { isQuick: true });
  expect(problems).toEqual([]);
  const simulator = createSimulator({ port: 0, specs });
  await simulator.start();
  afterAll(() => simulator.stop());
  return askAt(simulator.url);
}

test('hints in an overlay bring a document to life that says too little', async () => {
  const ask = await serve({ 'api.yaml': VENDOR, 'api.overlay.yaml': HINTS, 'events.yaml': EVENTS });

  const seeded = await ask('GET', '/showTicket/T-1');
  expect(seeded.body.reply).toMatchObject({ code: 'T-1', subject: 'First', state: 'open', owner: 'Ann' });

  const made = await ask('POST', '/doTicket', { body: { subject: 'Second' } });
  const { code, owner, mail } = made.body.reply;
  expect(made.body.reply).toMatchObject({ subject: 'Second', state: 'open' });
  expect(['Ann', 'Bob']).toContain(owner);
  expect(mail).toMatch(/@example\.com$/);
  expect((await ask('GET', '/allTickets')).body.rows.map((row: { code: string }) => row.code)).toEqual(['T-1', code]);

  expect((await ask('POST', `/closeTicket/${code}`)).status).toBe(409);
  await ask('POST', '/_simulator/clock/advance', { by: 'PT1H' });
  expect((await ask('GET', `/showTicket/${code}`)).body.reply.state).toBe('waiting');
  expect((await ask('POST', `/closeTicket/${code}`)).body.reply.state).toBe('closed');

  const events = (await ask('GET', '/_simulator/events')).body.items;
  expect(events.map(({ channel }: { channel: string }) => channel).slice(-3)).toEqual([
    'desk/opened',
    'desk/moved',
    'desk/moved',
  ]);
});

test('an operation can be kept out of what is inferred', async () => {
  const api = `openapi: 3.1.0
info: {title: T, version: '1'}
paths:
  /things: {get: {responses: {'200': {description: ok, content: {application/json: {schema: {type: array, items: {type: object, properties: {id: {type: string}}}}, example: [{id: shown}]}}}}, x-simulator: {resource: false}}}
`;
  const ask = await serve({ 'api.yaml': api });

  expect((await ask('GET', '/things')).body).toEqual([{ id: 'shown' }]);
});

test('a bare JSON Schema that is bound to a path lives there', async () => {
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    'x-simulator': { endpoint: '/parts' },
    type: 'object',
    required: ['name'],
    properties: { id: { type: 'integer' }, name: { type: 'string' }, size: { type: 'integer', maximum: 9 } },
  };
  const ask = await serve({ 'part.schema.json': schema });

  const made = await ask('POST', '/parts', { name: 'bolt', size: 3 });
  expect([made.status, made.body]).toEqual([201, { id: expect.any(Number), name: 'bolt', size: 3 }]);
  const path = `/parts/${made.body.id}`;
  expect((await ask('PATCH', path, { size: 4 })).body).toEqual({ ...made.body, size: 4 });
  expect((await ask('PUT', path, { name: 'nut' })).body).toEqual({ id: made.body.id, name: 'nut' });
  expect((await ask('GET', '/parts')).body).toEqual([{ id: made.body.id, name: 'nut' }]);
  expect((await ask('POST', '/parts', { name: 'bolt', size: 10 })).status).toBe(400);
  expect((await ask('DELETE', path)).status).toBe(204);
  expect((await ask('GET', path)).status).toBe(404);
});

test('what a hint gets wrong is found where it is written', async () => {
  const folder = writeFiles({
    'desk/api.yaml': VENDOR,
    'desk/api.overlay.yaml': HINTS.replace('id: code', 'id: cod')
      .replace('to: waiting, after: PT1H', 'to: wating, after: 1h')
      .replace('seed: [', 'seeds: [')
      .replace('role: read', 'role: show'),
  });
  const { problems } = await loadContracts([folder], { isQuick: true });

  expect(problems.map(({ line, message }) => `${line} ${message}`)).toEqual([
    expect.stringMatching(/^18 `seeds` is not expected here/),
    expect.stringMatching(/^20 `role` must be equal to one of the allowed values/),
  ]);
});

test('names in hints that the contract does not have are found', async () => {
  const folder = writeFiles({
    'desk/api.yaml': VENDOR,
    'desk/api.overlay.yaml': HINTS.replace('id: code', 'id: cod')
      .replace('to: waiting, after: PT1H', 'to: wating, after: 1h')
      .replace('          Ticket:', '          Tickt: {}\n          Ticket:'),
  });
  const { problems } = await loadContracts([folder], { isQuick: true });

  expect(problems.map(({ line, message, hint }) => `${line} ${message} ${hint}`)).toEqual([
    '8 `Tickt` is not a resource of this contract. Did you mean `Ticket`?',
    '10 Ticket has no property `cod`. Did you mean `code`?',
    '16 Ticket has no state `wating`, so that its life cycle is ignored. Did you mean `waiting`?',
    '16 `1h` is not a duration. Use one such as PT5M or P1D.',
  ]);
});
