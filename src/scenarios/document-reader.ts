import type { Problem } from '../errors.ts';
import type { Contract } from '../model/contract.ts';
import { type Expression, ExpressionError } from './expressions.ts';
import { isRecord, toPointer } from './json-values.ts';
import { compileTemplate, expressionsOf, type Template } from './templates.ts';

/** A YAML or JSON file, with the way back from a place in its value to a line of its text. */
export interface TextDocument {
  /** The path as the user gave it, for messages. */
  readonly file: string;
  /** The absolute path. */
  readonly path: string;
  readonly text: string;
  readonly value: unknown;
  readonly syntaxProblems: readonly Problem[];
  locate(pointer: string, onKey?: boolean): { line: number; column: number };
}

/** What reading scenarios needs from outside; the composition root passes it in. */
export interface ScenarioSources {
  /** Reads a YAML or JSON file; `undefined` where there is none. */
  open(path: string): Promise<TextDocument | undefined>;
  /** Loads an OpenAPI or AsyncAPI document; without a contract, the problems say why. */
  contract(path: string): Promise<{ readonly contract?: Contract; readonly problems: readonly Problem[] }>;
  /** The known word that a misspelt one was most likely meant to be. */
  nearest(word: string, known: readonly string[]): string | undefined;
  /** Waits before each document that is read, so that others have a turn. Default: not at all. */
  pause?(): Promise<void>;
}

/** Where in a document's workflows something stands. */
export interface ReadingPlace {
  readonly workflowId?: string;
  readonly stepId?: string;
}

/** An expression where it stands, to be checked once all names are known. */
export interface PlacedExpression extends ReadingPlace {
  readonly expression: Expression;
  readonly pointer: string;
}

/** A workflow of another document, to be looked for once that is read. */
export interface PlacedWorkflow {
  readonly workflowId: string;
  /** Of the document that should have it. */
  readonly path: string;
  readonly pointer: string;
}

export type Members = Readonly<Record<string, unknown>>;

/** One part of a document on the way to being understood. */
export interface Part {
  readonly value: unknown;
  readonly pointer: string;
}

const NAME = /^[a-zA-Z0-9._-]+$/;

/** Reads the parts of one document and notes every mistake with its place, so that all are reported at once. */
export class DocumentReader {
  readonly document: TextDocument;
  readonly problems: Problem[] = [];
  readonly expressions: PlacedExpression[] = [];
  readonly workflows: PlacedWorkflow[] = [];
  readonly #nearest: ScenarioSources['nearest'];
  #place: ReadingPlace = {};

  constructor(document: TextDocument, nearest: ScenarioSources['nearest']) {
    this.document = document;
    this.#nearest = nearest;
  }

  /** Whether the document is of Arazzo 1.1 or later, which knows more members. */
  get isModern(): boolean {
    const { value } = this.document;
    return !(isRecord(value) && String(value.arazzo).startsWith('1.0'));
  }

  /** Notes everything read meanwhile as standing in this workflow or step. */
  within<T>(place: ReadingPlace, read: () => T): T {
    const before = this.#place;
    this.#place = place;
    try {
      return read();
    } finally {
      this.#place = before;
    }
  }

  report(pointer: string, message: string, hint: string, { onKey = false, offset = 0 } = {}): void {
    const { line, column } = this.document.locate(pointer, onKey);
    this.problems.push({ file: this.document.file, line, column: column + offset, message, hint });
  }

  /** The hint for a name that is unknown: the nearest known one, or all of them. */
  suggest(word: string, known: readonly string[], nothing = 'There is none.'): string {
    const nearest = this.#nearest(word, known);
    if (nearest !== undefined) return `Did you mean \`${nearest}\`?`;
    if (known.length === 0) return nothing;
    const listed = known.slice(0, 12).join(', ');
    return `Known: ${listed}${known.length > 12 ? ', …' : ''}.`;
  }

  /** The members of an object; reports unknown and missing ones. */
  members(part: Part, what: string, known: readonly string[], required: readonly string[] = []): Members | undefined {
    const { value, pointer } = part;
    if (!isRecord(value)) {
      this.report(pointer, `${what} must be an object.`, 'Give it its members.');
      return undefined;
    }
    for (const name of Object.keys(value)) {
      if (known.includes(name) || name.startsWith('x-')) continue;
      this.report(`${pointer}${toPointer([name])}`, `${what} has no member \`${name}\`.`, this.suggest(name, known), {
        onKey: true,
      });
    }
    for (const name of required) {
      if (value[name] === undefined) {
        this.report(pointer, `${what} lacks \`${name}\`.`, `Add \`${name}\`.`, { onKey: pointer !== '' });
      }
    }
    return value;
  }

  /** A text member; `undefined` where it is not there or no text. */
  text(members: Members, pointer: string, name: string): string | undefined {
    const value = members[name];
    if (value === undefined) return undefined;
    if (typeof value === 'string') return value;
    this.report(`${pointer}/${name}`, `\`${name}\` must be a text.`, 'Put it between quotes.');
    return undefined;
  }

  /** A text that is one of a few words. */
  word<T extends string>(members: Members, pointer: string, name: string, words: readonly T[]): T | undefined {
    const text = this.text(members, pointer, name);
    const found = words.find((word) => word === text);
    if (text !== undefined && found === undefined) {
      this.report(`${pointer}/${name}`, `\`${name}\` cannot be \`${text}\`.`, `Take one of ${words.join(', ')}.`);
    }
    return found;
  }

  /** A number not below zero. */
  amount(members: Members, pointer: string, name: string, { isWhole = false } = {}): number | undefined {
    const value = members[name];
    if (value === undefined) return undefined;
    if (typeof value === 'number' && value >= 0 && (!isWhole || Number.isInteger(value))) return value;
    this.report(
      `${pointer}/${name}`,
      `\`${name}\` must be a ${isWhole ? 'whole ' : ''}number, zero or more.`,
      'Correct it.',
    );
    return undefined;
  }

  /** The items of a list member, each with its place. */
  list(members: Members, pointer: string, name: string, { isFilled = false } = {}): Part[] {
    const value = members[name];
    if (value === undefined) return [];
    const place = `${pointer}/${name}`;
    if (!Array.isArray(value)) {
      this.report(place, `\`${name}\` must be a list.`, 'Begin each item with `- `.');
      return [];
    }
    if (isFilled && value.length === 0) this.report(place, `\`${name}\` is empty.`, 'Add an item, or leave it out.');
    return value.map((item: unknown, index) => ({ value: item, pointer: `${place}/${index}` }));
  }

  /** The entries of a map member whose keys are names. */
  map(members: Members, pointer: string, name: string): [string, Part][] {
    const value = members[name];
    if (value === undefined) return [];
    const place = `${pointer}/${name}`;
    if (!isRecord(value)) {
      this.report(place, `\`${name}\` must be an object.`, 'Give it named members.');
      return [];
    }
    return Object.entries(value).map(([key, entry]) => {
      const at = `${place}${toPointer([key])}`;
      if (!NAME.test(key)) {
        this.report(at, `\`${key}\` is no name.`, 'Use letters, digits, `.`, `-` and `_` only.', { onKey: true });
      }
      return [key, { value: entry, pointer: at }];
    });
  }

  /** A value with the expressions in it. */
  template({ value, pointer }: Part): Template {
    const { template, mistakes } = compileTemplate(value, { hasSelectors: this.isModern });
    for (const { keys, error } of mistakes) this.mistake(`${pointer}${toPointer(keys)}`, error);
    for (const expression of expressionsOf(template)) this.note(expression, pointer);
    return template;
  }

  /** What reading an expression or condition gives; notes the mistake where it gives none. */
  attempt<T>(pointer: string, read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      this.mistake(pointer, error);
      return undefined;
    }
  }

  note(expression: Expression, pointer: string): void {
    this.expressions.push({ ...this.#place, expression, pointer });
  }

  mistake(pointer: string, error: ExpressionError): void {
    this.report(pointer, error.message, error.hint, { offset: this.#offsetOf(pointer, error.offset) });
  }

  /** Only in a text that stands on one line as it is, an offset in the value is one in the file. */
  #offsetOf(pointer: string, offset: number): number {
    const { line, column } = this.document.locate(pointer);
    const source = this.document.text.split('\n')[line - 1]?.slice(column - 1) ?? '';
    if (/^[|>]/.test(source)) return 0;
    return /^['"]/.test(source) ? offset + 1 : Math.min(offset, Math.max(0, source.length - 1));
  }
}
