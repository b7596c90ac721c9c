import { test } from 'vitest';
import { live } from '../../support/stranger.ts';

test('a network: people found by their handles, posts of their authors, who follows whom', () =>
  live('social', async (ask, see) => {
    const ann = (await ask('POST', '/v2/users', { handle: 'ann' })).body.data;
    const bob = (await ask('POST', '/v2/users', { handle: 'bob' })).body.data;
    const byHandle = await ask('GET', '/v2/users/by/handle/ann');
    see('by handle', byHandle.body.data?.id === ann.id, byHandle);
    see('unknown handle', (await ask('GET', '/v2/users/by/handle/nobody')).status === 404, 0);
    const post = (await ask('POST', '/v2/posts', { text: 'hi', author_id: ann.id })).body.data;
    await ask('POST', '/v2/posts', { text: 'ho', author_id: bob.id });
    see('author kept', post.author_id === ann.id, post);
    const own = await ask('GET', `/v2/users/${ann.id}/posts`);
    see('posts of one', own.body.data?.length === 1 && own.body.data[0].id === post.id, own);
    const follow = await ask('POST', `/v2/users/${ann.id}/following`, { target_user_id: bob.id });
    see('follow', follow.body.data?.following === true, follow);
    const followed = await ask('GET', `/v2/users/${ann.id}/following`);
    see('followed', followed.body.data?.[0]?.id === bob.id, followed);
    const unfollow = await ask('DELETE', `/v2/users/${ann.id}/following/${bob.id}`);
    see('unfollow', unfollow.body.data?.following === false, unfollow);
    see('nobody', (await ask('GET', `/v2/users/${ann.id}/following`)).body.data.length === 0, 0);
    const gone = await ask('DELETE', `/v2/posts/${post.id}`);
    see('deleted', gone.body.data?.deleted === true, gone);
  }));

test('a warehouse: parents that are listed and not made, levels that know theirs, things named by a query', () =>
  live('warehouse', async (ask, see) => {
    const [{ code }] = (await ask('GET', '/warehouses')).body;
    const level = await ask('PUT', `/warehouses/${code}/stock/s1`, { quantity: 4 });
    see('level', level.status === 201 && level.body.warehouse === code, level);
    see('no such parent', (await ask('GET', '/warehouses/ZZZ/stock')).status === 404, 0);
    see('nor below it', (await ask('PUT', '/warehouses/ZZZ/stock/s1', { quantity: 1 })).status === 404, 0);
    const made = await ask('POST', '/devices', { model: 'm' });
    const location = new URL(made.headers.location ?? '');
    see('Location', location.search.startsWith('?serial='), location.href);
    const read = await ask('GET', location.pathname + location.search);
    see('read', read.body.model === 'm', read);
  }));

test('contacts: tags that are put and listed by name, many deleted below a batch', () =>
  live('contacts', async (ask, see) => {
    const { id } = (await ask('POST', '/contacts', { email: 'a@example.com' })).body.contact;
    for (const tag of ['vip', 'new']) await ask('PUT', `/contacts/${id}/tags/${tag}`);
    const tags = await ask('GET', `/contacts/${id}/tags`);
    see('tags', JSON.stringify(tags.body.tags) === '["vip","new"]', tags);
    await ask('DELETE', `/contacts/${id}/tags/vip`);
    see('one left', (await ask('GET', `/contacts/${id}/tags`)).body.tags.length === 1, 0);
    see('batch', (await ask('POST', '/contacts/batch/delete', { ids: [id] })).status === 204, 0);
    see('gone', (await ask('GET', `/contacts/${id}`)).status === 404, 0);
  }));

test('streams: items one after another, as lines and as events, and what a QUERY selects of them', () =>
  live('streams', async (ask, see) => {
    await ask('POST', '/readings', { sensor: 's', value: 1 });
    await ask('POST', '/readings', { sensor: 't', value: 2 });
    const lines = await ask('GET', '/readings');
    see('type', lines.headers['content-type'] === 'application/jsonl', lines);
    const sensors = String(lines.body)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).sensor);
    see('lines', sensors.join() === 's,t', lines);
    const queried = await ask('QUERY', '/readings', { sensor: 't' });
    see('query', queried.body.length === 1 && queried.body[0].value === 2, queried);
    const ticks = await ask('GET', '/ticks');
    see('sampled lines', JSON.stringify(ticks.body).includes('price'), ticks);
    const events = await ask('GET', '/events');
    see('events', /^(event: .*\n)?data: .*\n\n/.test(String(events.body)), events);
  }));
