import { test } from 'vitest';
import { live } from '../../support/stranger.ts';

test('a shop: pages from zero, flags, a cart that becomes an order, a noun that cancels it', () =>
  live('shop', async (ask, see) => {
    const a = await ask('POST', '/products', { title: 'Tea', price: 3.5, category: 'food' });
    see('create', a.status === 201 && typeof a.body.id === 'string', a);
    const _b = await ask('POST', '/products', { title: 'Mug', price: 9, category: 'ware' });
    const r = await ask('GET', `/products/${a.body.id}`);
    see('read', r.body.title === 'Tea' && r.body.published === false, r);
    const l = await ask('GET', '/products?pageNumber=0&pageSize=1&sortBy=price&sortOrder=DESC');
    see(
      'page',
      l.body.content?.length === 1 &&
        l.body.content[0].title === 'Mug' &&
        l.body.totalElements === 2 &&
        l.body.totalPages === 2 &&
        l.body.number === 0 &&
        l.body.size === 1 &&
        l.body.first === true &&
        l.body.last === false &&
        l.body.numberOfElements === 1,
      l,
    );
    const f = await ask('GET', '/products?minPrice=4');
    see('range', f.body.content?.length === 1, f);
    const c = await ask('GET', '/products?category=food&maxPrice=100');
    see('filter', c.body.content?.length === 1, c);
    const u = await ask('PUT', `/products/${a.body.id}`, { title: 'Green tea', price: 4 });
    see('put', u.status === 204, u);
    see('put kept', (await ask('GET', `/products/${a.body.id}`)).body.title === 'Green tea', 0);
    see('publish', (await ask('PUT', `/products/${a.body.id}/publish`)).status === 204, 0);
    see('published', (await ask('GET', `/products/${a.body.id}`)).body.published === true, 0);
    const cart = await ask('POST', '/carts');
    see(
      'cart',
      cart.status === 201 && cart.body.id && Array.isArray(cart.body.items) && cart.body.items.length === 0,
      cart,
    );
    const co = await ask('POST', `/carts/${cart.body.id}/checkout`);
    see('checkout', co.status === 201 && Number.isInteger(co.body.orderNumber), co);
    const or = await ask('GET', `/orders/${co.body.orderNumber}`);
    see('order read', or.status === 200 && or.body.status === 'placed', or);
    const ca = await ask('POST', `/orders/${co.body.orderNumber}/cancellation`);
    see('cancellation', ca.body.status === 'cancelled', ca);
  }));

test('a CRM: form bodies, cursors that are ids, deletions that tell, deals that are accepted for later', () =>
  live('crm', async (ask, see) => {
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const a = await ask('POST', '/contacts', 'email=a@x.example&name=A&metadata[k]=v', form);
    see(
      'create',
      a.status === 200 &&
        a.body.email === 'a@x.example' &&
        a.body.metadata?.k === 'v' &&
        a.body.object === 'contact' &&
        Number.isInteger(a.body.created),
      a,
    );
    const b = await ask('POST', '/contacts', 'email=b@x.example', form);
    const _c = await ask('POST', '/contacts', 'email=c@x.example', form);
    const l = await ask('GET', '/contacts?limit=2');
    see(
      'list',
      l.body.data?.length === 2 && l.body.has_more === true && l.body.object === 'list' && l.body.url === '/contacts',
      l,
    );
    const l2 = await ask('GET', `/contacts?limit=2&starting_after=${b.body.id}`);
    see('after', l2.body.data?.length === 1 && l2.body.has_more === false, l2);
    const l3 = await ask('GET', `/contacts?ending_before=${b.body.id}`);
    see('before', l3.body.data?.length === 1 && l3.body.data[0].id === a.body.id, l3);
    see('email', (await ask('GET', '/contacts?email=c@x.example')).body.data?.length === 1, 0);
    const u = await ask('POST', `/contacts/${a.body.id}`, 'name=AA', form);
    see('update', u.body.name === 'AA' && u.body.email === 'a@x.example', u);
    const n = await ask('POST', `/contacts/${a.body.id}/notes`, 'body=hi', form);
    see('note', n.body.body === 'hi', n);
    see('notes', (await ask('GET', `/contacts/${a.body.id}/notes`)).body.data?.length === 1, 0);
    see('note read', (await ask('GET', `/contacts/${a.body.id}/notes/${n.body.id}`)).body.body === 'hi', 0);
    const cc = await ask('GET', '/contacts/count');
    see('count', cc.body.count === 3, cc);
    const d = await ask('DELETE', `/contacts/${a.body.id}`);
    see('delete', d.body.deleted === true && d.body.id === a.body.id, d);
    see('gone', (await ask('GET', `/contacts/${a.body.id}`)).status === 404, 0);
    const de = await ask('POST', '/deals', { contact_id: b.body.id, amount: 5 });
    see('deal', de.status === 202 && de.body.deal_id && de.body.status === 'queued', de);
    const dr = await ask('GET', `/deals/${de.body.deal_id}`);
    see('deal read', dr.body.amount === 5 && dr.body.stage === 'new' && dr.body.contact_id === b.body.id, dr);
    const ds = await ask('POST', `/deals/${de.body.deal_id}/stage`, { stage: 'lost' });
    see('stage', ds.body.stage === 'lost', ds);
    const dw = await ask('POST', `/deals/${de.body.deal_id}/win`);
    see('win', dw.body.stage === 'won', dw);
  }));

test('tickets: verbs in paths for everything', () =>
  live('tickets', async (ask, see) => {
    const a = await ask('POST', '/tickets/create', { subject: 'S' });
    see('create', a.status === 200 && a.body.subject === 'S' && a.body.status === 'open', a);
    const b = await ask('POST', '/tickets/create', { subject: 'T' });
    see('read', (await ask('GET', `/tickets/${a.body.id}`)).body.subject === 'S', 0);
    const l = await ask('GET', '/tickets/list');
    see('list', l.body.tickets?.length === 2, l);
    const u = await ask('POST', `/tickets/${a.body.id}/update`, { subject: 'S2' });
    see('update', u.body.subject === 'S2', u);
    const s = await ask('POST', `/tickets/${a.body.id}/assign`, { assignee: 'me' });
    see('assign', s.body.assignee === 'me', s);
    const c = await ask('POST', `/tickets/${a.body.id}/close`);
    see('close', c.body.status === 'closed', c);
    see('filter', (await ask('GET', '/tickets/list?status=closed')).body.tickets?.length === 1, 0);
    const cm = await ask('POST', `/tickets/${a.body.id}/comments`, { text: 'x' });
    see('comment', cm.status === 201 && cm.body.text === 'x' && cm.body.author, cm);
    const cl = await ask('GET', `/tickets/${a.body.id}/comments`);
    see('comments', cl.body.length === 1 && cl.body[0].text === 'x', cl);
    see('comments other', (await ask('GET', `/tickets/${b.body.id}/comments`)).body.length === 0, 0);
    see('delete', (await ask('POST', `/tickets/${b.body.id}/delete`)).status === 200, 0);
    see('gone', (await ask('GET', `/tickets/${b.body.id}`)).status === 404, 0);
  }));

test('logistics: what is accepted for later, codes that are read as objects, paging in brackets, batches', () =>
  live('logistics', async (ask, see) => {
    const a = await ask('POST', '/v1/shipments', { carrier: 'dhl', to: { city: 'Oslo' }, reference: 'r1', weight: 2 });
    see('202', a.status === 202 && a.body.shipment_number && a.body.status === 'created', a);
    const n = a.body.shipment_number;
    const r = await ask('GET', `/v1/shipments/${n}`);
    see('read', r.body.data?.carrier?.code === 'dhl' && r.body.data.to.city === 'Oslo' && r.body.data.weight === 2, r);
    await ask('POST', '/v1/shipments', { carrier: 'ups', to: { city: 'Rome' }, reference: 'r2' });
    const l = await ask('GET', '/v1/shipments?page[number]=2&page[size]=1&sort=reference');
    see(
      'page',
      l.body.data?.length === 1 &&
        l.body.data[0].reference === 'r2' &&
        l.body.meta.pagination.total === 2 &&
        l.body.meta.pagination.count === 1 &&
        l.body.meta.pagination.per_page === 1 &&
        l.body.meta.pagination.current_page === 2 &&
        l.body.meta.pagination.total_pages === 2 &&
        l.body.meta.pagination.links.previous &&
        !l.body.meta.pagination.links.next,
      l,
    );
    see(
      'range none',
      (await ask('GET', '/v1/shipments?created_at[gte]=2999-01-01T00:00:00Z')).body.data?.length === 0,
      0,
    );
    see(
      'range all',
      (await ask('GET', '/v1/shipments?created_at[lt]=2999-01-01T00:00:00Z')).body.data?.length === 2,
      0,
    );
    const p = await ask('PATCH', `/v1/shipments/${n}`, { reference: 'z' });
    see('patch', p.body.data?.reference === 'z' && p.body.data.to.city === 'Oslo', p);
    const c = await ask('PUT', `/v1/shipments/${n}/cancel`);
    see('cancel', c.body.data?.status === 'cancelled', c);
    see('status', (await ask('GET', '/v1/shipments?status=cancelled')).body.data?.length === 1, 0);
    const k = await ask('POST', `/v1/shipments/${n}/packages`, { weight: 3 });
    see('package', k.status === 201 && Number.isInteger(k.body.package?.package_id), k);
    const kid = k.body.package?.package_id;
    see('package list', (await ask('GET', `/v1/shipments/${n}/packages`)).body.packages?.length === 1, 0);
    see(
      'package put',
      (await ask('PUT', `/v1/shipments/${n}/packages/${kid}`, { weight: 4 })).body.package?.weight === 4,
      0,
    );
    see('package del', (await ask('DELETE', `/v1/shipments/${n}/packages/${kid}`)).status === 204, 0);
    const q = await ask('POST', '/v1/shipments/query', { filter: { status: ['cancelled'] }, paging: { limit: 10 } });
    see('query', q.body.shipments?.length === 1 && q.body.total === 1, q);
    const g = await ask('POST', '/v1/shipments/batch-get', { shipment_numbers: [n] });
    see('batch get', g.body.shipments?.length === 1 && g.body.shipments[0].shipment_number === n, g);
    const cs = await ask('GET', '/v1/carriers');
    see('carriers', cs.body.carriers?.length > 0, cs);
    see(
      'carrier',
      (await ask('GET', `/v1/carriers/${cs.body.carriers?.[0]?.code}`)).body.name === cs.body.carriers?.[0]?.name,
      0,
    );
    const e = await ask('GET', '/v1/shipments/none');
    see('404', e.status === 404 && e.body.errors?.length > 0 && e.body.title, e);
  }));

test('a fleet: POST that updates, actions below actions, singletons of vehicles, bulk, search by POST', () =>
  live('fleet', async (ask, see) => {
    const a = await ask('POST', '/vehicles', { vin: 'VIN1', plate: 'AA-1' });
    see(
      'create',
      a.status === 200 &&
        a.body.result.vin === 'VIN1' &&
        a.body.success === true &&
        Array.isArray(a.body.errors) &&
        a.body.errors.length === 0,
      a,
    );
    await ask('POST', '/vehicles', { vin: 'VIN2', plate: 'BB-2' });
    see('read', (await ask('GET', '/vehicles/VIN1')).body.result?.plate === 'AA-1', 0);
    const l = await ask('GET', '/vehicles?limit=1&offset=1');
    see(
      'list',
      l.body.result.length === 1 &&
        l.body.result[0].vin === 'VIN2' &&
        l.body.result_info.total_count === 2 &&
        l.body.result_info.count === 1 &&
        l.body.result_info.offset === 1 &&
        l.body.success === true,
      l,
    );
    const u = await ask('POST', '/vehicles/VIN1', { plate: 'CC-3' });
    see('post update', u.status === 200 && u.body.result.plate === 'CC-3' && u.body.result.vin === 'VIN1', u);
    const lk = await ask('POST', '/vehicles/VIN1/actions/lock');
    see('nested act', lk.body.result?.state === 'locked' && lk.body.result.vin === 'VIN1', lk);
    see('act kept', (await ask('GET', '/vehicles/VIN1')).body.result?.state === 'locked', 0);
    const f = await ask('GET', '/vehicles?filter[state]=locked');
    see('filter', f.body.result.length === 1, f);
    const o = await ask('GET', '/vehicles?order_by=plate&fields=plate');
    see('order', o.body.result?.[0]?.plate === 'BB-2', o);
    const p = await ask('PUT', '/vehicles/VIN1/location', { lat: 1, lon: 2 });
    see('put sub', p.status === 200, p);
    see('sub read', (await ask('GET', '/vehicles/VIN1/location')).body.lat === 1, 0);
    see('sub 404', (await ask('GET', '/vehicles/NONE/location')).status === 404, 0);
    const s = await ask('POST', '/vehicles/search', { plate: 'BB-2' });
    see('search', s.body.result?.length === 1, s);
    const b = await ask('POST', '/vehicles/bulk', {
      vehicles: [
        { vin: 'VIN3', plate: 'x' },
        { vin: 'VIN4', plate: 'y' },
      ],
    });
    see('bulk', b.status === 201 && b.body.vehicles?.length === 2, b);
    see('bulk read', (await ask('GET', '/vehicles/VIN4')).body.result?.plate === 'y', 0);
    const d = await ask('DELETE', '/vehicles/VIN2');
    see('delete', d.status === 200 && d.body.success === true, d);
    see('gone', (await ask('GET', '/vehicles/VIN2')).status === 404, 0);
  }));

test('devices: PUT that creates, names in metadata, arrays of readings, a list of ids', () =>
  live('iot', async (ask, see) => {
    const a = await ask('PUT', '/sites/s1/devices/d-1', { spec: { model: 'x' } });
    see('put creates', a.status === 201 && a.body.metadata?.name === 'd-1' && a.body.spec.model === 'x', a);
    const b = await ask('PUT', '/sites/s1/devices/d-1', { spec: { model: 'y' } });
    see('put again', b.status === 200 && b.body.spec.model === 'y' && b.body.metadata?.name === 'd-1', b);
    const c = await ask('PUT', '/sites/s2/devices/d-1', { spec: { model: 'z' } });
    see('same id elsewhere', c.status === 201, c);
    const l = await ask('GET', '/sites/s1/devices');
    see('list', l.body.items?.length === 1 && l.body.items[0].spec.model === 'y', l);
    see('read', (await ask('GET', '/sites/s2/devices/d-1')).body.spec?.model === 'z', 0);
    const p = await ask('POST', '/sites/s1/devices/d-1/telemetry', [
      { at: '2030-01-01T00:00:00Z', value: 1 },
      { at: '2031-01-01T00:00:00Z', value: 2 },
    ]);
    see('post array', p.status === 202, p);
    const tl = await ask('GET', '/sites/s1/devices/d-1/telemetry');
    see('telemetry kept', tl.body.length === 2 && tl.body[0].value === 1, tl);
    const tf = await ask('GET', '/sites/s1/devices/d-1/telemetry?from=2030-06-01T00:00:00Z');
    see('range', tf.body.length === 1 && tf.body[0].value === 2, tf);
    see('del', (await ask('DELETE', '/sites/s1/devices/d-1')).status === 204, 0);
    see('gone', (await ask('GET', '/sites/s1/devices/d-1')).status === 404, 0);
    see('other stays', (await ask('GET', '/sites/s2/devices/d-1')).status === 200, 0);
    const f = await ask('PUT', '/firmware/1.2.3', { notes: 'n' });
    see('fw', f.status === 201, f);
    see('ids', JSON.stringify((await ask('GET', '/firmware')).body) === '["1.2.3"]', 0);
    see('fw read', (await ask('GET', '/firmware/1.2.3')).body.notes === 'n', 0);
  }));
