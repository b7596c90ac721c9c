import type { Settings } from './config.ts';
import type { RecordCapacity } from './engine/records/records.ts';

/** How many of each record a tenant keeps; the oldest go first. */
const CAPACITY = { events: 10_000, requests: 10_000, transcript: 10_000 };

/** How much a tenant's records keep. */
export function recordCapacity({ maxRecordBytes }: Pick<Settings, 'maxRecordBytes'>): RecordCapacity {
  return { ...CAPACITY, bytes: maxRecordBytes };
}
