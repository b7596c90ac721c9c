/**
 * Writes the place of an attempt in its trace as the header of W3C Trace Context; it is always sampled.
 *
 * @example toTraceparent({ id: '0af7651916cd43dd8448eb211c80319c', span: 'b7ad6b7169203331' })
 */
export function toTraceparent({ id, span }: { readonly id: string; readonly span: string }): string {
  return `00-${id}-${span}-01`;
}
