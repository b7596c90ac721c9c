import { test } from 'vitest';
import { live } from '../../support/stranger.ts';

test('a chat: edges and cursors, alternatives in requests, reactions that are put, one profile', () =>
  live('chat', async (ask, see) => {
    const r1 = await ask('POST', '/rooms', { topic: 'one' });
    see('room', r1.status === 201 && /^[0-9a-f-]{36}$/.test(r1.body.roomKey), r1);
    const r2 = await ask('POST', '/rooms', { topic: 'two' });
    const l = await ask('GET', '/rooms?first=1');
    see(
      'edges',
      l.body.edges?.length === 1 &&
        l.body.edges[0].node?.topic === 'one' &&
        l.body.pageInfo.hasNextPage === true &&
        l.body.totalCount === 2,
      l,
    );
    const l2 = await ask('GET', `/rooms?first=1&after=${encodeURIComponent(l.body.pageInfo?.endCursor)}`);
    see('edges 2', l2.body.edges?.[0]?.node?.topic === 'two' && l2.body.pageInfo.hasNextPage === false, l2);
    const l3 = await ask('GET', `/rooms?first=1&after=${encodeURIComponent(l.body.edges?.[0]?.cursor)}`);
    see('edge cursor', l3.body.edges?.[0]?.node?.topic === 'two', l3);
    const k = r1.body.roomKey;
    const p = await ask('PATCH', `/rooms/${k}`, JSON.stringify({ topic: 'uno', pinned: 'x' }), {
      'content-type': 'application/merge-patch+json',
    });
    see('patch', p.status === 200 && p.body.topic === 'uno' && p.body.createdAt === r1.body.createdAt, p);
    const m = await ask('POST', `/rooms/${k}/messages`, { type: 'text', text: 'hi' });
    see('message', m.status === 201 && m.body.text === 'hi' && m.body.messageId && m.body.sentAt, m);
    const m2 = await ask('POST', `/rooms/${k}/messages`, { type: 'image', url: 'http://a.example/b' });
    see('image', m2.status === 201 && m2.body.url, m2);
    const ml = await ask('GET', `/rooms/${k}/messages?page_size=1`);
    see('list', ml.body.messages?.length === 1 && ml.body.next_page_token, ml);
    const ml2 = await ask('GET', `/rooms/${k}/messages?page_size=1&page_token=${ml.body.next_page_token}`);
    see('list 2', ml2.body.messages?.[0]?.type === 'image' && !ml2.body.next_page_token, ml2);
    see('other room', (await ask('GET', `/rooms/${r2.body.roomKey}/messages`)).body.messages?.length === 0, 0);
    const id = m.body.messageId;
    see('read', (await ask('GET', `/rooms/${k}/messages/${id}`)).body.text === 'hi', 0);
    see('wrong room', (await ask('GET', `/rooms/${r2.body.roomKey}/messages/${id}`)).status === 404, 0);
    const re = await ask('PUT', `/rooms/${k}/messages/${id}/reactions/smile`);
    see('react', re.status === 204, re);
    const rl = await ask('GET', `/rooms/${k}/messages/${id}/reactions`);
    see('reactions', rl.body.length === 1 && rl.body[0].emoji === 'smile', rl);
    await ask('DELETE', `/rooms/${k}/messages/${id}/reactions/smile`);
    see('unreact', (await ask('GET', `/rooms/${k}/messages/${id}/reactions`)).body.length === 0, 0);
    const me = await ask('PATCH', '/me', { handle: 'neo' });
    see('me', me.status === 200 && me.body.handle === 'neo', me);
    see('me read', (await ask('GET', '/me')).body.handle === 'neo', 0);
  }));

test('a catalogue: lists below users, things that are put and asked for, what is implied by its id', () =>
  live('media', async (ask, see) => {
    const a = await ask('POST', '/users/u1/playlists', { name: 'P', public: true });
    see('create', a.status === 201 && a.body.name === 'P', a);
    see('read', (await ask('GET', `/playlists/${a.body.id}`)).body.name === 'P', 0);
    const l = await ask('GET', '/playlists?limit=5');
    see(
      'list',
      l.body.total === 1 &&
        l.body.items?.[0]?.id === a.body.id &&
        l.body.limit === 5 &&
        l.body.next === null &&
        l.body.previous === null &&
        /playlists/.test(l.body.href),
      l,
    );
    see('user list', (await ask('GET', '/users/u1/playlists')).body.total === 1, 0);
    see('other user', (await ask('GET', '/users/u2/playlists')).body.total === 0, 0);
    see('put', (await ask('PUT', `/playlists/${a.body.id}`, { name: 'Q' })).status === 200, 0);
    const r = await ask('GET', `/playlists/${a.body.id}`);
    see('put partial', r.body.name === 'Q', r);
    see('not following', (await ask('GET', '/me/following/x')).status === 404, 0);
    see('follow', (await ask('PUT', '/me/following/x')).status === 204, 0);
    see('following', (await ask('GET', '/me/following/x')).status === 204, 0);
    see('unfollow', (await ask('DELETE', '/me/following/x')).status === 204, 0);
    see('unfollowed', (await ask('GET', '/me/following/x')).status === 404, 0);
    const ar = await ask('GET', '/artists/ar1');
    see('implied', ar.status === 200 && ar.body.id === 'ar1', ar);
    const ars = await ask('GET', '/artists?ids=ar1,ar2');
    see('by ids', ars.body.artists?.length === 2 && ars.body.artists[0].name === ar.body.name, ars);
    const al = await ask('GET', '/artists/ar1/albums');
    see('albums', al.body.items?.length > 0 && al.body.total === al.body.items.length, al);
    see('album', (await ask('GET', `/albums/${al.body.items?.[0]?.id}`)).body.name === al.body.items?.[0]?.name, 0);
  }));

test('a kennel: alternatives as things, files, a verb that carries more', () =>
  live('kennel', async (ask, see) => {
    const a = await ask('POST', '/dogs', { stage: 'puppy', name: 'Rex', weeks: 8 });
    see(
      'create',
      a.status === 201 &&
        /^\d{15}$/.test(a.body.chip_number) &&
        a.body.weeks === 8 &&
        a.body.adoption_status === 'available' &&
        !('years' in a.body),
      a,
    );
    const _b = await ask('POST', '/dogs', { stage: 'adult', name: 'Old', years: 9 });
    const n = a.body.chip_number;
    see('read', JSON.stringify((await ask('GET', `/dogs/${n}`)).body) === JSON.stringify(a.body), 0);
    const l = await ask('GET', '/dogs?limit=1');
    see(
      'cursor list',
      l.body.dogs?.length === 1 && l.body.has_next === true && l.body.next_cursor && l.body.total_count === 2,
      l,
    );
    const l2 = await ask('GET', `/dogs?limit=1&cursor=${l.body.next_cursor}`);
    see(
      'cursor 2',
      l2.body.dogs?.[0]?.name === 'Old' && l2.body.next_cursor === null && l2.body.has_next === false,
      l2,
    );
    see('filter', (await ask('GET', '/dogs?stage=adult')).body.dogs?.length === 1, 0);
    const u = await ask('PUT', `/dogs/${n}`, { stage: 'adult', name: 'Rex', years: 1 });
    see('becomes another', u.body.years === 1 && !('weeks' in u.body) && u.body.chip_number === n, u);
    const ad = await ask('POST', `/dogs/${n}/adopt`, { owner: 'Zoe' });
    see('adopt', ad.status === 200 && ad.body.owner === 'Zoe', ad);
    const r2 = await ask('GET', `/dogs/${n}`);
    see('adopted', r2.body.adoption_status === 'adopted', r2);
    see(
      'photo put',
      (await ask('PUT', `/dogs/${n}/photo`, 'PNGDATA', { 'content-type': 'image/png' })).status === 204,
      0,
    );
    const ph = await ask('GET', `/dogs/${n}/photo`);
    see('photo', ph.body === 'PNGDATA' && /image\/png/.test(ph.headers['content-type'] ?? ''), ph);
    see('delete', (await ask('DELETE', `/dogs/${n}`)).status === 202, 0);
    see('gone', (await ask('GET', `/dogs/${n}`)).status === 404, 0);
    see('photo gone', (await ask('GET', `/dogs/${n}/photo`)).status === 404, 0);
  }));

test('events: slugs below organisations, Link headers, memberships that are put', () =>
  live('events', async (ask, see) => {
    const a = await ask('POST', '/organizations/acme/events', { title: 'Conf', slug: 'conf' });
    see('create', a.status === 201 && a.body.slug === 'conf' && Number.isInteger(a.body.id), a);
    const r = await ask('GET', '/organizations/acme/events/conf');
    see('read by slug', r.body.title === 'Conf', r);
    const a2 = await ask('POST', '/organizations/acme/events', { title: 'Second' });
    see('slug made', a2.body.slug, a2);
    see('read by made slug', (await ask('GET', `/organizations/acme/events/${a2.body.slug}`)).status === 200, 0);
    see('other org', (await ask('GET', '/organizations/other/events/conf')).status === 404, 0);
    const l = await ask('GET', '/organizations/acme/events?limit=1');
    const nx = /<([^>]+)>; rel="next"/.exec(l.headers.link ?? '')?.[1];
    see('link header', l.body.length === 1 && nx, l.headers);
    if (nx) {
      const u = new URL(nx);
      const l2 = await ask('GET', u.pathname + u.search);
      see('next', l2.body.length === 1 && l2.body[0].title === 'Second', l2);
    }
    const p = await ask('PATCH', '/organizations/acme/events/conf', { state: 'published' });
    see('patch', p.body.state === 'published' && p.body.title === 'Conf', p);
    const k = await ask('POST', '/organizations/acme/events/conf/tickets', { seat: 'A1' });
    see('ticket', k.status === 201 && /^[0-9a-f-]{36}$/.test(k.body.barcode) && k.body.status === 'issued', k);
    see('ticket read', (await ask('GET', `/tickets/${k.body.barcode}`)).body.seat === 'A1', 0);
    const ci = await ask('POST', `/tickets/${k.body.barcode}/check-in`);
    see('check in', ci.body.status === 'checked_in', ci);
    const tl = await ask('GET', '/organizations/acme/events/conf/tickets');
    see('tickets', tl.body.tickets?.length === 1 && tl.body.tickets[0].status === 'checked_in', tl);
    const tl2 = await ask('GET', `/organizations/acme/events/${a2.body.slug}/tickets`);
    see('tickets of other', tl2.body.tickets?.length === 0, tl2);
    const s = await ask('PATCH', '/organizations/acme/settings', { timezone: 'UTC' });
    see('settings', s.body.timezone === 'UTC', s);
    see('settings read', (await ask('GET', '/organizations/acme/settings')).body.timezone === 'UTC', 0);
    see('settings of other', (await ask('GET', '/organizations/other/settings')).body.timezone !== 'UTC', 0);
    const _ml0 = await ask('GET', '/organizations/acme/members');
    const m = await ask('PUT', '/organizations/acme/members/7', { role: 'admin' });
    see('member put', m.status === 200 && m.body.userId === 7 && m.body.role === 'admin', m);
    const ml = await ask('GET', '/organizations/acme/members');
    see(
      'members',
      ml.body.some((x: { userId: number }) => x.userId === 7),
      ml,
    );
    see('member delete', (await ask('DELETE', '/organizations/acme/members/7')).status === 204, 0);
    see('event delete', (await ask('DELETE', '/organizations/acme/events/conf')).status === 200, 0);
    see('event gone', (await ask('GET', '/organizations/acme/events/conf')).status === 404, 0);
  }));

test('jobs: summaries, a Location that is a URI, pause and resume, numbers for ids, labels', () =>
  live('jobs', async (ask, see) => {
    const a = await ask('POST', '/jobs', { job: { name: 'one', priority: 3 } });
    see('create', a.status === 201 && a.body.jobId && a.headers.location?.endsWith(`/jobs/${a.body.jobId}`), a);
    const b = await ask('POST', '/jobs', { job: { name: 'two' } });
    const j = a.body.jobId;
    const r = await ask('GET', `/jobs/${j}`);
    see('read', r.body.name === 'one' && r.body.priority === 3 && r.body.state === 'QUEUED', r);
    const l = await ask('GET', '/jobs?take=1&skip=1&orderBy=name&orderDirection=desc');
    see(
      'list',
      l.body.items?.length === 1 &&
        l.body.items[0].name === 'one' &&
        l.body.totalCount === 2 &&
        l.body.hasMore === false &&
        !('priority' in l.body.items[0]),
      l,
    );
    const s = await ask('POST', `/jobs/${j}/start`);
    see('start', s.body.state === 'RUNNING', s);
    await ask('POST', `/jobs/${j}/pause`);
    see('pause', (await ask('GET', `/jobs/${j}`)).body.state === 'PAUSED', 0);
    await ask('POST', `/jobs/${j}/resume`);
    see('resume', (await ask('GET', `/jobs/${j}`)).body.state === 'RUNNING', 0);
    see('states', (await ask('GET', '/jobs?state=RUNNING&state=DONE')).body.items?.length === 1, 0);
    const run = await ask('POST', `/jobs/${j}/runs`);
    see('run', run.status === 201 && run.body.runNo >= 1, run);
    const rr = await ask('GET', `/jobs/${j}/runs/${run.body.runNo}`);
    see('run read', rr.body.startedAt === run.body.startedAt, rr);
    const rl = await ask('GET', `/jobs/${j}/runs`);
    see('runs map', rl.body.runs && Object.keys(rl.body.runs).join() === String(run.body.runNo), rl);
    const lb = await ask('PUT', `/jobs/${j}/labels`, { a: 'b' });
    see('labels', lb.body.a === 'b', lb);
    const lg = await ask('GET', `/jobs/${j}/labels`);
    see('labels read', JSON.stringify(lg.body) === '{"a":"b"}', lg);
    see('labels other', (await ask('GET', `/jobs/${b.body.jobId}/labels`)).body.a === undefined, 0);
    see('labels none', (await ask('GET', '/jobs/none/labels')).status === 404, 0);
    see('status', (await ask('GET', '/status')).status === 200, 0);
    see('delete', (await ask('DELETE', `/jobs/${j}`)).status === 204, 0);
    see('delete twice', (await ask('DELETE', `/jobs/${j}`)).status === 404, 0);
  }));

test('a forum: MongoDB ids, pages from zero, locks, likes that are taken back, users that are put', () =>
  live('forum', async (ask, see) => {
    const a = await ask('POST', '/api/threads', { title: 'T', body: 'B', author: 'me' });
    see('create', a.body.ok === true && /^[0-9a-f]{24}$/.test(a.body.thread?._id) && a.body.thread.title === 'T', a);
    for (const x of ['U', 'V']) await ask('POST', '/api/threads', { title: x, body: 'b', author: 'you' });
    const l = await ask('GET', '/api/threads?p=1&size=2');
    see(
      'two arrays',
      l.body.threads?.length === 1 &&
        l.body.threads[0].title === 'V' &&
        l.body.meta.page === 1 &&
        l.body.meta.pages === 2 &&
        l.body.meta.total === 3,
      l,
    );
    see('search', (await ask('GET', '/api/threads?search=T')).body.threads?.length >= 1, 0);
    const id = a.body.thread._id;
    see('read', (await ask('GET', `/api/threads/${id}`)).body.thread?.body === 'B', 0);
    see('patch', (await ask('PATCH', `/api/threads/${id}`, { title: 'TT' })).body.thread?.title === 'TT', 0);
    const lk = await ask('POST', `/api/threads/${id}/lock`);
    see('lock', lk.body.locked === true && lk.body.ok === true, lk);
    see('locked', (await ask('GET', `/api/threads/${id}`)).body.thread?.locked === true, 0);
    see('unlock', (await ask('POST', `/api/threads/${id}/unlock`)).body.locked === false, 0);
    const p = await ask('POST', `/api/threads/${id}/posts`, { text: 'x' });
    see('post', p.status === 201 && p.body.postId, p);
    see('post read', (await ask('GET', `/api/posts/${p.body.postId}`)).body.text === 'x', 0);
    see('posts', (await ask('GET', `/api/threads/${id}/posts`)).body.posts?.length === 1, 0);
    see('like', (await ask('PUT', `/api/posts/${p.body.postId}/like`)).status === 204, 0);
    see('liked', (await ask('GET', `/api/posts/${p.body.postId}`)).body.liked === true, 0);
    see('unlike', (await ask('DELETE', `/api/posts/${p.body.postId}/like`)).status === 204, 0);
    see('unliked', (await ask('GET', `/api/posts/${p.body.postId}`)).body.liked !== true, 0);
    const d = await ask('DELETE', `/api/threads/${id}`);
    see('delete', d.body.ok === true && d.body.deletedId === id, d);
    see('gone', (await ask('GET', `/api/threads/${id}`)).status === 404, 0);
    const u = await ask('PUT', '/api/users/neo', { about: 'a' });
    see('put user', u.status === 201 && u.body.username === 'neo', u);
    see('user', (await ask('GET', '/api/users/neo')).body.about === 'a', 0);
    see('no user', (await ask('GET', '/api/users/none')).status === 404, 0);
  }));
