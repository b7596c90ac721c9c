import type { Entity } from '../state/store/store.ts';

/** The property that keeps what a thing consists of that is no object: a file, a text. */
const CONTENT = '$content';

/** A thing that consists of these bytes or this text; `undefined` for a body that describes a thing. */
export function toContent(body: unknown): Entity | undefined {
  if (body instanceof Uint8Array) return { [CONTENT]: { base64: Buffer.from(body).toString('base64') } };
  return typeof body === 'string' ? { [CONTENT]: { text: body } } : undefined;
}

/** The bytes or the text that a thing consists of. */
export function contentOf(entity: Entity): Uint8Array | string | undefined {
  const content = entity[CONTENT] as { readonly base64?: string; readonly text?: string } | undefined;
  return content?.base64 === undefined ? content?.text : Buffer.from(content.base64, 'base64');
}
