import type { Ask } from './ask.ts';

/** A tool as an agent sees it, and what it does. */
export interface Tool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** JSON Schema of its arguments. */
  readonly inputSchema: ToolSchema;
  /** Whether it leaves the world as it is; whether what it does cannot be taken back. */
  readonly annotations: ToolHints;
  /** Resolves to what is answered; rejects with a `ToolFailure` that says what to do. */
  readonly run: (args: Readonly<Record<string, unknown>>, ask: Ask) => Promise<unknown>;
}

export interface ToolSchema {
  readonly type: 'object';
  readonly properties: Readonly<Record<string, unknown>>;
  readonly required?: readonly string[];
  readonly additionalProperties: boolean;
  readonly $defs?: Readonly<Record<string, unknown>>;
}

export interface ToolHints {
  readonly readOnlyHint: boolean;
  readonly destructiveHint: boolean;
  readonly idempotentHint: boolean;
  readonly openWorldHint: boolean;
}

/** Looks, and changes nothing. */
export const READS: ToolHints = hints({ readOnlyHint: true, idempotentHint: true });
/** Adds to the world. */
export const ADDS: ToolHints = hints({});
/** Changes the world so that it is not as before. */
export const CHANGES: ToolHints = hints({ destructiveHint: true });
/** The same, and once more makes no difference. */
export const REPLACES: ToolHints = hints({ destructiveHint: true, idempotentHint: true });

function hints(given: Partial<ToolHints>): ToolHints {
  return { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false, ...given };
}

/** The argument that every tool takes. */
export const TENANT_ARGUMENT = {
  tenant: {
    description: 'Whose world it is about; a name that is new makes a world of its own. Default: `default`.',
    type: 'string',
    default: 'default',
  },
} as const;

/** Where the tenant of these arguments is asked. */
export function prefixOf({ tenant }: Readonly<Record<string, unknown>>): string {
  return tenant === undefined || tenant === 'default' ? '' : `/@${encodeURIComponent(String(tenant))}`;
}
