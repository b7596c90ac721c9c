import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createPathAdvice } from '../../../src/surfaces/http/path-advice.ts';

const advise = adviceOf(
  'GET /v1/products listProducts',
  'GET /v1/customers listCustomers',
  'POST /v1/customers createCustomer',
  'GET /v1/customers/{customerId}/invoices listInvoices',
);

test('who misspells a path is told which one was meant, and where it differs', () => {
  expect(advise('GET', '/v1/prodcts')).toBe(
    'Did you mean GET /v1/products (listProducts)? There "prodcts" stands for "products".',
  );
  expect(advise('GET', '/customers')).toBe('Did you mean GET /v1/customers (listCustomers)? There "v1" is missing.');
  expect(advise('GET', '/api/v1/customers')).toBe(
    'Did you mean GET /v1/customers (listCustomers)? There "api" is too much.',
  );
});

test('a parameter stands for any text', () => {
  expect(advise('GET', '/v1/customers/CUS-000001/invoice')).toBe(
    'Did you mean GET /v1/customers/{customerId}/invoices (listInvoices)? There "invoice" stands for "invoices".',
  );
});

test('of two that differ as little in their paths, the one of the same method was meant', () => {
  expect(advise('POST', '/v1/customer')).toContain('(createCustomer)');
  expect(advise('DELETE', '/v1/products')).toBe(
    'Did you mean GET /v1/products (listProducts)? There the method is GET, and not DELETE.',
  );
});

test('what is like no path, too long or too deep gets no advice', () => {
  expect(advise('GET', '/wp-admin/setup.php')).toBeUndefined();
  expect(advise('GET', `/v1/products${'x'.repeat(200)}`)).toBeUndefined();
  expect(advise('GET', '/v1'.repeat(21))).toBeUndefined();
});

test('the steps that are told lead from what was asked for to what was meant', () => {
  const segment = fc.constantFrom('v1', 'v2', 'customers', 'customer', 'orders', 'x');
  const path = fc.array(segment, { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(path, path, (asked, meant) => {
      const advice = adviceOf(`GET /${meant.join('/')} theOne`)('GET', `/${asked.join('/')}`);
      if (advice === undefined) return;
      const count = (pattern: RegExp) => [...advice.matchAll(pattern)].length;
      const [missing, tooMuch] = [count(/is missing/g), count(/is too much/g)];
      const kept = asked.length - tooMuch - count(/stands for/g);
      expect(asked.length + missing - tooMuch).toBe(meant.length);
      expect(kept).toBe(meant.length - missing - count(/stands for/g));
      expect(kept).toBeLessThanOrEqual(asked.filter((each) => meant.includes(each)).length);
    }),
  );
});

function adviceOf(...operations: readonly string[]) {
  const contract = {
    operations: operations.map((each) => {
      const [method, path, id] = each.split(' ');
      return { method, path, id };
    }),
  };
  return createPathAdvice([contract as never]);
}
