import { useSignal, useSignalEffect } from '@preact/signals';
import {
  baseOf,
  type Control,
  clientToken,
  control,
  type Exchange,
  keepToken,
  ProblemError,
  operation as send,
  stream,
} from '../api.ts';
import { Copy, Failure, Json, Link, State, Time, useControl } from '../parts.tsx';
import { attempt, hrefOf, route, tenant } from '../world.ts';

type Examples = Control['Examples'];
type Operation = Examples['operations'][number];
type Channel = Examples['channels'][number];

/** Every operation and channel, to be read and tried against this tenant. */
export function ContractsView() {
  const contracts = useControl<{ items: Control['ContractSummary'][] }>('/contracts?limit=10000', false);
  const [system, name, ...rest] = route.value.path;
  const all = (contracts.value.data?.items ?? []).filter(({ operations, channels }) => operations + channels > 0);
  const chosen = all.find((each) => each.system === system && each.name === name) ?? all[0];
  const examples = useControl<Examples>(
    chosen === undefined ? undefined : `/contracts/${chosen.system}/${chosen.name}/examples`,
    false,
  );
  if (contracts.value.error !== undefined) return <Failure error={contracts.value.error} />;
  if (chosen === undefined) return null;
  const key = rest.join('/');
  const data = examples.value.data;
  const opened = data?.operations.find(({ operationId }) => operationId === key);
  const heard = data?.channels.find(({ address }) => address === key);
  const at = `contracts/${chosen.system}/${chosen.name}`;
  const [operation] = data?.operations ?? [];
  const first = operation === undefined ? data?.channels[0]?.address : encodeURIComponent(operation.operationId);
  return (
    <div
      class={
        opened === undefined && heard === undefined ? 'side-by-side wide-side' : 'side-by-side wide-side has-content'
      }
    >
      <nav class="side" aria-label="Operations and channels">
        <select
          aria-label="Contract"
          value={`${chosen.system}/${chosen.name}`}
          onChange={(event) => {
            history.pushState(null, '', hrefOf(`contracts/${event.currentTarget.value}`));
            dispatchEvent(new PopStateEvent('popstate'));
          }}
        >
          {all.map((each) => (
            <option key={`${each.system}/${each.name}`} value={`${each.system}/${each.name}`}>
              {each.system}/{each.name}
            </option>
          ))}
        </select>
        {examples.value.error !== undefined && <Failure error={examples.value.error} />}
        {(data?.operations.length ?? 0) > 0 && (
          <>
            <h3 class="side-title">Operations</h3>
            <ul class="plain">
              {data?.operations.map((each) => (
                <li key={each.operationId}>
                  <Link
                    class="side-link operation"
                    href={hrefOf(`${at}/${encodeURIComponent(each.operationId)}`)}
                    {...(each === opened && { 'aria-current': 'page' as const })}
                  >
                    <span class="method">{each.method}</span> <span class="wrap">{each.path}</span>
                  </Link>
                </li>
              ))}
            </ul>
          </>
        )}
        {(data?.channels.length ?? 0) > 0 && (
          <>
            <h3 class="side-title">Channels</h3>
            <ul class="plain">
              {data?.channels.map((each) => (
                <li key={each.address}>
                  <Link
                    class="side-link"
                    href={hrefOf(`${at}/${each.address}`)}
                    {...(each === heard && { 'aria-current': 'page' as const })}
                  >
                    {each.address}
                  </Link>
                </li>
              ))}
            </ul>
          </>
        )}
      </nav>
      <div class="content">
        {opened !== undefined ? (
          <Try key={`${chosen.name}/${opened.operationId}`} of={chosen} operation={opened} />
        ) : heard !== undefined ? (
          <Listen key={heard.address} of={chosen} channel={heard} />
        ) : (
          <article>
            <header class="view-head">
              <div>
                <span class="muted small">
                  {chosen.format} · {chosen.system}/{chosen.name}
                </span>
                <h2>
                  {chosen.title} <span class="muted">{chosen.version}</span>
                </h2>
              </div>
              <a
                class="button"
                href={`${baseOf(tenant.value)}/_simulator/contracts/${chosen.system}/${chosen.name}`}
                target="_blank"
                rel="noreferrer"
              >
                The document
              </a>
            </header>
            <p>
              {[
                chosen.operations > 0 ? `${chosen.operations} operations` : [],
                chosen.channels > 0 ? `${chosen.channels} channels` : [],
              ]
                .flat()
                .join(', ')}
              . Choose one to read and try it; a valid example is in its form.
            </p>
            {first !== undefined && (
              <Link class="button primary" href={hrefOf(`${at}/${first}`)}>
                Try the first
              </Link>
            )}
          </article>
        )}
      </div>
    </div>
  );
}

function Try({ of, operation }: { of: Control['ContractSummary']; operation: Operation }) {
  const textOf = (value: unknown) =>
    value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value);
  const values = useSignal<Record<string, string>>(
    Object.fromEntries(operation.parameters.map(({ name, example }) => [name, textOf(example)])),
  );
  const body = useSignal(
    operation.body === undefined
      ? ''
      : typeof operation.body.example === 'string'
        ? operation.body.example
        : JSON.stringify(operation.body.example, null, 2),
  );
  const answer = useSignal<Exchange | undefined>(undefined);
  const copied = useSignal<'curl' | 'fetch' | 'step'>('curl');
  const set = (name: string, text: string) => (values.value = { ...values.value, [name]: text });
  const path = (): string => {
    const filled = operation.path.replaceAll(/\{([^}]+)\}/g, (_, name: string) =>
      encodeURIComponent(values.value[name] ?? ''),
    );
    const query = operation.parameters
      .filter((each) => each.in === 'query' && values.value[each.name])
      .map((each) => [each.name, values.value[each.name] ?? '']);
    return query.length === 0 ? filled : `${filled}?${new URLSearchParams(query)}`;
  };
  const url = `${location.origin}${tenant.value === 'default' ? '' : baseOf(tenant.value)}${path()}`;
  const snippets = {
    curl: curlOf(operation, url, body.value),
    fetch: fetchOf(operation, url, body.value),
    step: stepOf(operation, values.value, body.value),
  };
  return (
    <article class="scroll">
      <header class="view-head">
        <div>
          <span class="muted small">
            <Link href={hrefOf(`contracts/${of.system}/${of.name}`)}>
              {of.system}/{of.name}
            </Link>{' '}
            · {operation.operationId}
          </span>
          <h2 class="wrap">
            <span class="method">{operation.method}</span> {operation.path}
          </h2>
        </div>
      </header>
      <p>{operation.summary}</p>
      {operation.description !== undefined && operation.description !== operation.summary && (
        <p class="muted prose">{operation.description}</p>
      )}
      <div class="columns">
        <div>
          <form
            class="stack"
            onSubmit={(event) => {
              event.preventDefault();
              void attempt(async () => {
                const sent =
                  operation.body === undefined
                    ? undefined
                    : { contentType: operation.body.contentType, text: body.value };
                answer.value = await send(tenant.value, operation.method, path(), sent);
              });
            }}
          >
            {operation.parameters
              .filter((each) => each.in === 'path' || each.in === 'query')
              .map((each) => (
                <label key={each.name}>
                  <span>
                    {each.name}{' '}
                    <span class="muted small">
                      {each.in}
                      {each.required && ', required'}
                    </span>
                  </span>
                  <input
                    value={values.value[each.name]}
                    required={each.required}
                    title={each.description}
                    onInput={(event) => set(each.name, event.currentTarget.value)}
                  />
                </label>
              ))}
            {operation.body !== undefined && (
              <label>
                <span>
                  Body <span class="muted small">{operation.body.contentType}</span>
                </span>
                <textarea
                  class="mono"
                  rows={Math.min(20, body.value.split('\n').length + 1)}
                  spellcheck={false}
                  value={body.value}
                  onInput={(event) => (body.value = event.currentTarget.value)}
                />
              </label>
            )}
            {operation.isSecured && (
              <label>
                <span>
                  Token <span class="muted small">any will do, unless the simulator is strict</span>
                </span>
                <input
                  value={clientToken.value}
                  placeholder="console"
                  onInput={(event) => keepToken(event.currentTarget.value, 'client')}
                />
              </label>
            )}
            <div class="actions">
              <button type="submit" class="primary">
                Send
              </button>
            </div>
          </form>
          {answer.value !== undefined && (
            <section aria-label="Answer" aria-live="polite">
              <h3>
                Answer <State value={answer.value.status} />
              </h3>
              {answer.value.text === '' ? (
                <p class="muted">No body.</p>
              ) : (
                <Json label="Answer body" value={answer.value.body} />
              )}
            </section>
          )}
        </div>
        <section>
          <h3 class="first">As code</h3>
          <div class="tabs" role="group" aria-label="As code">
            {(['curl', 'fetch', 'step'] as const).map((each) => (
              <button
                key={each}
                type="button"
                aria-pressed={copied.value === each}
                onClick={() => (copied.value = each)}
              >
                {each === 'step' ? 'scenario step' : each}
              </button>
            ))}
            <Copy text={snippets[copied.value]}>Copy</Copy>
          </div>
          <pre class="code" tabIndex={0}>
            {snippets[copied.value]}
          </pre>
        </section>
      </div>
      <p class="muted small apart">Answers that the contract declares: {operation.responses.join(', ')}</p>
    </article>
  );
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** The headers that let a request in where any token will do. */
function lettingIn({ credentials = [] }: Operation): readonly (readonly [string, string])[] {
  return credentials
    .filter((each) => each.in === 'header')
    .map(
      ({ name, scheme }) =>
        [name, scheme === undefined ? 'any' : `${scheme} ${scheme === 'Basic' ? btoa('any:any') : 'any'}`] as const,
    );
}

function curlOf(operation: Operation, url: string, body: string): string {
  return [
    `curl -X ${operation.method} ${quoted(url)}`,
    ...lettingIn(operation).map(([name, value]) => `  -H ${quoted(`${name}: ${value}`)}`),
    ...(operation.body === undefined
      ? []
      : [`  -H ${quoted(`Content-Type: ${operation.body.contentType}`)}`, `  -d ${quoted(body)}`]),
  ].join(' \\\n');
}

function fetchOf(operation: Operation, url: string, body: string): string {
  const headers = {
    ...Object.fromEntries(lettingIn(operation)),
    ...(operation.body && { 'content-type': operation.body.contentType }),
  };
  const init = [
    `method: '${operation.method}'`,
    `headers: ${JSON.stringify(headers)}`,
    ...(operation.body === undefined ? [] : [`body: JSON.stringify(${body})`]),
  ];
  return `const response = await fetch(${JSON.stringify(url)}, {\n  ${init.join(',\n  ')},\n});`;
}

function stepOf(
  { operationId, parameters, body: declared }: Operation,
  values: Record<string, string>,
  body: string,
): string {
  const given = parameters.filter(({ name }) => values[name]);
  return [
    `- stepId: ${operationId}`,
    `  operationId: ${operationId}`,
    ...(given.length === 0
      ? []
      : [
          '  parameters:',
          ...given.map(
            (each) =>
              `    - { name: ${JSON.stringify(each.name)}, in: ${each.in}, value: ${JSON.stringify(values[each.name])} }`,
          ),
        ]),
    ...(declared === undefined
      ? []
      : [
          '  requestBody:',
          `    contentType: ${declared.contentType}`,
          `    payload: ${body.replaceAll('\n', '\n      ')}`,
        ]),
    '  successCriteria: [{ condition: $statusCode < 300 }]',
  ].join('\n');
}

interface Heard {
  readonly id: string;
  readonly at: string;
  readonly payload: unknown;
}

/** Messages of one channel as they come, and one to send by hand. */
function Listen({ of, channel }: { of: Control['ContractSummary']; channel: Channel }) {
  const heard = useSignal<readonly Heard[]>([]);
  const payload = useSignal(JSON.stringify(channel.example ?? {}, null, 2));
  const isListening = useSignal(false);
  const refusal = useSignal<string | undefined>(undefined);
  useSignalEffect(() => {
    const gone = new AbortController();
    const at = tenant.value;
    const path = `/events?channel=${encodeURIComponent(channel.address.replaceAll(/\{[^}]+\}/g, '*'))}`;
    let lastId: string | undefined;
    isListening.value = false;
    void (async () => {
      while (!gone.signal.aborted) {
        try {
          const events = await stream(at, path, { signal: gone.signal, ...(lastId !== undefined && { lastId }) });
          isListening.value = true;
          refusal.value = undefined;
          for await (const { id, data } of events) {
            lastId = id ?? lastId;
            if (data !== '') heard.value = [JSON.parse(data) as Heard, ...heard.peek()].slice(0, 200);
          }
        } catch (error) {
          if (gone.signal.aborted) return;
          refusal.value = error instanceof Error ? error.message : String(error);
          // What the id stands for is no longer kept: on from now.
          if (error instanceof ProblemError && error.status === 410) lastId = undefined;
        }
        isListening.value = false;
        await new Promise((resolve) => setTimeout(resolve, 1_000));
      }
    })();
    return () => gone.abort();
  });
  const socket = `${location.origin.replace(/^http/, 'ws')}${tenant.value === 'default' ? '' : baseOf(tenant.value)}/${channel.address}`;
  return (
    <article class="scroll">
      <header class="view-head">
        <div>
          <span class="muted small">
            <Link href={hrefOf(`contracts/${of.system}/${of.name}`)}>
              {of.system}/{of.name}
            </Link>{' '}
            · channel, {channel.direction === 'send' ? 'the system sends on it' : 'the system listens on it'}:{' '}
            {channel.messages.join(', ')}
          </span>
          <h2>{channel.address}</h2>
        </div>
        <Link class="button" href={hrefOf('activity', { kind: 'event', text: channel.address })}>
          In the activity
        </Link>
      </header>
      {channel.description !== undefined && <p class="prose">{channel.description}</p>}
      <p class="mono wrap">{socket}</p>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void attempt(
            () =>
              control(tenant.value, 'POST', '/events', {
                channel: channel.address,
                payload: JSON.parse(payload.value) as unknown,
              }),
            'It has been published.',
          );
        }}
      >
        <label>
          Message
          <textarea
            class="mono"
            rows={Math.min(16, payload.value.split('\n').length + 1)}
            spellcheck={false}
            value={payload.value}
            onInput={(event) => (payload.value = event.currentTarget.value)}
          />
        </label>
        <div class="actions">
          <button type="submit" class="primary">
            Publish
          </button>
        </div>
      </form>
      <h3>
        Heard <span class="muted figures">{heard.value.length}</span>
      </h3>
      {!isListening.value ? (
        <p class="muted">
          {refusal.value ?? 'The page is being connected.'} {refusal.value !== undefined && 'It is tried again.'}
        </p>
      ) : (
        heard.value.length === 0 && (
          <p class="muted">This page listens. Publish something above, or let the system do what it announces here.</p>
        )
      )}
      {heard.value.length > 0 && (
        <ol class="plain" aria-live="polite">
          {heard.value.map((each) => (
            <li key={each.id}>
              <p class="figures muted small">
                <Time at={each.at} /> · {each.id}
              </p>
              <Json label={`Message ${each.id}`} value={each.payload} />
            </li>
          ))}
        </ol>
      )}
    </article>
  );
}
