import { computed, effect, signal, untracked } from '@preact/signals';
import { type Control, control, ProblemError, stream } from './api.ts';

const CONSOLE = '/_simulator/console/';

/** What the address says: everything on the page can be linked to. */
export interface Route {
  readonly tenant: string;
  readonly view: string;
  readonly path: readonly string[];
  readonly query: URLSearchParams;
}

const place = signal(location.pathname + location.search);
addEventListener('popstate', () => {
  place.value = location.pathname + location.search;
});

export const route = computed((): Route => {
  const url = new URL(place.value, location.origin);
  const below = url.pathname.startsWith(CONSOLE) ? url.pathname.slice(CONSOLE.length) : '';
  const [tenant = '', view = '', ...path] = below.split('/').map((part) => decodeURIComponent(part));
  return {
    tenant: tenant || 'default',
    view: view || 'activity',
    path: path.filter((part) => part !== ''),
    query: url.searchParams,
  };
});

export const tenant = computed(() => route.value.tenant);

/** The address of a view of this tenant, or of another. */
export function hrefOf(path: string, query: Readonly<Record<string, string>> = {}, of = tenant.value): string {
  const entries = Object.entries(query).filter(([, value]) => value !== '');
  const search = entries.length === 0 ? '' : `?${new URLSearchParams(entries)}`;
  return `${CONSOLE}${encodeURIComponent(of)}/${path}${search}`;
}

export function entityHref(collection: string, id: string): string {
  return hrefOf(`data/${collection}/${encodeURIComponent(id)}`);
}

export function go(href: string, isReplaced = false): void {
  history[isReplaced ? 'replaceState' : 'pushState'](null, '', href);
  place.value = href;
}

/** Changes what the address says behind the question mark, so that the view can be linked to as it is. */
export function setQuery(changes: Readonly<Record<string, string>>): void {
  const query = new URLSearchParams(route.value.query);
  for (const [name, value] of Object.entries(changes)) {
    if (value === '') query.delete(name);
    else query.set(name, value);
  }
  const search = query.toString();
  go(location.pathname + (search === '' ? '' : `?${search}`), true);
}

export type Item = Control['Activity'];

/** The newest things that have happened, oldest first; an array that grows, told of by `version`. */
export const activity: { items: Item[] } = { items: [] };
export const version = signal(0);
/** Rises when something has changed, at most a few times a second: what shows the world asks for it again then. */
export const revision = signal(0);
export const clock = signal<Control['Clock'] | undefined>(undefined);
export const snapshots = signal<readonly Control['Snapshot'][]>([]);
export const tenants = signal<readonly string[]>([]);
/** Why nothing is shown of the tenant, if so, and whether it is because there is none. */
export const missing = signal<{ readonly text: string; readonly canBeMade: boolean } | undefined>(undefined);
/** The operator's time zone, in which times are shown. */
export const zone = signal('UTC');
export const isLive = signal(false);
/** What went wrong last, for everybody to see. */
export const notice = signal<{ readonly text: string; readonly isError: boolean } | undefined>(undefined);

/** When the clock was read, by the machine's own count: a running clock is shown as it goes on. */
let readAt = 0;
const tick = signal(0);

/** The world's time, in milliseconds since 1970. */
export function worldNow(): number {
  const state = clock.value;
  if (state === undefined) return 0;
  void tick.value;
  const passed = state.mode === 'real' ? (performance.now() - readAt) * state.rate : 0;
  return Date.parse(state.now) + passed;
}

/** Does something that may be refused, and says so where it is; answers whether it was done. */
export async function attempt(work: () => Promise<unknown>, done?: string): Promise<boolean> {
  try {
    await work();
    if (done !== undefined) notice.value = { text: done, isError: false };
    return true;
  } catch (error) {
    const violations = error instanceof ProblemError ? error.violations : [];
    const details = violations.map(({ path, message }) => `${path} ${message}`).join('; ');
    const text = error instanceof Error ? error.message : String(error);
    notice.value = { text: details === '' ? text : `${text} ${details}`, isError: true };
    return false;
  }
}

const MOST_ITEMS = 10_000;
/** After these the world is another one, its past included. */
const ANEW: ReadonlySet<Item['kind']> = new Set(['reset', 'restore', 'fork', 'reload']);
let waiting: Item[] = [];
let isPlanned = false;
let isRevisionPlanned = false;

/** Many may come at once: they are shown by the frame. */
function take(item: Item): void {
  // What was before is no longer what was before.
  if (ANEW.has(item.kind)) {
    void reload();
    return;
  }
  if (item.kind === 'control' && item.title.includes('/policies')) void readZone(tenant.peek());
  waiting.push(item);
  if (isPlanned) return;
  isPlanned = true;
  requestAnimationFrame(() => {
    isPlanned = false;
    activity.items.push(...waiting);
    waiting = [];
    if (activity.items.length > MOST_ITEMS * 1.1) activity.items.splice(0, activity.items.length - MOST_ITEMS);
    version.value += 1;
    changed();
  });
}

export function changed(): void {
  if (isRevisionPlanned) return;
  isRevisionPlanned = true;
  setTimeout(() => {
    isRevisionPlanned = false;
    revision.value += 1;
  }, 250);
}

async function readClock(of: string): Promise<void> {
  const [state, kept] = await Promise.all([
    control<Control['Clock']>(of, 'GET', '/clock'),
    control<{ items: Control['Snapshot'][] }>(of, 'GET', '/snapshots?limit=1000'),
  ]);
  if (of !== tenant.peek()) return;
  readAt = performance.now();
  clock.value = state;
  snapshots.value = kept.items;
}

async function readZone(of: string): Promise<void> {
  const { operator } = await control<{ operator?: { timeZone?: string } }>(of, 'GET', '/policies').catch(() => ({
    operator: undefined,
  }));
  if (of === tenant.peek()) zone.value = operator?.timeZone ?? 'UTC';
}

/** Reads everything anew, as after a restore. */
export async function reload(): Promise<void> {
  follow(tenant.peek());
  await Promise.resolve();
}

let following = new AbortController();

/** Follows one tenant: what there is of its past, then all that happens, and on again where the line breaks. */
function follow(of: string): void {
  following.abort();
  following = new AbortController();
  const { signal: gone } = following;
  activity.items = [];
  waiting = [];
  missing.value = undefined;
  clock.value = undefined;
  version.value += 1;
  void (async () => {
    let wait = 250;
    while (!gone.aborted) {
      try {
        if (of === 'default') await control(of, 'PUT', '/tenants/default');
        await Promise.all([readClock(of), readZone(of)]);
        if (gone.aborted) return;
        const last = activity.items.at(-1)?.id;
        const events = await stream(of, '/activity', { signal: gone, ...(last !== undefined && { lastId: last }) });
        // Read only once what comes is heard: what happens between would be in neither.
        const known = new Set<string>();
        if (last === undefined) {
          const { items } = await control<{ items: Item[] }>(of, 'GET', `/activity?limit=${MOST_ITEMS}`);
          if (gone.aborted) return;
          activity.items = items;
          for (const { id } of items) known.add(id);
          version.value += 1;
          changed();
        }
        missing.value = undefined;
        isLive.value = true;
        for await (const { data } of events) {
          wait = 250;
          if (data === '') continue;
          const item = JSON.parse(data) as Item;
          if (!known.delete(item.id)) take(item);
        }
      } catch (error) {
        if (gone.aborted) return;
        isLive.value = false;
        if (error instanceof ProblemError && error.status === 410) activity.items = [];
        if (error instanceof ProblemError && [0, 401, 403, 404].includes(error.status))
          missing.value = { text: error.message, canBeMade: error.status === 404 };
      }
      isLive.value = false;
      await new Promise((resolve) => setTimeout(resolve, wait));
      wait = Math.min(wait * 2, 5_000);
    }
  })();
}

export function begin(): void {
  effect(() => {
    const of = tenant.value;
    untracked(() => follow(of));
  });
  effect(() => {
    if (revision.value > 0) void readClock(tenant.peek()).catch(() => {});
  });
  effect(() => {
    void revision.value;
    void control<{ items: { name: string }[] }>(tenant.peek(), 'GET', '/tenants?limit=1000')
      .then(({ items }) => {
        tenants.value = items.map(({ name }) => name);
      })
      .catch(() => {});
  });
  setInterval(() => {
    if (clock.peek()?.mode === 'real') tick.value += 1;
  }, 200);
}
