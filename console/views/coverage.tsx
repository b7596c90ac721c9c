import { type Control, control } from '../api.ts';
import { Failure, Link, useControl } from '../parts.tsx';
import { attempt, hrefOf, tenant } from '../world.ts';

/** Five steps of how often; the number says it too. */
function heat(count: number): string {
  return `heat heat-${count === 0 ? 0 : Math.min(4, Math.ceil(Math.log10(count + 1) * 1.5))}`;
}

/** What of the contracts has been exercised: operations by their answers, channels, moves, faults. */
export function CoverageView() {
  const coverage = useControl<Control['Coverage']>('/coverage?limit=10000');
  if (coverage.value.error !== undefined) return <Failure error={coverage.value.error} />;
  const data = coverage.value.data;
  if (data === undefined) return null;
  // One column for each status, the same in all contracts: what a row lacks is seen as a gap.
  const statuses = [
    ...new Set(
      data.items.flatMap(({ operations }) =>
        operations.flatMap(({ answers }) => answers.map(({ status }) => String(status))),
      ),
    ),
  ].sort();
  const share = ({ covered, total }: { readonly covered: number; readonly total: number }) => `${covered} of ${total}`;
  return (
    <div class="scroll">
      <header class="view-head">
        <h2>Coverage</h2>
        <button
          type="button"
          onClick={() => void attempt(() => control(tenant.value, 'DELETE', '/coverage'), 'It counts from nothing.')}
        >
          Count anew
        </button>
      </header>
      <dl class="totals">
        {Object.entries(data.totals).map(([name, each]) => (
          <div key={name}>
            <dt class="muted">{name}</dt>
            <dd class="figures">{share(each)}</dd>
          </div>
        ))}
      </dl>
      <p class="muted">
        Of all tenants together, since the start or since it was counted anew. The stronger the colour, the more often;
        0 is what nothing has asked for yet, a gap what is not declared.
      </p>
      {data.items.map((each) => (
        <section key={`${each.system}/${each.contract}`}>
          <h3>
            {each.system}/{each.contract}
          </h3>
          <ul class="plain">
            {each.operations.map((operation) => (
              <li key={operation.operationId} class="heat-row">
                <Link
                  class="heat-name"
                  href={hrefOf(
                    `contracts/${each.system}/${each.contract}/${encodeURIComponent(operation.operationId)}`,
                  )}
                >
                  <span class="method">{operation.method}</span> {operation.path}
                </Link>
                <span class="heat-cells in-line">
                  {operation.answers.map((answer) => (
                    <span
                      key={answer.status}
                      class={heat(answer.count)}
                      style={{ gridColumn: String(statuses.indexOf(String(answer.status)) + 1) }}
                      title={`${answer.status}: ${answer.count} times${answer.declared ? '' : ', not declared'}`}
                    >
                      {answer.status}
                      {!answer.declared && '*'} <span class="figures">{answer.count}</span>
                    </span>
                  ))}
                </span>
              </li>
            ))}
          </ul>
          <p class="heat-cells below">
            {each.channels.map((channel) => (
              <span
                key={channel.channel}
                class={heat(channel.count)}
                title={`${channel.channel}: ${channel.count} messages`}
              >
                {channel.channel} <span class="figures">{channel.count}</span>
              </span>
            ))}
            {each.moves.map((move) => (
              <span
                key={`${move.resource} ${move.from} ${move.to}`}
                class={heat(move.count)}
                title={`${move.count} times`}
              >
                {move.resource} {move.from} → {move.to} <span class="figures">{move.count}</span>
              </span>
            ))}
          </p>
        </section>
      ))}
      <section>
        <h3>Faults</h3>
        <p class="heat-cells">
          {data.faults.map(({ effect, count }) => (
            <span key={effect} class={heat(count)}>
              {effect} <span class="figures">{count}</span>
            </span>
          ))}
        </p>
      </section>
    </div>
  );
}
