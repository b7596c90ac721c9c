import type { Pool } from 'pg';
import { loadPeer } from '../../load-peer.ts';

export type { Pool, PoolClient } from 'pg';

/**
 * Connections to a database, none of which ends the process when it breaks.
 *
 * @example const pool = await openPool('postgres://user:password@host:5432/database');
 */
export async function openPool(url: string): Promise<Pool> {
  const { default: pg } = await loadPeer('pg', '--store postgres://', () => import('pg'));
  const pool = new pg.Pool({
    connectionString: url,
    max: MOST_CONNECTIONS,
    connectionTimeoutMillis: PATIENCE,
    query_timeout: PATIENCE,
  });
  // Without a listener, a connection that breaks while nobody uses it would end the process.
  pool.on('error', () => {});
  return pool;
}

/** Connections to the database. */
const MOST_CONNECTIONS = 8;
/** Milliseconds that the database may take to answer. */
const PATIENCE = 10_000;
