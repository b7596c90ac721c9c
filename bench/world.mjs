import { ask, toBytes } from './client.mjs';

/** What the rows ask for: the same requests, whoever answers. */
const AUTHORIZATION = { Authorization: 'Bearer benchmark' };

export const getOne = toBytes({ path: '/v1/customers/CUS-000007', headers: AUTHORIZATION });
export const getPage = toBytes({
  path: '/v1/customers?page=20&pageSize=25&customerType=Individual&status=Active',
  headers: AUTHORIZATION,
});
export const customer = {
  customerType: 'Individual',
  firstName: 'Ada',
  lastName: 'Larkfield',
  email: 'ada.larkfield@example.com',
  phone: '+44 1632 960001',
  address: { street: '1 High Street', city: 'Larkfield', state: 'Kent', postalCode: 'ZZ1 1ZZ', country: 'GB' },
};
export const create = toBytes({ method: 'POST', path: '/v1/customers', headers: AUTHORIZATION, body: customer });

/** The body of an answer, to be handed to the servers that only repeat it. */
export async function bodyOf(port, request, status) {
  const answer = await ask(port, request, status);
  return answer.slice(answer.indexOf('\r\n\r\n') + 4);
}
