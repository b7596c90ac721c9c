import { getHeapStatistics } from 'node:v8';
import type { Settings } from './config.ts';
import { ByteBudget } from './engine/records/byte-budget.ts';
import type { RecordAges, RecordCapacity } from './engine/records/records.ts';
import { Rooms } from './engine/state/room.ts';
import { addDuration, parseDuration } from './lib/time.ts';

/** How many of each record a tenant keeps; the oldest go first. */
const COUNT = 10_000;

/**
 * Bytes of what Node may have that are there for one thing of a tenant: it takes a sixth of that, with all its indexes. The
 * more there are, the longer everybody waits while all that lives is gone through for garbage.
 */
const EACH_THING = 10 * 2 ** 10;

type Kind = keyof RecordAges;

/** How much tenants may hold, each and all together. */
export function tenantBounds(settings: Settings) {
  const { maxEntities, maxEntitiesTotal, maxTenants, maxStateBytes, maxRecordBytesTotal } = settings;
  const all = maxEntitiesTotal ?? Math.floor(getHeapStatistics().heap_size_limit / EACH_THING);
  return {
    capacity: recordCapacity(settings),
    recordBytes: new ByteBudget(maxRecordBytesTotal),
    stateBound: { bytes: maxStateBytes },
    rooms: new Rooms({ each: maxEntities, all, tenants: maxTenants }),
  };
}

/** How much a tenant's records keep, and for how long. */
export function recordCapacity({
  maxRecordBytes,
  retention,
}: Pick<Settings, 'maxRecordBytes' | 'retention'>): RecordCapacity {
  const kept: Readonly<Partial<Record<Kind, { readonly count?: number; readonly age?: string }>>> = retention;
  const countOf = (kind: Kind) => kept[kind]?.count ?? COUNT;
  const ages = Object.entries(kept).flatMap(([kind, { age }]) => {
    const duration = age === undefined ? undefined : parseDuration(age);
    return duration === undefined ? [] : [[kind, addDuration(0, duration)] as const];
  });
  return {
    events: countOf('events'),
    requests: countOf('requests'),
    transcript: countOf('transcript'),
    activity: countOf('activity'),
    bytes: maxRecordBytes,
    ...(ages.length > 0 && { ages: Object.fromEntries(ages) }),
  };
}
