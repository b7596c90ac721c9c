import { test } from 'vitest';
import { live } from '../../support/stranger.ts';

test('a gym: arrays of one both ways, an id alone, an account that is posted', () =>
  live('gym', async (ask, see) => {
    const a = await ask('POST', '/members', { members: [{ name: 'A' }] });
    see('create', a.status === 200 && a.body.members?.length === 1 && Number.isInteger(a.body.members[0].id), a);
    const id = a.body.members?.[0]?.id;
    see('read', (await ask('GET', `/members/${id}`)).body.members?.[0]?.name === 'A', 0);
    const u = await ask('PUT', `/members/${id}`, { members: [{ name: 'B' }] });
    see('put', u.body.members?.[0]?.name === 'B' && u.body.members[0].id === id, u);
    const l = await ask('GET', '/members');
    see(
      'list',
      l.body.members?.length === 1 &&
        l.body.hasNextPage === false &&
        l.body.nextPage === null &&
        l.body.totalMembers === 1,
      l,
    );
    const many = await ask('POST', '/members', { members: [{ name: 'C' }, { name: 'D' }] });
    see('two at once', many.body.members?.length === 2, many);
    see('delete', (await ask('DELETE', `/members/${id}`)).status === 200, 0);
    see('gone', (await ask('GET', `/members/${id}`)).status === 404, 0);
    const p = await ask('POST', '/plans', { title: 'X' });
    see('plan', p.status === 201 && p.body.id, p);
    const pr = await ask('GET', `/plans/${p.body.id}`);
    see('plan read', pr.body.title === 'X' && pr.body.planId === p.body.id, pr);
    see('plans', JSON.stringify((await ask('GET', '/plans')).body) === JSON.stringify([p.body.id]), 0);
    see('patch', (await ask('PATCH', `/plans/${p.body.id}`, { title: 'Y' })).status === 204, 0);
    see('patched', (await ask('GET', `/plans/${p.body.id}`)).body.title === 'Y', 0);
    const ac = await ask('POST', '/account', { name: 'me', plan: 'gold' });
    see('account', ac.body.name === 'me', ac);
    see('account read', (await ask('GET', '/account')).body.plan === 'gold', 0);
  }));

test('devices that a query names: no path has an id', () =>
  live('by-query', async (ask, see) => {
    const a = await ask('POST', '/device', { model: 'm' });
    see('create', a.status === 201 && a.body.deviceId && a.body.model === 'm', a);
    const r = await ask('GET', `/device?deviceId=${a.body.deviceId}`);
    see('read by query', r.body.model === 'm', r);
    const u = await ask('PUT', '/device', { deviceId: a.body.deviceId, model: 'n' });
    see('update by body', u.body.model === 'n', u);
    const l = await ask('GET', '/devices?model=n');
    see('list', l.body.length === 1, l);
    see('delete by query', (await ask('DELETE', `/device?deviceId=${a.body.deviceId}`)).status === 204, 0);
    see('gone', (await ask('GET', `/device?deviceId=${a.body.deviceId}`)).status === 404, 0);
  }));

test('a registry: paths that begin with parameters, lists of ids, records of two kinds', () =>
  live('registry', async (ask, see) => {
    const a = await ask('PUT', '/lib/app/tags/v1', { digest: 'd1' });
    see('put', a.status === 201, a);
    await ask('PUT', '/lib/app/tags/v2', { digest: 'd2' });
    await ask('PUT', '/lib/other/tags/v1', { digest: 'd3' });
    see('read', (await ask('GET', '/lib/app/tags/v1')).body.digest === 'd1', 0);
    const l = await ask('GET', '/lib/app/tags');
    see('ids', JSON.stringify(l.body.tags) === '["v1","v2"]', l);
    see('delete', (await ask('DELETE', '/lib/app/tags/v1')).status === 202, 0);
    see('gone', (await ask('GET', '/lib/app/tags/v1')).status === 404, 0);
    see('other stays', (await ask('GET', '/lib/other/tags/v1')).body.digest === 'd3', 0);
    const r = await ask('POST', '/zones/z1/records', { type: 'CNAME', target: 'x.example' });
    see(
      'record',
      r.body.result?.target === 'x.example' && /^[0-9a-f]{32}$/.test(r.body.result.id) && r.body.success === true,
      r,
    );
    see(
      'record read',
      (await ask('GET', `/zones/z1/records/${r.body.result?.id}`)).body.result?.target === 'x.example',
      0,
    );
    const rl = await ask('GET', '/zones/z1/records?type=CNAME&per_page=5');
    see(
      'records',
      rl.body.result?.length === 1 &&
        rl.body.result_info.total_count === 1 &&
        rl.body.result_info.per_page === 5 &&
        rl.body.success === true,
      rl,
    );
    see('records of other', (await ask('GET', '/zones/z2/records')).body.result?.length === 0, 0);
    const d = await ask('DELETE', `/zones/z1/records/${r.body.result?.id}`);
    see('deleted id', d.body.result?.id === r.body.result?.id, d);
  }));

test('surveys: entity tags, publications that are taken back, copies, numbered questions', () =>
  live('surveys', async (ask, see) => {
    const a = await ask('POST', '/surveys', { title: 'S', tags: ['x'] });
    see('create', a.status === 201 && a.body.state === 'DRAFT' && a.body.published === false, a);
    const id = a.body.surveyId;
    const r = await ask('GET', `/surveys/${id}`);
    see('etag', r.headers.etag && r.body.title === 'S', r);
    const u = await ask('PUT', `/surveys/${id}`, { title: 'T' }, { 'if-match': r.headers.etag ?? '' });
    see('if-match', u.status === 200 && u.body.title === 'T' && u.body.tags === undefined, u);
    const st = await ask('PUT', `/surveys/${id}`, { title: 'U' }, { 'if-match': r.headers.etag ?? '' });
    see('412', st.status === 412, st);
    see('publish', (await ask('POST', `/surveys/${id}/publication`)).status === 202, 0);
    see('published', (await ask('GET', `/surveys/${id}`)).body.published === true, 0);
    see('unpublish', (await ask('DELETE', `/surveys/${id}/publication`)).status === 204, 0);
    see('unpublished', (await ask('GET', `/surveys/${id}`)).body.published === false, 0);
    const c = await ask('PATCH', `/surveys/${id}/close`);
    see('close', c.body.state === 'CLOSED', c);
    const cp = await ask('POST', `/surveys/${id}/copy`);
    see('copy', cp.status === 201 && cp.body.surveyId && cp.body.surveyId !== id, cp);
    see('copy read', (await ask('GET', `/surveys/${cp.body.surveyId}`)).status === 200, 0);
    const l = await ask('GET', '/surveys?state=CLOSED');
    see('state', l.body.length === 1 && l.headers['x-total'] === '1', l);
    see('all', (await ask('GET', '/surveys?sort=title')).body.length === 2, 0);
    const q = await ask('PUT', `/surveys/${id}/questions/1`, { text: 'q' });
    see('question', q.status === 201, q);
    const q2 = await ask('PUT', `/surveys/${id}/questions/1`, { text: 'r' });
    see('again', q2.status === 204, q2);
    const ql = await ask('GET', `/surveys/${id}/questions`);
    see(
      'questions',
      ql.body.questions?.length === 1 &&
        ql.body.questions[0].text === 'r' &&
        ql.body.questions[0].no === 1 &&
        ql.body.count === 1,
      ql,
    );
    see('question read', (await ask('GET', `/surveys/${id}/questions/1`)).body.text === 'r', 0);
  }));
