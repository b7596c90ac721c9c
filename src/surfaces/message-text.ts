import { isJsonType } from '../lib/json-type.ts';
import type { Message } from '../model/channel.ts';

/**
 * The text of a message as it is sent: a text stands for itself where the contract has no JSON there, anything else is
 * JSON.
 *
 * @example messageText('hello', 'text/plain') // 'hello'
 */
export function messageText(payload: unknown, contentType: string): string {
  return typeof payload === 'string' && !isJsonType(contentType) ? payload : JSON.stringify(payload ?? null);
}

/**
 * What the text of a message may mean, likeliest first: where the contract has no JSON there, the text itself, and what it
 * says as JSON, as a number does; nothing where it can be JSON alone and is none.
 *
 * @example readingsOf('7', 'text/plain') // ['7', 7]
 */
export function readingsOf(text: string, contentType: string): readonly unknown[] {
  return [...(isJsonType(contentType) ? [] : [text]), ...parsed(text)];
}

/** Whether the contract has JSON for a message. */
export function isJsonMessage({ contentType }: Pick<Message, 'contentType'>): boolean {
  return isJsonType(contentType);
}

function parsed(text: string): readonly unknown[] {
  try {
    return [JSON.parse(text)];
  } catch {
    return [];
  }
}
