import { useComputed, useSignal, useSignalEffect } from '@preact/signals';
import { type Control, control, mustDo } from '../api.ts';
import { Empty, Failure, Json, Link, State, Time, timeText, useControl, VirtualList } from '../parts.tsx';
import { moves } from '../time-bar.tsx';
import { attempt, entityHref, go, hrefOf, revision, route, setQuery, snapshots, tenant } from '../world.ts';
import { titleOf } from './activity.tsx';
import { LifeCycle } from './life-cycle.tsx';

type Collection = Control['Collection'];

/** What there is: tables of everything, one thing with what belongs to it, and what has changed. */
export function WorldView() {
  const list = useControl<{ items: Collection[] }>('/collections?limit=10000');
  const [system, resource, id, more] = route.value.path;
  if (list.value.error !== undefined) return <Failure error={list.value.error} />;
  const collections = list.value.data?.items ?? [];
  const isDiff = system === 'diff';
  const chosen =
    collections.find(({ collection }) => collection === `${system}/${resource}`) ??
    (isDiff ? undefined : (collections.find(({ resource: name }) => name === 'Customer') ?? collections[0]));
  return (
    <div class="side-by-side chosen-above">
      <select
        class="side-choice"
        aria-label="Collection"
        value={isDiff ? 'diff' : chosen?.collection}
        onChange={(event) => go(hrefOf(`data/${event.currentTarget.value}`))}
      >
        {collections.map((each) => (
          <option key={each.collection} value={each.collection}>
            {each.collection} ({each.count.toLocaleString('en')})
          </option>
        ))}
        <option value="diff">Changes since a restore point</option>
      </select>
      <nav class="side" aria-label="Collections">
        {[...new Set(collections.map((each) => each.system))].map((each) => (
          <div key={each}>
            <h3 class="side-title">{each}</h3>
            <ul class="plain">
              {collections
                .filter((of) => of.system === each)
                .map((of) => (
                  <li key={of.collection}>
                    <Link
                      class="side-link"
                      href={hrefOf(`data/${of.collection}`)}
                      {...(of === chosen && { 'aria-current': 'page' as const })}
                    >
                      <span title={of.resource}>{of.resource}</span>{' '}
                      <span class="figures muted">{of.count.toLocaleString('en')}</span>
                    </Link>
                  </li>
                ))}
            </ul>
          </div>
        ))}
        <h3 class="side-title">Changes</h3>
        <Link class="side-link" href={hrefOf('data/diff')} {...(isDiff && { 'aria-current': 'page' as const })}>
          Since a restore point
        </Link>
      </nav>
      <div class="content">
        {isDiff ? (
          <Diff />
        ) : chosen === undefined ? null : id === undefined ? (
          <Table key={chosen.collection} of={chosen} />
        ) : more === 'graph' ? (
          <Graph of={chosen} id={id} />
        ) : (
          <EntityView key={`${chosen.collection}/${id}`} of={chosen} id={id} />
        )}
      </div>
    </div>
  );
}

const PAGE = 200;

interface Part {
  readonly items: readonly Record<string, unknown>[];
  readonly keys: readonly string[];
  readonly total: number;
}

function Table({ of }: { of: Collection }) {
  const parts = useSignal<ReadonlyMap<number, Part>>(new Map());
  const total = useSignal<number | undefined>(undefined);
  const failure = useSignal<Error | undefined>(undefined);
  const asked = useSignal(new Set<number>());
  const filter = route.value.query.get('filter') ?? '';
  // What is typed and not yet asked for: the table is drawn again whenever something happens, which may not take it away.
  const typed = useSignal<string | undefined>(undefined);
  const sort = route.value.query.get('sort') ?? '';
  const read = (page: number): void => {
    if (asked.peek().has(page)) return;
    asked.peek().add(page);
    const query = new URLSearchParams({
      limit: String(PAGE),
      page: String(page),
      ...(filter && { filter }),
      ...(sort && { sort }),
    });
    control<Part>(tenant.peek(), 'GET', `/collections/${of.collection}?${query}`).then(
      (part) => {
        parts.value = new Map(parts.peek()).set(page, part);
        total.value = part.total;
        failure.value = undefined;
      },
      (error: Error) => {
        failure.value = error;
      },
    );
  };
  useSignalEffect(() => {
    void revision.value;
    void route.value;
    asked.value = new Set();
    // What is shown stays until what is new has come.
    read(1);
    for (const page of parts.peek().keys()) read(page);
  });
  const columns = useComputed(() => columnsOf(of, parts.value.get(1)?.items ?? []));
  const decimals = useComputed(
    () => new Map(columns.value.map((name) => [name, decimalsOf(parts.value.get(1)?.items ?? [], name)])),
  );
  const count = total.value ?? 0;
  const template = `minmax(120px, 1.2fr) ${columns.value.map((name) => (name === of.state ? 'minmax(112px, 1fr)' : 'minmax(88px, 1fr)')).join(' ')}`;
  return (
    <div class="fill">
      <header class="view-head">
        <h2>
          {of.resource} <span class="muted figures">{count.toLocaleString('en')}</span>
        </h2>
        <div class="filters" role="search" aria-label="Filter the table">
          <input
            type="search"
            class="wide-input"
            aria-label="Filter"
            placeholder={`${of.state ?? of.id}==…;text`}
            value={typed.value ?? filter}
            onInput={(event) => (typed.value = event.currentTarget.value)}
            onChange={(event) => {
              typed.value = undefined;
              setQuery({ filter: event.currentTarget.value });
            }}
          />
          {of.operations.create !== undefined && (
            <Link class="button" href={hrefOf(`contracts/${of.system}/${of.contract}/${of.operations.create}`)}>
              New…
            </Link>
          )}
        </div>
      </header>
      {failure.value !== undefined && <Failure error={failure.value} />}
      {total.value === 0 ? (
        <Empty title={filter === '' ? `There is no ${of.resource} yet.` : 'Nothing matches the filter.'}>
          {filter !== '' ? (
            <button type="button" onClick={() => setQuery({ filter: '' })}>
              Clear the filter
            </button>
          ) : of.operations.create !== undefined ? (
            <Link class="button primary" href={hrefOf(`contracts/${of.system}/${of.contract}/${of.operations.create}`)}>
              Make one
            </Link>
          ) : (
            <>
              <p>No operation makes one; it comes from what happens as time goes by.</p>
              <button type="button" class="primary" onClick={() => void moves.month()}>
                Let a month go by
              </button>
            </>
          )}
        </Empty>
      ) : (
        <div class="table-scroll">
          <div class="table">
            <div class="table-head" style={{ gridTemplateColumns: template }}>
              {[of.id, ...columns.value].map((name) => (
                <button
                  key={name}
                  type="button"
                  class={decimals.value.get(name) === undefined ? 'column' : 'column number'}
                  aria-label={`Sort by ${name}`}
                  aria-pressed={sort === name || sort === `-${name}`}
                  onClick={() => setQuery({ sort: sort === name ? `-${name}` : sort === `-${name}` ? '' : name })}
                >
                  {name} {sort === name ? '↑' : sort === `-${name}` ? '↓' : ''}
                </button>
              ))}
            </div>
            <VirtualList
              label={`${of.resource}, ${count} in all`}
              count={count}
              keyOf={(index) => parts.value.get(Math.floor(index / PAGE) + 1)?.keys[index % PAGE] ?? `row ${index}`}
              render={(index) => {
                const page = Math.floor(index / PAGE) + 1;
                const part = parts.value.get(page);
                if (part === undefined) {
                  read(page);
                  return <span class="muted">…</span>;
                }
                const item = part.items[index % PAGE];
                const key = part.keys[index % PAGE];
                if (item === undefined || key === undefined) return null;
                return (
                  <div class="cells" style={{ gridTemplateColumns: template }}>
                    <Link class="cell" href={entityHref(of.collection, key)}>
                      {key}
                    </Link>
                    {columns.value.map((name) => (
                      <span key={name} class={typeof item[name] === 'number' ? 'cell figures number' : 'cell'}>
                        {name === of.state ? (
                          <State value={item[name]} />
                        ) : typeof item[name] === 'number' ? (
                          (item[name] as number).toFixed(decimals.value.get(name) ?? 0)
                        ) : (
                          cellText(item[name])
                        )}
                      </span>
                    ))}
                  </div>
                );
              }}
            />
          </div>
        </div>
      )}
    </div>
  );
}

/** The state, and what else fits into a cell, in the contract's order. */
function columnsOf({ columns, state, id }: Collection, items: readonly Record<string, unknown>[]): readonly string[] {
  const fits = (name: string) =>
    items.some((item) => ['string', 'number', 'boolean'].includes(typeof item[name])) &&
    !items.some((item) => String(item[name]).length > 60);
  const plain = columns.filter((name) => name !== id && name !== state && fits(name));
  return [...(state === undefined ? [] : [state]), ...plain].slice(0, 7);
}

function cellText(value: unknown, isExact = false): string {
  if (value === undefined || value === null) return '';
  if (isTime(value)) return isExact ? timeText(value) : timeText(value).slice(0, 10);
  return String(value);
}

/** How many decimals the numbers of a column have at most, so that all have as many and their points stand in line. */
function decimalsOf(items: readonly Record<string, unknown>[], name: string): number | undefined {
  const numbers = items.map((item) => item[name]).filter((value) => typeof value === 'number');
  if (numbers.length === 0) return undefined;
  return Math.min(6, Math.max(...numbers.map((number) => String(number).split('.')[1]?.length ?? 0)));
}

function EntityView({ of, id }: { of: Collection; id: string }) {
  const page = useControl<Control['EntityPage']>(`/collections/${of.collection}/${encodeURIComponent(id)}`);
  const data = page.value.data;
  if (page.value.error !== undefined)
    return (
      <Empty title={page.value.error.message}>
        <Link class="button" href={hrefOf(`data/${of.collection}`)}>
          All {of.resource}
        </Link>
      </Empty>
    );
  if (data === undefined) return null;
  const { lifecycle, links, history, due } = data;
  return (
    <article class="entity">
      <header class="view-head">
        <div>
          <span class="muted small">
            <Link href={hrefOf(`data/${of.collection}`)}>{of.collection}</Link> · {data.id}
          </span>
          <h2>
            {data.title} {lifecycle !== undefined && <State value={lifecycle.state} />}
          </h2>
        </div>
        <Link class="button" href={hrefOf(`data/${of.collection}/${encodeURIComponent(id)}/graph`)}>
          What belongs together
        </Link>
      </header>
      <div class="columns">
        <section>
          {lifecycle !== undefined && <LifeCycle lifecycle={lifecycle} />}
          <h3>Properties</h3>
          <EntityForm key={JSON.stringify(data.entity)} of={of} entity={data.entity} form={data.form} />
          <details>
            <summary>As JSON</summary>
            <Json label="The thing as JSON" value={data.entity} />
          </details>
        </section>
        <section>
          <h3>Links</h3>
          {links.length === 0 ? (
            <p class="muted">Nothing names it, and it names nothing.</p>
          ) : (
            <ul class="plain">
              {links.map((link) => (
                <li key={`${link.collection}/${link.id}`} class="link-row in-columns">
                  <span class="muted small cell" title={link.rel}>
                    {link.direction === 'out' ? '→' : '←'} {link.collection.split('/')[1]}
                  </span>
                  <Link class="cell" title={link.title} href={entityHref(link.collection, link.id)}>
                    {link.title}
                  </Link>
                  {link.id !== link.title && (
                    <span class="muted small cell" title={link.id}>
                      {link.id}
                    </span>
                  )}
                </li>
              ))}
            </ul>
          )}
          {data.omittedLinks > 0 && <p class="muted">And {data.omittedLinks.toLocaleString('en')} more.</p>}
          <h3>Due</h3>
          {due.length === 0 ? (
            <p class="muted">Nothing waits for it.</p>
          ) : (
            <ul class="plain">
              {due.map((each) => (
                <li key={each.key} class="link-row in-columns timed">
                  <span class="figures">
                    <Time at={each.due} />
                  </span>
                  <span>{each.kind}</span>
                </li>
              ))}
            </ul>
          )}
          <h3>History</h3>
          {history.length === 0 ? (
            <p class="muted">Nothing of it is in the activity.</p>
          ) : (
            <ul class="plain">
              {history.toReversed().map((item) => (
                <li key={item.id} class="link-row in-columns timed">
                  <span class="figures muted">
                    <Time at={item.at} />
                  </span>
                  <Link href={hrefOf(`activity/${encodeURIComponent(item.id)}`, { subject: `${of.collection}/${id}` })}>
                    {titleOf(item)}
                  </Link>
                </li>
              ))}
            </ul>
          )}
        </section>
      </div>
    </article>
  );
}

type Form = NonNullable<Control['EntityPage']['form']>;
type Field = Form['fields'][number];

/** A thing to be read and, where its contract lets clients change it, to be changed: as its schema has it. */
function EntityForm({ of, entity, form }: { of: Collection; entity: Record<string, unknown>; form: Form | undefined }) {
  const changes = useSignal<ReadonlyMap<string, unknown>>(new Map());
  const fields = form?.fields ?? [];
  const nested = (name: string) => fields.filter((field) => field.name.startsWith(`${name}.`));
  const names = [...new Set([...Object.keys(entity), ...fields.map(({ name }) => name.split('.')[0] ?? '')])];
  const set = (field: Field, text: string): void => {
    const value = text === '' ? null : field.kind === 'number' ? Number(text) : text;
    changes.value = new Map(changes.value).set(field.name, field.kind === 'boolean' ? text === 'true' : value);
  };
  const save = (): void => {
    if (form === undefined) return;
    const patch = {};
    for (const [name, value] of changes.value) putAt(patch, name.split('.'), value);
    const body = form.within.reduceRight<unknown>((inner, name) => ({ [name]: inner }), patch);
    void attempt(() => mustDo(tenant.value, form.method, form.path, body), 'It has been changed.');
  };
  const inputOf = (field: Field) => (
    <label key={field.name} class="property">
      <span class="property-name">{field.name}</span>
      <Input
        field={field}
        value={changes.value.has(field.name) ? changes.value.get(field.name) : valueIn(entity, field.name.split('.'))}
        onChange={(text) => set(field, text)}
      />
    </label>
  );
  return (
    <form
      class="properties"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      {names.flatMap((name) => {
        const own = fields.find((field) => field.name === name);
        if (own !== undefined) return [inputOf(own)];
        if (nested(name).length > 0) return nested(name).map(inputOf);
        const value = entity[name];
        const isPlain = ['string', 'number', 'boolean'].includes(typeof value);
        return [
          <div key={name} class="property">
            <span class="property-name">{name}</span>
            <span class={typeof value === 'number' ? 'property-value figures' : 'property-value'}>
              {name === of.state ? (
                <State value={value} />
              ) : isTime(value) ? (
                <Time at={value} />
              ) : isPlain ? (
                String(value)
              ) : (
                <Nested value={value} />
              )}
            </span>
          </div>,
        ];
      })}
      {form !== undefined && (
        <p class="actions">
          <button type="submit" class="primary" disabled={changes.value.size === 0}>
            Save by {form.operationId}
          </button>
        </p>
      )}
    </form>
  );
}

function Input({ field, value, onChange }: { field: Field; value: unknown; onChange: (text: string) => void }) {
  const text = value === undefined || value === null ? '' : String(value);
  const choices = field.kind === 'boolean' ? [true, false] : field.choices;
  if (choices !== undefined)
    return (
      <select value={text} title={field.description} onChange={(event) => onChange(event.currentTarget.value)}>
        {!choices.map(String).includes(text) && <option value={text}>{text}</option>}
        {choices.map((each) => (
          <option key={String(each)}>{String(each)}</option>
        ))}
      </select>
    );
  return (
    <input
      type={field.kind === 'number' || field.kind === 'date' ? field.kind : 'text'}
      step="any"
      value={text}
      title={field.description}
      onInput={(event) => onChange(event.currentTarget.value)}
    />
  );
}

function valueIn(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, name) => (inner as Record<string, unknown> | undefined)?.[name], value);
}

function putAt(target: Record<string, unknown>, [name = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) target[name] = value;
  else {
    const inner = (target[name] ?? {}) as Record<string, unknown>;
    target[name] = inner;
    putAt(inner, rest, value);
  }
}

function isTime(value: unknown): value is string {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(value);
}

/** A thing within a thing: member by member where it is small, to be opened where it is not. */
function Nested({ value }: { value: unknown }) {
  const members = flatten(value, '');
  if (members.length === 0) return <span class="muted">{Array.isArray(value) ? 'none' : 'nothing'}</span>;
  if (members.length <= 8)
    return (
      <dl class="facts nested">
        {members.map(([name, member]) => (
          <>
            <dt>{name}</dt>
            <dd>{cellText(member, true)}</dd>
          </>
        ))}
      </dl>
    );
  return (
    <details>
      <summary>
        {Array.isArray(value) ? `${value.length} items` : `${Object.keys(value as object).length} members`}
      </summary>
      <Json label="Value" value={value} />
    </details>
  );
}

/** Each plain value within a value, by the way to it; items count from one, as people count. */
function flatten(value: unknown, path: string): readonly (readonly [string, unknown])[] {
  if (typeof value !== 'object' || value === null) return value === undefined ? [] : [[path, value]];
  const isList = Array.isArray(value);
  return Object.entries(value).flatMap(([name, member]) => {
    const step = isList ? String(Number(name) + 1) : name;
    return flatten(member, path === '' ? step : `${path}.${step}`);
  });
}

/** What belongs together, in rings of how many links lie between. */
function Graph({ of, id }: { of: Collection; id: string }) {
  const depth = route.value.query.get('depth') ?? '2';
  const graph = useControl<Control['Graph']>(`/graph/${of.collection}/${encodeURIComponent(id)}?depth=${depth}`);
  const data = graph.value.data;
  if (graph.value.error !== undefined) return <Failure error={graph.value.error} />;
  const nodes = data?.nodes ?? [];
  const WIDTH = 208;
  const HEIGHT = 40;
  const columns = new Map<number, number>();
  const places = new Map(
    nodes.map((node) => {
      const row = columns.get(node.depth) ?? 0;
      columns.set(node.depth, row + 1);
      return [`${node.collection}/${node.id}`, { x: node.depth * (WIDTH + 64), y: row * (HEIGHT + 8) }] as const;
    }),
  );
  const tallest = Math.max(1, ...columns.values());
  return (
    <div class="fill">
      <header class="view-head">
        <h2>What belongs together with {nodes[0]?.title ?? id}</h2>
        <div class="filters">
          <label class="inline-label">
            Links followed
            <select value={depth} onChange={(event) => setQuery({ depth: event.currentTarget.value })}>
              {['1', '2', '3', '4', '5'].map((each) => (
                <option key={each}>{each}</option>
              ))}
            </select>
          </label>
          <Link class="button" href={entityHref(of.collection, id)}>
            Back to it
          </Link>
        </div>
      </header>
      {data?.isCut === true && <p class="muted">There is more than is shown.</p>}
      <div class="graph" role="group" aria-label="Graph" tabIndex={0}>
        <div
          class="graph-space"
          style={{ width: `${columns.size * (WIDTH + 64)}px`, height: `${tallest * (HEIGHT + 8)}px` }}
        >
          <svg width={columns.size * (WIDTH + 64)} height={tallest * (HEIGHT + 8)} aria-hidden="true">
            {data?.edges.map((edge) => {
              const a = places.get(`${edge.from.collection}/${edge.from.id}`);
              const b = places.get(`${edge.to.collection}/${edge.to.id}`);
              if (a === undefined || b === undefined) return null;
              const [left, right] = a.x <= b.x ? [a, b] : [b, a];
              const [x1, y1, x2, y2] = [left.x + WIDTH, left.y + HEIGHT / 2, right.x, right.y + HEIGHT / 2];
              const bend = left.x === right.x ? 32 : (x2 - x1) / 2;
              const end = left.x === right.x ? right.x + WIDTH : x2;
              return (
                <path
                  key={`${edge.from.id}-${edge.to.id}-${edge.rel}`}
                  class="edge"
                  d={`M${x1},${y1} C${x1 + bend},${y1} ${end + (left.x === right.x ? 32 : -bend)},${y2} ${end},${y2}`}
                />
              );
            })}
          </svg>
          {nodes.map((node) => {
            const at = places.get(`${node.collection}/${node.id}`);
            return (
              <div
                key={`${node.collection}/${node.id}`}
                class="node-place"
                style={{ transform: `translate(${at?.x}px, ${at?.y}px)` }}
              >
                <Link class={node.depth === 0 ? 'node here' : 'node'} href={entityHref(node.collection, node.id)}>
                  <span class="muted small">
                    {node.collection.split('/')[1]}
                    {node.state !== undefined && ` · ${node.state}`}
                  </span>
                  <span class="node-title">{node.title}</span>
                </Link>
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

/** What is no longer as it was at a restore point, or is not as in another tenant. */
function Diff() {
  const from = route.value.query.get('from') ?? snapshots.value.at(-1)?.id ?? '';
  const other = route.value.query.get('tenant') ?? '';
  const query = other !== '' ? `tenant=${encodeURIComponent(other)}` : from !== '' ? `from=${from}` : undefined;
  const diff = useControl<{ items: Control['Difference'][]; total: number }>(
    query === undefined ? undefined : `/diff?limit=500&${query}`,
  );
  const data = diff.value.data;
  return (
    <div class="scroll">
      <header class="view-head">
        <h2>{other !== '' ? `Not as in ${other}` : 'Changes since a restore point'}</h2>
        {other === '' && snapshots.value.length > 0 && (
          <label class="inline-label">
            Restore point
            <select value={from} onChange={(event) => setQuery({ from: event.currentTarget.value })}>
              {snapshots.value.map(({ id, at }) => (
                <option key={id} value={id}>
                  {timeText(at)} ({id})
                </option>
              ))}
            </select>
          </label>
        )}
      </header>
      {diff.value.error !== undefined && <Failure error={diff.value.error} />}
      {query === undefined && (
        <Empty title="There is no restore point yet.">
          <p>One is kept before each move of the clock.</p>
          <button
            type="button"
            class="primary"
            onClick={() => void attempt(() => control(tenant.value, 'POST', '/snapshots'))}
          >
            Keep the world as it is now
          </button>
        </Empty>
      )}
      {data?.total === 0 && (
        <Empty title="Nothing is different.">
          <p>What changes as time goes by, or by a request, is listed here.</p>
          <button type="button" class="primary" onClick={() => void moves.day()}>
            Let a day go by
          </button>
        </Empty>
      )}
      {data !== undefined && data.total > 0 && (
        <p class="muted figures">
          {data.total.toLocaleString('en')} different
          {data.total > data.items.length && `, the first ${data.items.length} shown`}
        </p>
      )}
      {[...new Set((data?.items ?? []).map(({ collection }) => collection))].map((collection) => (
        <section key={collection}>
          <h3>{collection}</h3>
          <ul class="plain">
            {data?.items
              .filter((each) => each.collection === collection)
              .map((each) => (
                <li key={each.id} class="difference">
                  <span class={`kind change-${each.change}`}>{each.change}</span>
                  <Link class="wrap" href={entityHref(each.collection, each.id)}>
                    {each.id}
                  </Link>
                  {each.change === 'changed' && <Changes before={each.before ?? {}} after={each.after ?? {}} />}
                </li>
              ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function Changes({ before, after }: { before: object; after: object }) {
  const [was, is] = [new Map(flatten(before, '')), new Map(flatten(after, ''))];
  const names = [...new Set([...was.keys(), ...is.keys()])].filter((name) => was.get(name) !== is.get(name));
  return (
    <dl class="facts changes">
      {names.map((name) => (
        <>
          <dt>{name}</dt>
          <dd>
            {was.has(name) ? <del>{cellText(was.get(name), true)}</del> : <span class="muted">nothing</span>}{' '}
            <span aria-hidden="true">→</span>{' '}
            {is.has(name) ? <ins>{cellText(is.get(name), true)}</ins> : <span class="muted">nothing</span>}
          </dd>
        </>
      ))}
    </dl>
  );
}
