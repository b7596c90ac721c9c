import { type ReadonlySignal, signal, useComputed, useSignal, useSignalEffect } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { control } from './api.ts';
import { go, notice, revision, tenant, zone } from './world.ts';

/** Goes somewhere on the page without loading it anew. */
export function Link({
  href,
  children,
  ...rest
}: {
  href: string;
  children: ComponentChildren;
  class?: string;
  title?: string;
  'aria-current'?: 'page' | 'true' | undefined;
}) {
  return (
    <a
      href={href}
      {...rest}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
        event.preventDefault();
        go(href);
      }}
    >
      {children}
    </a>
  );
}

/** A time of the world: to the second, in the operator's zone; in a list, a narrow page leaves out year and second. */
export function Time({ at, isInList = false }: { at: string | number; isInList?: boolean }) {
  const iso = typeof at === 'number' ? new Date(at).toISOString() : at;
  const text = timeText(iso);
  return (
    <time dateTime={iso} title={iso}>
      {isInList ? (
        <>
          <span class="fine">{text.slice(0, 5)}</span>
          {text.slice(5, 16)}
          <span class="fine">{text.slice(16)}</span>
        </>
      ) : (
        text
      )}
    </time>
  );
}

export function timeText(at: string | number): string {
  const iso = typeof at === 'number' ? new Date(at).toISOString() : at;
  if (zone.value === 'UTC') return `${iso.slice(0, 10)} ${iso.slice(11, 19)}`;
  return formatterOf(zone.value).format(Date.parse(iso));
}

/** When a day begins in the operator's zone. */
export function startOfDay(date: string): string {
  const midnight = Date.parse(`${date}T00:00:00.000Z`);
  const offsetAt = (at: number): number =>
    Date.parse(`${timeText(at).replace(' ', 'T')}.000Z`) - Math.floor(at / 1000) * 1000;
  // Where the clocks are put forward, the offset at midnight is another than that of the first guess.
  return new Date(midnight - offsetAt(midnight - offsetAt(midnight))).toISOString();
}

const formatters = new Map<string, Intl.DateTimeFormat>();

/** Swedish writes times as the others here are written. */
function formatterOf(timeZone: string): Intl.DateTimeFormat {
  let formatter = formatters.get(timeZone);
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
    formatters.set(timeZone, formatter);
  }
  return formatter;
}

/** How far off a time is, in the largest unit that fits. */
export function distance(from: number, to: number): string {
  const seconds = Math.abs(to - from) / 1000;
  const units: [string, number][] = [
    ['d', 86_400],
    ['h', 3_600],
    ['min', 60],
    ['s', 1],
  ];
  const [unit, size] = units.find(([, each]) => seconds >= each) ?? ['s', 1];
  return `${Math.round(seconds / size)} ${unit}`;
}

const GOOD = /^(active|paid|live|delivered|passed|running|ready|userprocessed|2\d\d)$/i;
const BAD = /^(overdue|failed|terminated|cancelled|error|timedout|in arrears|in collection|suspended|5\d\d)$/i;
const WARN = /^(pending|open|inactive|due|scheduled|received|processing|stopped|4\d\d|pending .*)$/i;
const MARK = { good: '●', warn: '◐', bad: '■', plain: '○' } as const;

/** A state, by its word and a shape; the colour only repeats it. */
export function State({ value }: { value: unknown }) {
  const text = String(value);
  const kind = GOOD.test(text) ? 'good' : BAD.test(text) ? 'bad' : WARN.test(text) ? 'warn' : 'plain';
  return (
    <span class={`state ${kind}`}>
      <span aria-hidden="true">{MARK[kind]}</span> {text}
    </span>
  );
}

export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <p class="empty-title">{title}</p>
      <div>{children}</div>
    </div>
  );
}

/** How many times as long as an answer took it is good for: what is large is not asked for all the time. */
const REST = 3;

/** One reading of the control API: another of the same begins only once it is over and has rested. */
interface Reading {
  readonly key: string;
  until: number;
  isStale: boolean;
  timer?: ReturnType<typeof setTimeout>;
}

/** Reads from the control API, and again whenever something has changed. */
export function useControl<T>(path: ReadonlySignal<string | undefined> | string | undefined, isFollowed = true) {
  const result = useSignal<{ data?: T; error?: Error; path?: string }>({});
  const given = typeof path === 'object' ? path : undefined;
  const fixed = useSignal(typeof path === 'object' ? undefined : path);
  if (typeof path !== 'object' && fixed.peek() !== path) fixed.value = path;
  const again = useSignal(0);
  const last = useRef<Reading | undefined>(undefined);
  useEffect(
    () => () => {
      clearTimeout(last.current?.timer);
      last.current = undefined;
    },
    [],
  );
  useSignalEffect(() => {
    void again.value;
    if (isFollowed) void revision.value;
    const asked = given === undefined ? fixed.value : given.value;
    const of = tenant.value;
    if (asked === undefined) return;
    const key = `${of} ${asked}`;
    const began = performance.now();
    if (last.current?.key === key && began < last.current.until) {
      last.current.isStale = true;
      return;
    }
    clearTimeout(last.current?.timer);
    const reading: Reading = { key, until: Number.POSITIVE_INFINITY, isStale: false };
    last.current = reading;
    const end = (outcome: { data: T } | { error: Error }): void => {
      if (last.current !== reading) return;
      result.value = { ...outcome, path: asked };
      const rest = (performance.now() - began) * REST;
      reading.until = performance.now() + rest;
      reading.timer = setTimeout(() => {
        reading.until = 0;
        if (reading.isStale) again.value += 1;
      }, rest);
    };
    control<T>(of, 'GET', asked).then(
      (data) => end({ data }),
      (error: Error) => end({ error }),
    );
  });
  return result;
}

export function Failure({ error }: { error: Error }) {
  return (
    <p class="failure" role="alert">
      <span aria-hidden="true">■</span> {error.message}
    </p>
  );
}

export function Notice() {
  const said = notice.value;
  useEffect(() => {
    if (said === undefined || said.isError) return;
    const timer = setTimeout(() => {
      notice.value = undefined;
    }, 4_000);
    return () => clearTimeout(timer);
  }, [said]);
  return (
    <div class="notices" aria-live="polite">
      {said !== undefined && (
        <div class={said.isError ? 'notice bad' : 'notice'}>
          <span>{said.text}</span>
          <button type="button" class="quiet" aria-label="Dismiss" onClick={() => (notice.value = undefined)}>
            ✕
          </button>
        </div>
      )}
    </div>
  );
}

/** A list of any length: only what is in sight is on the page. Rows are all of one height. */
export function VirtualList({
  count,
  render,
  label,
  anchor,
  rowHeight = 32,
  keyOf,
  onSelect,
  selected,
}: {
  count: number;
  render: (index: number) => ComponentChildren;
  label: string;
  /** What the list is of: where the number of rows before the first grows, what is read stays where it is. */
  anchor?: number;
  rowHeight?: number;
  keyOf: (index: number) => string;
  onSelect?: (index: number) => void;
  selected?: number;
}) {
  const box = useRef<HTMLDivElement>(null);
  const top = useSignal(0);
  const height = useSignal(600);
  const before = useRef(anchor ?? 0);
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => {
      height.value = element.clientHeight;
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    const grown = (anchor ?? 0) - before.current;
    before.current = anchor ?? 0;
    const element = box.current;
    if (element !== null && grown > 0 && element.scrollTop > rowHeight) element.scrollTop += grown * rowHeight;
  }, [anchor]);
  const first = Math.max(0, Math.floor(top.value / rowHeight) - 8);
  const last = Math.min(count, Math.ceil((top.value + height.value) / rowHeight) + 8);
  const move = (to: number): void => {
    const next = Math.max(0, Math.min(count - 1, to));
    onSelect?.(next);
    const element = box.current;
    if (element === null) return;
    if (next * rowHeight < element.scrollTop) element.scrollTop = next * rowHeight;
    else if ((next + 1) * rowHeight > element.scrollTop + element.clientHeight)
      element.scrollTop = (next + 1) * rowHeight - element.clientHeight;
  };
  const rows = [];
  for (let index = first; index < last; index += 1)
    rows.push(
      <div
        key={keyOf(index)}
        id={`row-${index}`}
        role={onSelect === undefined ? 'listitem' : 'option'}
        aria-setsize={count}
        aria-posinset={index + 1}
        {...(onSelect !== undefined && { 'aria-selected': index === selected })}
        class={index === selected ? 'row selected' : 'row'}
        style={{ transform: `translateY(${index * rowHeight}px)`, height: `${rowHeight}px` }}
        onClick={() => onSelect?.(index)}
      >
        {render(index)}
      </div>,
    );
  return (
    <div
      ref={box}
      class="virtual"
      role={onSelect === undefined ? 'list' : 'listbox'}
      aria-label={label}
      tabIndex={0}
      {...(onSelect !== undefined &&
        selected !== undefined &&
        selected >= first &&
        selected < last && { 'aria-activedescendant': `row-${selected}` })}
      onScroll={(event) => (top.value = event.currentTarget.scrollTop)}
      onKeyDown={(event) => {
        const page = Math.max(1, Math.floor(height.value / rowHeight) - 1);
        const steps: Record<string, number> = {
          ArrowDown: 1,
          ArrowUp: -1,
          PageDown: page,
          PageUp: -page,
          Home: -count,
          End: count,
        };
        const step = steps[event.key];
        if (onSelect === undefined || step === undefined || event.target !== event.currentTarget) return;
        event.preventDefault();
        move((selected ?? -1) + step);
      }}
    >
      <div class="virtual-space" style={{ height: `${count * rowHeight}px` }}>
        {rows}
      </div>
    </div>
  );
}

const MOST_MEMBERS = 200;

/** JSON as it is, with what is wrong marked where it is wrong. */
export function Json({
  value,
  marks,
  pointer = '',
  label,
}: {
  value: unknown;
  marks?: ReadonlyMap<string, string>;
  pointer?: string;
  label?: string;
}) {
  return (
    <div class="json" role="group" aria-label={label ?? 'JSON'} tabIndex={0}>
      <JsonValue value={value} marks={marks} pointer={pointer} depth={0} />
    </div>
  );
}

function JsonValue({
  value,
  marks,
  pointer,
  depth,
}: {
  value: unknown;
  marks: ReadonlyMap<string, string> | undefined;
  pointer: string;
  depth: number;
}) {
  const mark = marks?.get(pointer);
  const marked = mark === undefined ? null : <span class="violation"> ■ {mark}</span>;
  if (typeof value !== 'object' || value === null)
    return (
      <span>
        <span class={`json-${value === null ? 'null' : typeof value}`}>{JSON.stringify(value) ?? 'undefined'}</span>
        {marked}
      </span>
    );
  const isArray = Array.isArray(value);
  const members = Object.entries(value);
  const [open, close] = isArray ? '[]' : '{}';
  if (members.length === 0)
    return (
      <span>
        {open}
        {close}
        {marked}
      </span>
    );
  return (
    <span>
      {open}
      {marked}
      {members.slice(0, MOST_MEMBERS).map(([name, member]) => (
        <div key={name} class="json-member">
          {!isArray && <span class="json-name">{name}: </span>}
          <JsonValue value={member} marks={marks} pointer={`${pointer}/${name}`} depth={depth + 1} />
        </div>
      ))}
      {members.length > MOST_MEMBERS && <div class="json-member muted">and {members.length - MOST_MEMBERS} more</div>}
      {close}
    </span>
  );
}

const dialogs = signal(0);

/** A box above the page; Escape and a click beside it close it, and the focus goes back to where it was. */
export function Dialog({
  title,
  onClose,
  children,
  isWide = false,
}: {
  title: string;
  onClose?: () => void;
  children: ComponentChildren;
  isWide?: boolean;
}) {
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    box.current?.showModal();
    dialogs.value += 1;
  }, []);
  return (
    <dialog
      ref={box}
      class={isWide ? 'dialog wide' : 'dialog'}
      aria-label={title}
      onCancel={(event) => {
        event.preventDefault();
        onClose?.();
      }}
      onClick={(event) => {
        if (event.target === event.currentTarget) onClose?.();
      }}
    >
      <div class="dialog-body">
        <header class="dialog-head">
          <h2>{title}</h2>
          {onClose !== undefined && (
            <button type="button" class="quiet" aria-label="Close" onClick={onClose}>
              ✕
            </button>
          )}
        </header>
        {children}
      </div>
    </dialog>
  );
}

export function Copy({ text, children }: { text: string; children: ComponentChildren }) {
  const isDone = useSignal(false);
  const shown = useComputed(() => (isDone.value ? 'Copied' : undefined));
  return (
    <button
      type="button"
      onClick={() => {
        void navigator.clipboard?.writeText(text).then(() => {
          isDone.value = true;
          setTimeout(() => (isDone.value = false), 1_500);
        });
      }}
    >
      {shown.value ?? children}
    </button>
  );
}
