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
    await work.create('connectx/Customer', customerDraft(index));
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
  ...(customers !== '0' && { fixture: life === undefined ? plain : lively }),
});
await simulator.start();
process.send({ port: Number(new URL(simulator.url).port) });
