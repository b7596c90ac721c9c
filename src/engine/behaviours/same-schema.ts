import type { Schema } from '../../model/schema.ts';

/** Whether two schemas are written alike. */
export function isSameSchema(one: Schema, other: Schema): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}
