import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ContractText, serveContract } from '../support/contract-text.ts';
import type { Ask } from '../support/simulator.ts';

const json = (schema: string) => `{description: ok, content: {application/json: {schema: ${schema}}}}`;
const request = (schema: string) => `{content: {application/json: {schema: ${schema}}}}`;
const parameters = (...names: string[]) =>
  `[${names.map((name) => `{name: ${name}, in: path, required: true, schema: {type: string}}`).join(', ')}]`;
const ref = (name: string) => `{$ref: '#/components/schemas/${name}'}`;

interface Style {
  /** The word in the path, and the property of the whole. */
  readonly word: string;
  readonly list: string;
  /** Whether there is one whole alone, and no path that creates it. */
  readonly isSingle: boolean;
  /** What operations on a part answer. */
  readonly answers: 'Line' | 'Cart';
}

/** A cart that shows its lines, and paths below it that add, list, change and remove them. */
function carts({ word, list, isSingle, answers }: Style): ContractText {
  const cart = isSingle ? '/cart' : '/carts/{cart}';
  const above = isSingle ? [] : ['cart'];
  const collection = `
/carts:
  get: {responses: {'200': ${json(`{type: array, items: ${ref('Cart')}}`)}}}
  post: {requestBody: ${request(ref('Cart'))}, responses: {'201': ${json(ref('Cart'))}}}`;
  return {
    paths: `${isSingle ? '' : collection}
${cart}:
  parameters: ${parameters(...above)}
  get: {responses: {'200': ${json(ref('Cart'))}}}
  put: {requestBody: ${request(ref('Cart'))}, responses: {'200': ${json(ref('Cart'))}}}
${cart}/${word}:
  parameters: ${parameters(...above)}
  get: {responses: {'200': ${json(`{type: array, items: ${ref('Line')}}`)}}}
  post: {requestBody: ${request(ref('NewLine'))}, responses: {'201': ${json(ref(answers))}}}
${cart}/${word}/{line}:
  parameters: ${parameters(...above, 'line')}
  patch: {requestBody: ${request(ref('NewLine'))}, responses: {'200': ${json(ref(answers))}}}
  delete: {responses: {'200': ${json(ref(answers))}}}`,
    schemas: `
Cart: {type: object, properties: {id: {type: string, readOnly: true}, note: {type: string}, ${list}: {type: array, items: ${ref('Line')}}}}
Line: {type: object, required: [id], properties: {id: {type: string, readOnly: true}, product: {type: string}, quantity: {type: integer}}}
NewLine: {type: object, properties: {product: {type: string}, quantity: {type: integer}}}`,
  };
}

const STYLES: readonly Style[] = [
  { word: 'items', list: 'items', isSingle: false, answers: 'Line' },
  { word: 'lines', list: 'cartLines', isSingle: false, answers: 'Cart' },
  { word: 'cart-line', list: 'lines', isSingle: true, answers: 'Line' },
  { word: 'entries', list: 'entry', isSingle: true, answers: 'Cart' },
];

type Step =
  | { readonly does: 'add'; readonly quantity: number }
  | { readonly does: 'change' | 'remove'; readonly at: number; readonly quantity: number }
  | { readonly does: 'say'; readonly kept: readonly number[]; readonly fresh: readonly number[] };

const quantity = fc.integer({ min: 1, max: 99 });
const at = fc.nat(3);
const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    fc.record({ does: fc.constant('add' as const), quantity }),
    fc.record({ does: fc.constantFrom('change' as const, 'remove' as const), at, quantity }),
    fc.record({
      does: fc.constant('say' as const),
      kept: fc.uniqueArray(at, { maxLength: 3 }),
      fresh: fc.array(quantity, { maxLength: 2 }),
    }),
  ),
  { minLength: 1, maxLength: 6 },
);

test.each(STYLES)('whatever is done to $word or to $list of a cart, both show the same (%o)', async (style) => {
  const ask = await serveContract(carts(style));
  let world = 0;
  await fc.assert(
    fc.asyncProperty(steps, async (history) => {
      world += 1;
      await play(history, style, (method, path, body) => ask(method, `/@world-${world}${path}`, body));
    }),
    { numRuns: 12 },
  );
});

async function play(history: readonly Step[], { word, list, isSingle, answers }: Style, ask: Ask): Promise<void> {
  const cart = isSingle ? '/cart' : `/carts/${(await ask('POST', '/carts', { note: 'a' })).body.id}`;
  let expected: { id?: string; product?: string; quantity: number }[] = [];
  for (const step of history) {
    const line = 'at' in step ? expected[step.at] : undefined;
    if ((step.does === 'change' || step.does === 'remove') && line === undefined) continue;
    const path = `${cart}/${word}/${line?.id}`;
    let answer: Awaited<ReturnType<Ask>>;
    if (step.does === 'add') {
      answer = await ask('POST', `${cart}/${word}`, { product: 'lamp', quantity: step.quantity });
      expected = [...expected, { product: 'lamp', quantity: step.quantity }];
    } else if (step.does === 'change') {
      answer = await ask('PATCH', path, { quantity: step.quantity });
      expected = expected.map((each) => (each === line ? { ...each, quantity: step.quantity } : each));
    } else if (step.does === 'remove') {
      answer = await ask('DELETE', path);
      expected = expected.filter((each) => each !== line);
    } else if (step.does === 'say') {
      const kept = step.kept.flatMap((place) => expected[place] ?? []);
      expected = [...kept, ...step.fresh.map((fresh) => ({ product: 'chair', quantity: fresh }))];
      answer = await ask('PUT', cart, { note: 'b', [list]: expected });
    } else {
      continue;
    }
    expect(answer.status).toBeLessThan(300);
    const shown = (await ask('GET', cart)).body[list];
    expect(shown).toMatchObject(expected);
    expect(shown).toHaveLength(expected.length);
    const listed = (await ask('GET', `${cart}/${word}`)).body;
    expect(new Set(listed)).toEqual(new Set(shown));
    if (answers === 'Cart' || step.does === 'say') expect(answer.body[list]).toEqual(shown);
    expected = shown;
  }
}

test('lines that a cart is created with have ids of their own, and are gone with it', async () => {
  const ask = await serveContract(carts(STYLES[0] as Style));

  const { body } = await ask('POST', '/carts', { items: [{ product: 'lamp', quantity: 2 }] });
  expect(body.items).toEqual([{ id: expect.any(String), product: 'lamp', quantity: 2 }]);
  expect((await ask('GET', `/carts/${body.id}/items`)).body).toEqual(body.items);
  const other = await ask('POST', '/carts', { items: [{ product: 'lamp', quantity: 2 }] });
  expect(other.body.items[0].id).not.toBe(body.items[0].id);
  expect((await ask('PATCH', `/carts/${other.body.id}/items/${body.items[0].id}`, { quantity: 1 })).status).toBe(404);
});

test.each(['', '/shops/{shopId}'])('one line posted to the cart itself is added to its lines (%s)', async (above) => {
  const names = above === '' ? [] : ['shopId'];
  const shops = `
/shops: {post: {requestBody: ${request(ref('Shop'))}, responses: {'201': ${json(ref('Shop'))}}}}
/shops/{shopId}:
  parameters: ${parameters('shopId')}
  get: {responses: {'200': ${json(ref('Shop'))}}}`;
  const ask = await serveContract({
    paths: `${above === '' ? '' : shops}
${above}/carts:
  parameters: ${parameters(...names)}
  post: {requestBody: ${request(ref('Cart'))}, responses: {'201': ${json(ref('Cart'))}}}
${above}/carts/{cart}:
  parameters: ${parameters(...names, 'cart')}
  get: {responses: {'200': ${json(ref('Cart'))}}}
  patch: {requestBody: ${request(ref('Cart'))}, responses: {'200': ${json(ref('Cart'))}}}
  post: {requestBody: ${request(ref('Line'))}, responses: {'200': ${json(ref('Cart'))}}}
${above}/carts/{cart}/lines/{lineId}:
  parameters: ${parameters(...names, 'cart', 'lineId')}
  patch: {requestBody: ${request(ref('Line'))}, responses: {'200': ${json(ref('Cart'))}}}
  delete: {responses: {'200': ${json(ref('Cart'))}}}`,
    schemas: `
Shop: {type: object, properties: {id: {type: string, readOnly: true}, name: {type: string}}}
Cart: {type: object, additionalProperties: false, required: [lines], properties: {id: {type: string, readOnly: true}, lines: {type: array, items: ${ref('Line')}}}}
Line: {type: object, additionalProperties: false, required: [product], properties: {lineId: {type: string, readOnly: true}, product: {type: string}}}`,
  });

  const shop = above === '' ? undefined : (await ask('POST', '/shops', { name: 'a' })).body.id;
  const carts = `${above.replace('{shopId}', String(shop))}/carts`;
  const { body: cart } = await ask('POST', carts, { lines: [{ product: 'lamp' }] });
  expect((await ask('POST', `${carts}/none`, { product: 'chair' })).status).toBe(404);
  const { status, body } = await ask('POST', `${carts}/${cart.id}`, { product: 'chair' });
  expect([status, body.lines]).toEqual([200, [cart.lines[0], { lineId: expect.any(String), product: 'chair' }]]);
  const { lineId } = body.lines[1];
  const changed = await ask('PATCH', `${carts}/${cart.id}/lines/${lineId}`, { product: 'table' });
  expect(changed.body.lines).toEqual([cart.lines[0], { lineId, product: 'table' }]);
  await ask('DELETE', `${carts}/${cart.id}/lines/${cart.lines[0].lineId}`);
  expect((await ask('GET', `${carts}/${cart.id}`)).body.lines).toEqual([{ lineId, product: 'table' }]);
});

test('what nobody can create is there from the start, and shows the same in both places', async () => {
  const track = '{type: object, required: [id, title], properties: {id: {type: string}, title: {type: string}}}';
  const ask = await serveContract({
    paths: `
/albums: {get: {responses: {'200': ${json(`{type: array, items: ${ref('Album')}}`)}}}}
/albums/{id}: {get: {parameters: ${parameters('id')}, responses: {'200': ${json(ref('Album'))}}}}
/albums/{id}/tracks:
  parameters: ${parameters('id')}
  get: {responses: {'200': ${json(`{type: array, items: ${ref('Track')}}`)}}}
  post: {requestBody: ${request(ref('Track'))}, responses: {'201': ${json(ref('Track'))}}}
/albums/{id}/tracks/{track}:
  parameters: ${parameters('id', 'track')}
  get: {responses: {'200': ${json(ref('Track'))}}}
  delete: {responses: {'204': {description: gone}}}`,
    schemas: `
Track: ${track}
Album: {type: object, required: [id, tracks], properties: {id: {type: string}, tracks: {type: array, minItems: 2, items: ${ref('Track')}}}}`,
  });

  const [first, second] = (await ask('GET', '/albums')).body;
  const [track0] = first.tracks;
  expect((await ask('GET', `/albums/${first.id}/tracks`)).body).toEqual(first.tracks);
  expect((await ask('GET', `/albums/${first.id}/tracks/${track0.id}`)).body).toEqual(track0);
  await ask('POST', `/albums/${first.id}/tracks`, { id: 'bonus', title: 'Bonus' });
  await ask('DELETE', `/albums/${first.id}/tracks/${track0.id}`);
  const after = (await ask('GET', `/albums/${first.id}`)).body;
  expect(after.tracks).toEqual([...first.tracks.slice(1), { id: 'bonus', title: 'Bonus' }]);
  expect((await ask('GET', `/albums/${first.id}/tracks`)).body).toEqual(after.tracks);
  expect((await ask('GET', `/albums/${second.id}/tracks`)).body).toEqual(second.tracks);
});

test('what is made elsewhere is in no array, and an array that may not be empty begins with something', async () => {
  const post = (path: string, what: string) =>
    `${path}: {post: {requestBody: ${request(ref(`${what}In`))}, responses: {'201': ${json(ref(what))}}}}`;
  const get = (path: string, schema: string, ...names: string[]) =>
    `${path}: {parameters: ${parameters(...names)}, get: {responses: {'200': ${json(schema)}}}}`;
  const ask = await serveContract({
    paths: [
      ...[post('/accounts', 'Account'), get('/accounts/{id}', ref('Account'), 'id')],
      get('/accounts/{id}/cards', `{type: array, items: ${ref('Card')}}`, 'id'),
      ...[post('/cards', 'Card'), get('/cards/{id}', ref('Card'), 'id')],
      ...[post('/posts', 'Post'), get('/posts/{id}', ref('Post'), 'id')],
      `/posts/{id}/updates:
  parameters: ${parameters('id')}
  get: {responses: {'200': ${json(`{type: array, items: ${ref('Update')}}`)}}}
  post: {requestBody: ${request(ref('Update'))}, responses: {'201': ${json(ref('Update'))}}}`,
    ].join('\n'),
    schemas: `
Account: {type: object, required: [id], properties: {id: {type: string}, name: {type: string}, cards: {type: array, items: ${ref('Card')}}}}
AccountIn: {type: object, properties: {name: {type: string}}}
Card: {type: object, required: [id], properties: {id: {type: string}, accountId: {type: string}, brand: {type: string}}}
CardIn: {type: object, properties: {accountId: {type: string}, brand: {type: string}}}
Post: {type: object, required: [id, updates], properties: {id: {type: string}, title: {type: string}, updates: {type: array, minItems: 1, items: ${ref('Update')}}}}
PostIn: {type: object, properties: {title: {type: string}}}
Update: {type: object, required: [id, text], properties: {id: {type: string}, text: {type: string}}}`,
  });

  const account = (await ask('POST', '/accounts', { name: 'a' })).body;
  const card = (await ask('POST', '/cards', { accountId: account.id, brand: 'b' })).body;
  expect((await ask('GET', `/cards/${card.id}`)).body).toEqual(card);
  const { body } = await ask('POST', '/posts', { title: 'a' });
  expect(body.updates.length).toBeGreaterThan(0);
  expect((await ask('GET', `/posts/${body.id}/updates`)).body).toEqual(body.updates);
});

test('a hint names the array where its name does not, and switches it off', async () => {
  const style: Style = { word: 'contents', list: 'goods', isSingle: false, answers: 'Line' };
  const hinted = (list: string) => {
    const { paths, schemas = '' } = carts(style);
    const hint = `x-simulator: {parent: {resource: Cart, parameter: cart, list: ${list}}}`;
    return { paths, schemas: schemas.replace('Line: {type: object,', `Line: {${hint}, type: object,`) };
  };
  const shownBy = async (contract: ContractText) => {
    const ask = await serveContract(contract);
    const cart = `/carts/${(await ask('POST', '/carts', {})).body.id}`;
    await ask('POST', `${cart}/${style.word}`, { product: 'lamp', quantity: 1 });
    return (await ask('GET', cart)).body.goods ?? [];
  };

  expect(await shownBy(carts(style))).toEqual([]);
  expect(await shownBy(hinted('goods'))).toMatchObject([{ product: 'lamp' }]);
  expect(await shownBy(hinted('false'))).toEqual([]);
});
