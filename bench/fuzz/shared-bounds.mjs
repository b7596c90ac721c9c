/** What a simulator holds by default beyond loopback, where others share it; test/config.test.ts compares it with the options. */
export const SHARED_BOUNDS = { maxEntitiesTotal: 30_000, maxRecordBytesTotal: 32 * 2 ** 20 };
