import { pathToFileURL } from 'node:url';
import './listen.mjs';

/**
 * The simulator as it is shipped, in a world of the size that a row wants. The world is filled through the engine, as
 * every world is: ids, defaults, order and indexes are those of a customer made by REST.
 */
const home = process.env.BENCH_DIST ?? new URL('../../dist', import.meta.url).pathname;
const load = (file) => import(pathToFileURL(`${home}/${file}`).href);
const { createSimulator } = await load('index.js');
const { BENCH_CUSTOMERS: customers = '0', BENCH_LIFE: life } = process.env;

async function plain(work) {
  for (let index = 1; index <= Number(customers); index += 1) {
    const { customerId } = await work.create('connectx/Customer', customerDraft(index));
    if (life === 'subscribed') await work.create('connectx/Subscription', subscriptionDraft(customerId));
  }
}

/** Customers with subscriptions, invoices and habits, as the shipped world has them, only more. */
async function lively(work) {
  const [{ createCast }, { seedConnectx }] = await Promise.all([
    load('operator/cast.js'),
    load('systems/connectx/seed.js'),
  ]);
  await seedConnectx(
    work,
    createCast((...purpose) => work.random(...purpose), Number(customers)),
  );
}

function subscriptionDraft(customerId) {
  return {
    customerId,
    productId: 'PRD-MOB-010',
    productName: 'Mobile 10',
    productType: 'Mobile',
    status: 'Active',
    startDate: '2025-06-01',
    monthlyCharge: 10,
    currency: 'GBP',
    addons: [],
  };
}

function customerDraft(index) {
  const address = {
    street: `${index} High Street`,
    city: 'Larkfield',
    state: 'Kent',
    postalCode: 'ZZ1 1ZZ',
    country: 'GB',
  };
  return {
    customerType: index % 4 === 0 ? 'Business' : 'Individual',
    // The page that is asked for holds some of each: every tenth is not active.
    status: index % 10 === 0 ? 'Suspended' : 'Active',
    ...(index % 4 === 0
      ? { companyName: `Company ${index} Ltd` }
      : { firstName: 'Ada', lastName: `Larkfield ${index}` }),
    email: `customer.${index}@example.com`,
    phone: '+44 1632 960001',
    address,
    billingAddress: { ...address },
  };
}

const simulator = createSimulator({
  port: 0,
  logLevel: 'error',
  maxTenants: 2_000,
  ...(customers !== '0' && { fixture: life === 'lively' ? lively : plain }),
});
await simulator.start();
process.send({ port: Number(new URL(simulator.url).port) });
