import { useComputed, useSignal } from '@preact/signals';
import { type Control, control } from '../api.ts';
import { Empty, Failure, Json, Link, State, Time, useControl, VirtualList } from '../parts.tsx';
import {
  activity,
  attempt,
  entityHref,
  hrefOf,
  type Item,
  revision,
  route,
  setQuery,
  tenant,
  version,
} from '../world.ts';

const KINDS = [
  'request',
  'control',
  'event',
  'timer',
  'delivery',
  'attempt',
  'message',
  'note',
  'fault',
  'clock',
  'answer',
  'snapshot',
  'reset',
  'restore',
  'reload',
  'fork',
];

/** Everything that happens, as it happens: filtered, and each thing with why it happened and what it led to. */
export function ActivityView() {
  const query = route.value.query;
  const kind = query.get('kind') ?? '';
  const system = query.get('system') ?? '';
  const text = query.get('text') ?? '';
  const subject = query.get('subject') ?? '';
  const id = route.value.path[0];
  const shown = useComputed(() => {
    void version.value;
    const wanted = new URLSearchParams(route.value.query);
    const [ofKind, ofSystem, words, about] = ['kind', 'system', 'text', 'subject'].map((name) =>
      (wanted.get(name) ?? '').toLowerCase(),
    );
    if (!ofKind && !ofSystem && !words && !about) return activity.items.slice();
    return activity.items.filter(
      (item) =>
        (!ofKind || item.kind === ofKind) &&
        (!ofSystem || item.subject?.collection.toLowerCase().startsWith(`${ofSystem}/`) === true) &&
        (!about ||
          (item.subject !== undefined && `${item.subject.collection}/${item.subject.id}`.toLowerCase() === about)) &&
        (!words ||
          `${item.title} ${item.id} ${item.subject?.id ?? ''} ${item.operationId ?? ''}`.toLowerCase().includes(words)),
    );
  });
  const items = shown.value;
  const systems = useComputed(() => {
    void revision.value;
    return [...new Set(activity.items.flatMap(({ subject: about }) => about?.collection.split('/')[0] ?? []))].sort();
  });
  const selected = id === undefined ? undefined : items.length - 1 - items.findIndex((item) => item.id === id);
  const open = (item: Item | undefined): void => {
    if (item !== undefined) openItem(item.id);
  };
  return (
    <div class={id === undefined ? 'split' : 'split has-detail'}>
      <div class="split-main">
        <div class="filters" role="search" aria-label="Filter the activity">
          <input
            type="search"
            aria-label="Text"
            placeholder="Text, id, operation…"
            value={text}
            onInput={(event) => setQuery({ text: event.currentTarget.value })}
          />
          <select aria-label="Kind" value={kind} onChange={(event) => setQuery({ kind: event.currentTarget.value })}>
            <option value="">every kind</option>
            {KINDS.map((each) => (
              <option key={each} value={each}>
                {each}
              </option>
            ))}
          </select>
          <select
            aria-label="System"
            value={system}
            onChange={(event) => setQuery({ system: event.currentTarget.value })}
          >
            <option value="">every system</option>
            {systems.value.map((each) => (
              <option key={each} value={each}>
                {each}
              </option>
            ))}
          </select>
          {subject !== '' && (
            <button type="button" onClick={() => setQuery({ subject: '' })}>
              {subject} <span aria-hidden="true">✕</span>
              <span class="sr">remove the filter</span>
            </button>
          )}
          <span class="muted figures count">{items.length.toLocaleString('en')} shown</span>
        </div>
        {items.length === 0 ? (
          <Empty title={activity.items.length === 0 ? 'Nothing has happened yet.' : 'Nothing matches the filter.'}>
            {activity.items.length === 0 ? (
              <>
                <p>Send a request from a client, move the clock, or let a synthetic operator work.</p>
                <p class="actions centred">
                  <button
                    type="button"
                    class="primary"
                    onClick={() =>
                      void attempt(async () => {
                        await control(tenant.value, 'POST', '/traffic', { rate: 2 });
                        await control(tenant.value, 'PUT', '/clock', { mode: 'real', rate: 60 });
                      }, 'Traffic comes, and a minute goes by in a second.')
                    }
                  >
                    Start traffic
                  </button>
                  <Link class="button" href={hrefOf('stories')}>
                    Play a story
                  </Link>
                </p>
              </>
            ) : (
              <button type="button" onClick={() => setQuery({ text: '', kind: '', system: '', subject: '' })}>
                Clear the filter
              </button>
            )}
          </Empty>
        ) : (
          <VirtualList
            label="Activity, newest first"
            count={items.length}
            anchor={items.length}
            selected={selected}
            keyOf={(index) => items[items.length - 1 - index]?.id ?? String(index)}
            onSelect={(index) => open(items[items.length - 1 - index])}
            render={(index) => {
              const item = items[items.length - 1 - index];
              return item === undefined ? null : <Row item={item} />;
            }}
          />
        )}
      </div>
      {id !== undefined && <Detail id={id} />}
    </div>
  );
}

function openItem(id: string): void {
  const query = Object.fromEntries(route.value.query);
  history.pushState(null, '', hrefOf(`activity/${encodeURIComponent(id)}`, query));
  dispatchEvent(new PopStateEvent('popstate'));
}

function Row({ item }: { item: Item }) {
  return (
    <>
      <span class="figures muted cell-time">
        <Time at={item.at} isInList />
      </span>
      <span class={`kind kind-${item.kind}`}>{item.kind}</span>
      <span class="cell-title">{titleOf(item)}</span>
      {item.status !== undefined && <State value={item.status} />}
      {item.subject !== undefined && <span class="muted cell-subject">{item.subject.id}</span>}
    </>
  );
}

/** What it is, without what the row says beside it: the status, and a timer's kind, with which its key begins. */
export function titleOf({ title, status, kind }: Item): string {
  if (kind === 'timer') {
    const [name = '', key = ''] = title.split(' ');
    return key === name ? name : key.startsWith(`${name}/`) ? `${name} ${key.slice(name.length + 1)}` : title;
  }
  if (kind === 'answer') return title.replace(new RegExp(` with ${status}$`), '');
  return kind === 'request' || kind === 'control' ? title.replace(new RegExp(` ${status}$`), '') : title;
}

function Detail({ id }: { id: string }) {
  const known = useComputed(() => {
    void version.value;
    return activity.items.find((item) => item.id === id);
  });
  const trace = useControl<Control['Trace']>(`/activity/${encodeURIComponent(id)}/trace`);
  const traced = useComputed(() => (trace.value.data === undefined ? [] : flat(trace.value.data.root)));
  const item = known.value ?? traced.value.find((each) => each.id === id);
  return (
    <aside class="detail" aria-label={`Details of ${id}`}>
      <header class="detail-head">
        <div>
          <span class="muted small">
            {item?.kind} · {id}
          </span>
          <h2>{item === undefined ? id : titleOf(item)}</h2>
        </div>
        <Link class="button quiet" href={hrefOf('activity', Object.fromEntries(route.value.query))}>
          Close
        </Link>
      </header>
      {item !== undefined && (
        <>
          <dl class="facts">
            <dt>At</dt>
            <dd class="figures">
              <Time at={item.at} />
            </dd>
            {item.subject !== undefined && (
              <>
                <dt>About</dt>
                <dd class="actions">
                  <Link class="target" href={entityHref(item.subject.collection, item.subject.id)}>
                    {item.subject.collection} {item.subject.id}
                  </Link>
                  <Link
                    class="button"
                    href={hrefOf('activity', { subject: `${item.subject.collection}/${item.subject.id}` })}
                  >
                    Only what is about it
                  </Link>
                </dd>
              </>
            )}
            {item.status !== undefined && (
              <>
                <dt>Status</dt>
                <dd>
                  <State value={item.status} />
                </dd>
              </>
            )}
            {item.error !== undefined && (
              <>
                <dt>Error</dt>
                <dd>{item.error}</dd>
              </>
            )}
            {item.firedBy !== undefined && (
              <>
                <dt>Reached by</dt>
                <dd>{item.firedBy}</dd>
              </>
            )}
          </dl>
          {item.kind === 'request' && <RequestDetail id={item.id} />}
          {item.kind === 'event' && item.channel !== undefined && <EventDetail id={item.id} channel={item.channel} />}
          {item.kind === 'delivery' && <DeliveryDetail id={item.id} />}
          {item.kind === 'attempt' && item.cause !== undefined && (
            <DeliveryDetail id={deliveryOf(item, traced.value)} />
          )}
        </>
      )}
      <h3>From cause to effect</h3>
      {trace.value.error !== undefined && <Failure error={trace.value.error} />}
      <ol class="tree">
        {nearTo(traced.value, id).map((each) =>
          'omitted' in each ? (
            <li key={`before ${each.before}`} class="muted small omitted">
              {each.omitted.toLocaleString('en')} more
            </li>
          ) : (
            <li key={each.id} style={{ paddingLeft: `${Math.min(each.depth, 8) * 16}px` }}>
              <Link
                href={hrefOf(`activity/${encodeURIComponent(each.id)}`, Object.fromEntries(route.value.query))}
                class={each.id === id ? 'tree-item here' : 'tree-item'}
                {...(each.id === id && { 'aria-current': 'true' as const })}
              >
                <span class={`kind kind-${each.kind}`}>{each.kind}</span>
                <span class="cell-title">{titleOf(each)}</span>
                <span class="figures muted small">
                  <Time at={each.at} isInList />
                </span>
              </Link>
            </li>
          ),
        )}
      </ol>
    </aside>
  );
}

type Node = Control['Trace']['root'];
type Line = Item & { readonly depth: number };

/** So many lines of a tree are shown whole; of a larger one what is near to the thing that is looked at. */
const MOST_LINES = 300;
const NEIGHBOURS = 20;
const MOST_EFFECTS = 200;
const MOST_CAUSES = 8;

/** The lines of a tree; of a large one a thing's causes, its effects and what is around it, with how many are left out. */
function nearTo(lines: readonly Line[], id: string): readonly (Line | { omitted: number; before: string })[] {
  if (lines.length <= MOST_LINES) return lines;
  const at = Math.max(
    0,
    lines.findIndex((line) => line.id === id),
  );
  const depth = lines[at]?.depth ?? 0;
  const after = lines.findIndex((line, index) => index > at && line.depth <= depth);
  const end = Math.min(after === -1 ? lines.length : after, at + MOST_EFFECTS);
  const kept = new Set([...lines.keys()].filter((index) => index >= at - NEIGHBOURS && index < end + NEIGHBOURS));
  // What began it all, and the nearest of what it led to: traffic is one long chain.
  kept.add(0);
  for (let index = at, above = depth; index > 0 && depth - above < MOST_CAUSES; index -= 1) {
    const line = lines[index];
    if (line === undefined || line.depth >= above) continue;
    above = line.depth;
    kept.add(index);
  }
  const shown: (Line | { omitted: number; before: string })[] = [];
  let omitted = 0;
  for (const [index, line] of lines.entries()) {
    if (kept.has(index)) {
      if (omitted > 0) shown.push({ omitted, before: line.id });
      omitted = 0;
      shown.push(line);
    } else omitted += 1;
  }
  if (omitted > 0) shown.push({ omitted, before: 'the end' });
  return shown;
}

/** The tree line by line, each cause before its effects. */
function flat(root: Node): readonly Line[] {
  const lines: Line[] = [];
  const waiting: { node: Node; depth: number }[] = [{ node: root, depth: 0 }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { node, depth } = next;
    lines.push({ ...node, depth });
    for (const effect of node.effects.toReversed()) waiting.push({ node: effect as Node, depth: depth + 1 });
  }
  return lines;
}

/** An attempt belongs to the nearest delivery above it. */
function deliveryOf(item: Item, trace: readonly Item[]): string {
  const items = new Map(trace.map((each) => [each.id, each]));
  let above: Item | undefined = item;
  for (let steps = 0; above !== undefined && above.kind !== 'delivery' && steps < 50; steps += 1)
    above = items.get(above.cause ?? '');
  return above?.id ?? item.cause ?? '';
}

function RequestDetail({ id }: { id: string }) {
  const entry = useControl<Control['JournalEntry']>(`/requests/${encodeURIComponent(id)}`, false);
  const data = entry.value.data;
  if (entry.value.error !== undefined) return <Failure error={entry.value.error} />;
  if (data === undefined) return null;
  const marks = new Map(
    (data.violations ?? []).filter((each) => each.in === 'body').map(({ path, message }) => [path, message]),
  );
  const elsewhere = (data.violations ?? []).filter((each) => each.in !== 'body');
  return (
    <>
      <h3>Request</h3>
      <p class="mono wrap">
        {data.method} {data.url}
      </p>
      {elsewhere.map((each) => (
        <p key={`${each.in}${each.path}`} class="violation">
          ■ {each.in} {each.path} {each.message}
        </p>
      ))}
      {data.request.body !== undefined && (
        <Json label="Request body" value={data.request.body} marks={data.response.status < 500 ? marks : undefined} />
      )}
      <h3>
        Response <State value={data.response.status} />
      </h3>
      {data.response.body === undefined ? (
        <p class="muted">No body.</p>
      ) : (
        <Json label="Response body" value={data.response.body} />
      )}
      {data.fault !== undefined && <p class="violation">■ struck by the fault {data.fault.id}</p>}
    </>
  );
}

function EventDetail({ id, channel }: { id: string; channel: string }) {
  const events = useControl<{ items: Control['Event'][] }>(
    `/events?limit=10000&channel=${encodeURIComponent(channel)}`,
    false,
  );
  const found = events.value.data?.items.find((each) => each.id === id);
  return (
    <>
      <h3>Message on {channel}</h3>
      {found === undefined ? (
        <p class="muted">{events.value.data === undefined ? 'Reading…' : 'It is no longer in the log.'}</p>
      ) : (
        <Json label="Message" value={found.payload} />
      )}
    </>
  );
}

function DeliveryDetail({ id }: { id: string }) {
  const deliveries = useControl<{ items: Control['Delivery'][] }>('/deliveries?limit=10000');
  const found = deliveries.value.data?.items.find((each) => each.id === id);
  const isAsked = useSignal(false);
  if (found === undefined) return null;
  return (
    <>
      <h3>
        Delivery <State value={found.state} />
      </h3>
      <p class="mono wrap">{found.target}</p>
      <ol class="plain">
        {found.attempts.map((each, index) => (
          <li key={each.at + String(index)}>
            <span class="figures muted">
              <Time at={each.at} />
            </span>{' '}
            {each.status !== undefined ? <State value={each.status} /> : (each.error ?? '')}
          </li>
        ))}
      </ol>
      {found.nextAt !== undefined && (
        <p class="muted">
          Next attempt <Time at={found.nextAt} />
        </p>
      )}
      <button
        type="button"
        disabled={isAsked.value}
        onClick={() => {
          isAsked.value = true;
          void attempt(
            () => control(tenant.value, 'POST', `/deliveries/${encodeURIComponent(id)}/redeliver`),
            'It is sent once more.',
          ).then(() => (isAsked.value = false));
        }}
      >
        Send it again
      </button>
    </>
  );
}
