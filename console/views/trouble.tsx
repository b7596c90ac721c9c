import { useSignal } from '@preact/signals';
import { type Control, control } from '../api.ts';
import { Failure, Link, State, Time, useControl } from '../parts.tsx';
import { attempt, clock, hrefOf, tenant } from '../world.ts';

type Playbook = Control['Playbook'];
type Fault = Control['Fault'];

/** What a fault of each kind can be narrowed to, beside a system. */
const SCOPES = { requests: 'operationId', events: 'channel', deliveries: 'target' } as const;

/** What goes wrong on purpose, and how much is going on. */
export function TroubleView() {
  const playbooks = useControl<{ items: Playbook[] }>('/playbooks?limit=10000', false);
  const faults = useControl<{ items: Fault[] }>('/faults?limit=10000');
  const coverage = useControl<Control['Coverage']>('/coverage?limit=10000', false);
  const system = useSignal('');
  const narrow = useSignal({ requests: '', events: '', deliveries: '' });
  if (playbooks.value.error !== undefined) return <Failure error={playbooks.value.error} />;
  const active = faults.value.data?.items ?? [];
  const covered = (coverage.value.data?.items ?? []).filter((each) => each.system !== 'simulator');
  const systems = [...new Set(covered.map((each) => each.system))];
  const ofSystem = covered.filter((each) => system.value === '' || each.system === system.value);
  const known = {
    requests: ofSystem.flatMap(({ operations }) => operations.map(({ operationId }) => operationId)),
    events: ofSystem.flatMap(({ channels }) => channels.map(({ channel }) => channel)),
  };
  /** A playbook's fault, narrowed to what was chosen as far as it can be. */
  const narrowed = (playbook: Playbook): Playbook['faults'] =>
    playbook.faults.map((fault) => {
      const chosen = narrow.value[playbook.strikes];
      const scope = chosen === '' ? {} : { [SCOPES[playbook.strikes]]: chosen };
      const of = system.value === '' || playbook.strikes === 'deliveries' ? {} : { system: system.value };
      return { ...fault, match: { ...fault.match, ...of, ...scope } };
    });
  const running = (playbook: Playbook): readonly Fault[] =>
    active.filter((fault) =>
      playbook.faults.some(
        (each) =>
          JSON.stringify(each.fault) === JSON.stringify(fault.fault) &&
          each.probability === fault.probability &&
          each.every === fault.every &&
          each.perMinute === fault.perMinute,
      ),
    );
  const toggle = (playbook: Playbook): void => {
    const on = running(playbook);
    void attempt(async () => {
      if (on.length > 0) for (const { id } of on) await control(tenant.value, 'DELETE', `/faults/${id}`);
      else for (const fault of narrowed(playbook)) await control(tenant.value, 'POST', '/faults', fault);
    });
  };
  return (
    <div class="scroll">
      <header class="view-head">
        <h2>Trouble</h2>
        <div class="filters">
          <select
            aria-label="Only this system"
            value={system.value}
            onChange={(event) => {
              system.value = event.currentTarget.value;
              narrow.value = { requests: '', events: '', deliveries: narrow.value.deliveries };
            }}
          >
            <option value="">every system</option>
            {systems.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>
          {(['requests', 'events'] as const).map((kind) => (
            <select
              key={kind}
              aria-label={kind === 'requests' ? 'Only this operation' : 'Only this channel'}
              value={narrow.value[kind]}
              onChange={(event) => (narrow.value = { ...narrow.value, [kind]: event.currentTarget.value })}
            >
              <option value="">{kind === 'requests' ? 'every operation' : 'every channel'}</option>
              {known[kind].map((each) => (
                <option key={each}>{each}</option>
              ))}
            </select>
          ))}
          <input
            aria-label="Only this target of webhooks and callbacks"
            placeholder="target, * for any text"
            value={narrow.value.deliveries}
            onInput={(event) => (narrow.value = { ...narrow.value, deliveries: event.currentTarget.value })}
          />
        </div>
      </header>
      <p class="muted">
        A switch strikes everything of its kind, or only what is chosen above. Nothing else changes: a fault that is off
        leaves no trace.
      </p>
      {(['requests', 'events', 'deliveries'] as const).map((kind) => (
        <section key={kind}>
          <h3>
            {{ requests: 'Requests', events: 'Events', deliveries: 'Webhooks, callbacks and notifications' }[kind]}
          </h3>
          <ul class="plain cards">
            {playbooks.value.data?.items
              .filter(({ strikes }) => strikes === kind)
              .map((each) => {
                const on = running(each);
                const used = on.reduce((sum, fault) => sum + fault.used, 0);
                return (
                  <li key={each.id} class={on.length > 0 ? 'card on' : 'card'}>
                    <button
                      type="button"
                      role="switch"
                      aria-checked={on.length > 0}
                      class="switch"
                      onClick={() => toggle(each)}
                    >
                      <span class="switch-track" aria-hidden="true">
                        <span class="switch-thumb" />
                      </span>
                      <strong>{each.title}</strong>
                      <span class="switch-word">{on.length > 0 ? 'on' : 'off'}</span>
                    </button>
                    <p class="muted">{each.purpose}</p>
                    {on.length > 0 && (
                      <p class="figures">
                        struck {used} {used === 1 ? 'time' : 'times'}
                      </p>
                    )}
                  </li>
                );
              })}
          </ul>
        </section>
      ))}
      <section>
        <h3>Faults that wait</h3>
        {active.length === 0 ? (
          <p class="muted">Nothing goes wrong on purpose. Switch something on above.</p>
        ) : (
          <ul class="plain">
            {active.map((fault) => (
              <li key={fault.id} class="link-row">
                <span class="muted">{fault.id}</span>
                <span class="wrap">
                  {wordsOf(fault.match) || 'everything'} → {wordsOf(fault.fault)}
                </span>
                <span class="figures muted">
                  struck {fault.used} of {fault.seen}
                </span>
                <Link href={hrefOf('activity', { kind: 'fault', text: fault.id })}>What it struck</Link>
                <button
                  type="button"
                  onClick={() => void attempt(() => control(tenant.value, 'DELETE', `/faults/${fault.id}`))}
                >
                  Remove
                </button>
              </li>
            ))}
          </ul>
        )}
      </section>
      <Traffic />
      <Receivers />
    </div>
  );
}

/** Members of a match or a fault, as people read them. */
function wordsOf(value: object): string {
  return Object.entries(value)
    .map(([name, member]) => {
      if (typeof member === 'object' && member !== null) return wordsOf(member);
      return member === true ? name : `${name} ${String(member)}`;
    })
    .join(', ');
}

function Traffic() {
  const traffic = useControl<Control['Traffic']>('/traffic');
  const rate = useSignal(5);
  const data = traffic.value.data;
  return (
    <section aria-label="Traffic">
      <h3>Traffic {data !== undefined && <State value={data.state} />}</h3>
      <p class="muted">A synthetic operator’s day: customers join, subscribe, pay, fall behind, leave.</p>
      <form
        class="inline"
        onSubmit={(event) => {
          event.preventDefault();
          void attempt(
            () => control(tenant.value, 'POST', '/traffic', { rate: rate.value }),
            clock.value?.mode === 'real'
              ? 'Traffic has started.'
              : 'Traffic has started. Play the clock, or move it, to let it come.',
          );
        }}
      >
        <label>
          Events a minute of the world’s time
          <input
            type="number"
            min="0.01"
            step="any"
            value={rate.value}
            onInput={(event) => (rate.value = Number(event.currentTarget.value))}
          />
        </label>
        <button type="submit" class="primary">
          Start
        </button>
        <button
          type="button"
          disabled={data?.state !== 'running'}
          onClick={() => void attempt(() => control(tenant.value, 'DELETE', '/traffic'))}
        >
          Stop
        </button>
        {data !== undefined && <span class="figures muted">{data.published.toLocaleString('en')} events so far</span>}
      </form>
    </section>
  );
}

/** Receivers that have not taken what was sent to them. */
function Receivers() {
  const deliveries = useControl<{ items: Control['Delivery'][] }>('/deliveries?limit=1000');
  const waiting = (deliveries.value.data?.items ?? []).filter(({ state }) => state !== 'delivered');
  return (
    <section>
      <h3>Receivers that hang or fail</h3>
      {waiting.length === 0 ? (
        <p class="muted">Everything that was sent has been taken.</p>
      ) : (
        <ul class="plain">
          {waiting.slice(-100).map((each) => (
            <li key={each.id} class="link-row">
              <State value={each.state} />
              <Link href={hrefOf(`activity/${each.id}`)}>{each.id}</Link>
              <span class="mono wrap">{each.target}</span>
              <span class="figures muted">
                {each.attempts.length} {each.attempts.length === 1 ? 'attempt' : 'attempts'}
              </span>
              {each.nextAt !== undefined && (
                <span class="figures">
                  next <Time at={each.nextAt} />
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
