import { isJsonType } from '../../../lib/json-type.ts';
import type { Operation } from '../../../model/operation.ts';
import type { Schema } from '../../../model/schema.ts';

/** The schema that most error responses have; the first in the document where two are equally common. */
export function mostCommonErrorSchema(operations: readonly Operation[]): Schema | undefined {
  return mostCommon(operations, /^[45]/) ?? mostCommon(operations, /^default$/);
}

function mostCommon(operations: readonly Operation[], statuses: RegExp): Schema | undefined {
  const counts = new Map<string, { schema: Schema; count: number }>();
  for (const { responses } of operations) {
    for (const [status, { content }] of Object.entries(responses)) {
      if (!statuses.test(status)) continue;
      const json = Object.entries(content).find(([mediaType]) => isJsonType(mediaType))?.[1].schema;
      if (json === undefined) continue;
      const key = JSON.stringify(json);
      const entry = counts.get(key) ?? { schema: json, count: 0 };
      counts.set(key, { ...entry, count: entry.count + 1 });
    }
  }
  return [...counts.values()].reduce<{ schema?: Schema; count: number }>(
    (best, entry) => (entry.count > best.count ? entry : best),
    { count: 0 },
  ).schema;
}
