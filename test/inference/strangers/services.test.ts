import { test } from 'vitest';
import { live } from '../../support/stranger.ts';

test('a clinic: wrapped patients, only a Location, a pattern for ids, appointments read elsewhere', () =>
  live('clinic', async (ask, see) => {
    const a = await ask('POST', '/v2/patients', { patient: { name: 'Ada', born: '1990-01-01', ward: 'A' } });
    see('create', a.status === 201 && a.body === '', a);
    const loc = new URL(a.headers.location ?? '/', 'http://x').pathname;
    see('location', /\/v2\/patients\/MRN\d{8}$/.test(loc), loc);
    const b = await ask('POST', '/v2/patients', { patient: { name: 'Bob', born: '1980-01-01', ward: 'B' } });
    const r = await ask('GET', loc);
    see(
      'read',
      r.status === 200 &&
        r.body.patient?.name === 'Ada' &&
        r.body.patient.status === 'admitted' &&
        r.body.patient.admitted_at,
      r,
    );
    const l = await ask('GET', '/v2/patients?per_page=1');
    see(
      'list',
      l.body.patients?.length === 1 &&
        l.body.paging.total_items === 2 &&
        l.body.paging.total_pages === 2 &&
        l.body.paging.page === 1 &&
        l.body.paging.per_page === 1,
      l,
    );
    see('next abs', /^https?:\/\/.*page=2/.test(l.body.paging?.next_page_url ?? ''), l.body.paging);
    see('link', /rel="next"/.test(l.headers.link ?? '') && l.headers['x-total-count'] === '2', l.headers);
    const s = await ask('GET', '/v2/patients?sort=-name');
    see('sort', s.body.patients?.[0]?.name === 'Bob', s);
    const d = await ask('GET', '/v2/patients?born_after=1985-01-01');
    see('range', d.body.patients?.length === 1 && d.body.patients[0].name === 'Ada', d);
    const w = await ask('GET', '/v2/patients?ward=B');
    see('filter by hidden', w.body.patients?.length === 1 && w.body.patients[0].name === 'Bob', w);
    const q = await ask('GET', '/v2/patients?q=ada');
    see('q', q.body.patients?.length === 1, q);
    const u = await ask('PUT', loc, { patient: { name: 'Ada L', born: '1990-01-01' } });
    see('put', u.status === 200 && u.body.patient.name === 'Ada L', u);
    const x = await ask('POST', `${loc}/discharge`);
    see('act 202', x.status === 202, x);
    const r2 = await ask('GET', loc);
    see('moved', r2.body.patient?.status === 'discharged', r2);
    const ap = await ask('POST', `${loc}/appointments`, { startsAt: '2030-01-01T00:00:00Z', doctor: 'X' });
    see('child', ap.status === 201 && Number.isInteger(ap.body.appointmentId), ap);
    const ar = await ask('GET', `/v2/appointments/${ap.body.appointmentId}`);
    see('child read', ar.status === 200 && ar.body.doctor === 'X', ar);
    const al = await ask('GET', `${loc}/appointments`);
    see('child list', al.body.length === 1, al);
    const al2 = await ask('GET', `${new URL(b.headers.location ?? '').pathname}/appointments`);
    see('other child list', al2.body.length === 0, al2);
    const no = await ask('POST', '/v2/patients/MRN99999999/appointments', { startsAt: '2030-01-01T00:00:00Z' });
    see('missing parent', no.status === 404, no);
    const dl = await ask('DELETE', `/v2/appointments/${ap.body.appointmentId}`);
    see('delete', dl.status === 204, dl);
    see('gone', (await ask('GET', `/v2/appointments/${ap.body.appointmentId}`)).status === 404, 0);
    const e = await ask('POST', '/v2/patients', { patient: {} });
    see('422', e.status === 422 && e.body.errors?.[0]?.field, e);
  }));

test('a library: things in two envelopes, loans made below books', () =>
  live('library', async (ask, see) => {
    const a = await ask('POST', '/books', { isbn: '978-1', title: 'A', author: 'X' });
    see('create', a.status === 200 && a.body.data?.book?.isbn === '978-1' && a.body.status === 'ok', a);
    await ask('POST', '/books', { isbn: '978-2', title: 'B', author: 'Y' });
    see('read', (await ask('GET', '/books/978-1')).body.data?.book?.title === 'A', 0);
    const l = await ask('GET', '/books?limit=1&page=2');
    see('list', l.body.data?.books?.[0]?.isbn === '978-2' && l.body.data.pages === 2, l);
    see('filter', (await ask('GET', '/books?author=Y')).body.data?.books?.length === 1, 0);
    const lo = await ask('POST', '/books/978-1/loans', { memberId: 5 });
    see(
      'loan',
      lo.status === 201 && lo.body.isbn === '978-1' && lo.body.memberId === 5 && lo.body.state === 'open',
      lo,
    );
    const lr = await ask('GET', `/loans/${lo.body.loanId}`);
    see('loan read', lr.body.memberId === 5, lr);
    const ll = await ask('GET', '/loans?memberId=5');
    see('loan list', ll.body.length === 1, ll);
    see('loan list none', (await ask('GET', '/loans?memberId=6')).body.length === 0, 0);
    const rr = await ask('POST', `/loans/${lo.body.loanId}/renewal`, { due: '2031-01-01' });
    see('renew', rr.body.due === '2031-01-01', rr);
    const re = await ask('POST', `/loans/${lo.body.loanId}/return`);
    see('return', re.body.state === 'returned', re);
    see('loan no book', (await ask('POST', '/books/nope/loans', { memberId: 5 })).status === 404, 0);
    const m = await ask('POST', '/members', { name: 'M' });
    see('member', m.status === 201 && Number.isInteger(m.body.id), m);
    see('member read', (await ask('GET', `/members/${m.body.id}`)).body.name === 'M', 0);
    see('del', (await ask('DELETE', '/books/978-2')).status === 200, 0);
    see('gone', (await ask('GET', '/books/978-2')).status === 404, 0);
  }));

test('a bank: Swagger 2.0, SCIM paging, two arrays in an object, faults of its own', () =>
  live('bank', async (ask, see) => {
    const a = await ask('POST', '/api/accounts', { holder: 'A', customerNo: 'C1' });
    see('create', a.status === 201 && /^[A-Z]{2}\d{20}$/.test(a.body.iban), a);
    const i = a.body.iban;
    await ask('POST', '/api/accounts', { holder: 'B', customerNo: 'C2' });
    const r = await ask('GET', `/api/accounts/${i}`);
    see('read', r.body.holder === 'A' && r.body.iban === i && typeof r.body.balance === 'number', r);
    const l = await ask('GET', '/api/accounts?count=1&startIndex=2');
    see(
      'scim page',
      l.body.totalResults === 2 &&
        l.body.Resources?.length === 1 &&
        l.body.Resources[0].holder === 'B' &&
        l.body.startIndex === 2,
      l,
    );
    see('filter', (await ask('GET', '/api/accounts?customerNo=C1')).body.Resources?.length === 1, 0);
    const tr = await ask('POST', `/api/accounts/${i}/transactions`, { amount: 5, text: 'x' });
    see('tx', tr.status === 201 && tr.body.transactionId, tr);
    const tl = await ask('GET', `/api/accounts/${i}/transactions`);
    see(
      'two arrays',
      tl.body.transactions?.booked?.length === 1 && (tl.body.transactions.pending ?? []).length === 0,
      tl,
    );
    see('tx read', (await ask('GET', `/api/accounts/${i}/transactions/${tr.body.transactionId}`)).body.amount === 5, 0);
    see(
      'range',
      (await ask('GET', `/api/accounts/${i}/transactions?minAmount=6`)).body.transactions?.booked?.length === 0,
      0,
    );
    const b = await ask('PUT', `/api/accounts/${i}/block`);
    see('block', b.body.blocked === true, b);
    const ub = await ask('PUT', `/api/accounts/${i}/unblock`);
    see('unblock', ub.body.blocked === false, ub);
    const rt = await ask('GET', '/api/rates');
    see('rates', rt.body.length > 0, rt);
    see('rate', (await ask('GET', `/api/rates/${rt.body[0]?.currency}`)).body.rate === rt.body[0]?.rate, 0);
    const n = await ask('GET', '/api/accounts/DE00000000000000000000');
    see('404 shape', n.status === 404 && n.body.faultCode && n.body.faultText, n);
  }));

test('a hotel: parents nobody can create, OData lists, states by several words, an object by ids', () =>
  live('hotel', async (ask, see) => {
    const a = await ask('POST', '/hotels/H1/reservations', { guestName: 'G', arrival: '2030-05-01' });
    see('create', a.status === 201 && a.body.confirmationNumber && a.body.bookedAt, a);
    const n = a.body.confirmationNumber;
    await ask('POST', '/hotels/H1/reservations', { guestName: 'K', arrival: '2031-05-01' });
    const r = await ask('GET', `/hotels/H1/reservations/${n}`);
    see('read', r.body.guestName === 'G' && r.body.status === 'RESERVED', r);
    const l = await ask('GET', '/hotels/H1/reservations?top=1');
    see(
      'odata',
      l.body.value?.length === 1 && l.body['@odata.count'] === 2 && /^http/.test(l.body['@odata.nextLink'] ?? ''),
      l,
    );
    const nx = l.body['@odata.nextLink']
      ? await ask('GET', new URL(l.body['@odata.nextLink']).pathname + new URL(l.body['@odata.nextLink']).search)
      : { body: {} };
    see(
      'follow',
      nx.body.value?.length === 1 && nx.body.value[0].arrival === '2031-05-01' && !nx.body['@odata.nextLink'],
      nx,
    );
    see('range', (await ask('GET', '/hotels/H1/reservations?arrivalFrom=2030-06-01')).body.value?.length === 1, 0);
    see('other hotel', (await ask('GET', '/hotels/H2/reservations')).body.value?.length === 0, 0);
    see('other hotel read', (await ask('GET', `/hotels/H2/reservations/${n}`)).status === 404, 0);
    const c = await ask('POST', `/hotels/H1/reservations/${n}/check-in`);
    see('check-in', c.body.status === 'CHECKED_IN', c);
    see(
      'status list',
      (await ask('GET', '/hotels/H1/reservations?status=CHECKED_IN&status=NO_SHOW')).body.value?.length === 1,
      0,
    );
    see('noshow', (await ask('POST', `/hotels/H1/reservations/${n}/no-show`)).status === 204, 0);
    see('noshow kept', (await ask('GET', `/hotels/H1/reservations/${n}`)).body.status === 'NO_SHOW', 0);
    see(
      'put status',
      (await ask('PUT', `/hotels/H1/reservations/${n}/status`, { status: 'CANCELLED' })).status === 204,
      0,
    );
    see('status kept', (await ask('GET', `/hotels/H1/reservations/${n}`)).body.status === 'CANCELLED', 0);
    const rooms = await ask('GET', '/hotels/H1/rooms');
    const key = Object.keys(rooms.body)[0] ?? '';
    see('map', key && typeof rooms.body[key] === 'object', rooms);
    see(
      'map read',
      JSON.stringify((await ask('GET', `/hotels/H1/rooms/${key}`)).body) === JSON.stringify(rooms.body[key]),
      0,
    );
  }));

test('a school: composite ids, both ends of a relation, JSON Patch, batches that delete', () =>
  live('school', async (ask, see) => {
    const a = await ask('PUT', '/courses/1/enrolments/7', { grade: 'A' });
    see('put', a.status === 201 && a.body.courseId === 1 && a.body.studentId === 7 && a.body.grade === 'A', a);
    await ask('PUT', '/courses/2/enrolments/7', {});
    await ask('PUT', '/courses/1/enrolments/8', {});
    see('read', (await ask('GET', '/courses/1/enrolments/7')).body.grade === 'A', 0);
    see('list', (await ask('GET', '/courses/1/enrolments')).body.length === 2, 0);
    const st = await ask('GET', '/students/7/enrolments');
    see(
      'from the other side',
      st.body.length === 2 && st.body.every((e: { studentId: number }) => e.studentId === 7),
      st,
    );
    see('404', (await ask('GET', '/courses/2/enrolments/8')).status === 404, 0);
    const d = await ask('PUT', '/timetable/2030/5/mon', { lessons: ['x'] });
    see('three ids', d.status === 200 && d.body.lessons?.[0] === 'x', d);
    see('three ids read', (await ask('GET', '/timetable/2030/5/mon')).body.lessons?.[0] === 'x', 0);
    see('three ids other', (await ask('GET', '/timetable/2030/6/mon')).body.lessons?.[0] !== 'x', 0);
    const g = await ask('POST', '/grades', { student: 7, value: 1.5 });
    see('grade', g.status === 204 && /\/grades\/.+/.test(g.headers.location ?? ''), g);
    const _g2 = await ask('POST', '/grades', { student: 8, value: 0.5 });
    const gl = await ask('GET', '/grades?sort=value');
    see('grades', gl.body.grades?.length === 2 && gl.body.grades[0].value === 0.5, gl);
    const gi = gl.body.grades?.[0]?.id;
    const gp = await ask('PATCH', `/grades/${gi}`, JSON.stringify([{ op: 'replace', path: '/value', value: 3 }]), {
      'content-type': 'application/json-patch+json',
    });
    see('json patch', gp.status === 200 && gp.body.value === 3, gp);
    const bd = await ask('POST', '/grades/batchDelete', { ids: [gi] });
    see('batch delete', bd.status === 200 && bd.body.deleted === 1, bd);
    see('batch gone', (await ask('GET', `/grades/${gi}`)).status === 404, 0);
  }));

test('a staff register: JSON:API, two arrays, what nobody creates, settings', () =>
  live('hr', async (ask, see) => {
    const a = await ask('POST', '/employees', {
      data: { type: 'employees', attributes: { name: 'Ann', hired: '2020-05-05' } },
    });
    see('create', a.status === 201 && a.body.data?.attributes?.name === 'Ann' && a.body.data.id, a);
    const id = a.body.data.id;
    await ask('POST', '/employees', { data: { type: 'employees', attributes: { name: 'Ben', hired: '2010-05-05' } } });
    const u = await ask('PATCH', `/employees/${id}`, { data: { type: 'employees', id, attributes: { name: 'Anna' } } });
    see('patch', u.body.data?.attributes?.name === 'Anna' && u.body.data.attributes.hired === '2020-05-05', u);
    const l = await ask('GET', '/employees');
    see('list', l.body.data?.length === 2 && l.body.meta?.total === 2 && /employees/.test(l.body.links?.self), l);
    const h = await ask('GET', '/employees?hired_from=2015-01-01');
    see('range on attributes', h.body.data?.length === 1, h);
    const d = await ask('GET', '/departments');
    see('seeded', d.body.departments?.length > 0 && d.body.total === d.body.departments.length, d);
    const id0 = d.body.departments?.[0]?.department_id;
    const dr = await ask('GET', `/departments/${id0}`);
    see('read seeded', dr.status === 200 && dr.body.name === d.body.departments[0].name, dr);
    see('unknown seeded', (await ask('GET', '/departments/99999')).status === 404, 0);
    const s = await ask('GET', '/settings');
    see('singleton', s.body.currency, s);
    see('put s', (await ask('PUT', '/settings', { currency: 'USD' })).status === 204, 0);
    see('kept s', (await ask('GET', '/settings')).body.currency === 'USD', 0);
  }));
