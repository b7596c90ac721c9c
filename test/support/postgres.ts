import pg from 'pg';
import { afterAll } from 'vitest';
import { isOpen } from './services.ts';

/** The database of tests; another one where the environment says so. */
const ADDRESS = process.env.POSTGRES_URL ?? 'postgres://postgres@127.0.0.1:5432/test';
const { hostname, port } = new URL(ADDRESS);

/** What the names of tests say that are skipped without it. */
export const POSTGRES = { name: 'PostgreSQL', hostname, port: Number(port || 5432) };

export const isPostgresThere = await isOpen(POSTGRES.hostname, POSTGRES.port);

let made = 0;

const removals: (() => Promise<unknown>)[] = [];
// Here and not where a schema is made: Vitest takes no hook from within a test.
afterAll(async () => {
  for (const remove of removals) await remove();
});

/** A schema of its own, which is gone after the tests; its address, and what asks in it. */
export async function newSchema(): Promise<{ url: string; query: (text: string) => Promise<pg.QueryResult> }> {
  made += 1;
  const schema = `bss_test_${process.pid}_${made}`;
  const query = async (text: string, within?: string) => {
    const client = new pg.Client(ADDRESS);
    await client.connect();
    try {
      if (within !== undefined) await client.query(`set search_path to ${within}`);
      return await client.query(text);
    } finally {
      await client.end();
    }
  };
  await query(`drop schema if exists ${schema} cascade; create schema ${schema}`);
  removals.push(() => query(`drop schema ${schema} cascade`));
  return {
    url: `${ADDRESS}?options=-c%20search_path%3D${schema}`,
    query: (text) => query(text, schema),
  };
}
