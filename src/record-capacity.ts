import type { Settings } from './config.ts';
import type { RecordAges, RecordCapacity } from './engine/records/records.ts';
import { addDuration, parseDuration } from './lib/time.ts';

/** How many of each record a tenant keeps; the oldest go first. */
const COUNT = 10_000;

type Kind = keyof RecordAges;

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
