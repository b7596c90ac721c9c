import { convertDocument, isJsonText } from '../lib/text/parse-text.ts';
import type { Contract } from '../model/contract.ts';
import { addressedDocument } from './addressed-document.ts';

/** A document as somebody asks for it. */
export interface DocumentRequest {
  readonly text: string;
  readonly contract: Pick<Contract, 'format' | 'basePath' | 'webSocketPath'>;
  /** Where the tenant is reached that its servers are to lead to. Default: they stay. */
  readonly base?: string;
  /** Default: the one that it is in. */
  readonly form?: 'json' | 'yaml';
}

export interface ShownDocument {
  readonly text: string;
  readonly isJson: boolean;
}

/**
 * Writes a document as it is asked for.
 *
 * @example showDocument({ text: 'openapi: 3.1.0 …', contract, base: 'http://127.0.0.1:4010', form: 'json' }).isJson // true
 */
export function showDocument({ text, contract, base, form }: DocumentRequest): ShownDocument {
  const addressed = base === undefined ? text : addressedDocument(text, contract, base);
  const isJson = isJsonText(addressed);
  if (form === undefined || (form === 'json') === isJson) return { text: addressed, isJson };
  const converted = convertDocument(addressed, form);
  return { text: converted, isJson: isJsonText(converted) };
}
