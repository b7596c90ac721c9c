import { useSignal } from '@preact/signals';
import { control } from '../api.ts';
import { Dialog, Link } from '../parts.tsx';
import { attempt, changed, go, hrefOf, tenant, tenants } from '../world.ts';

/** Worlds beside one another: all begin alike, and none meets another. */
export function TenantsView() {
  const name = useSignal('');
  const doomed = useSignal<string | undefined>(undefined);
  const make = (method: string, path: string, body?: unknown): void => {
    const made = name.value;
    void attempt(async () => {
      await control(tenant.value, method, path, body);
      changed();
      go(hrefOf('activity', {}, made));
    });
  };
  return (
    <div class="scroll">
      <header class="view-head">
        <h2>
          Tenants <span class="muted figures">{tenants.value.length}</span>
        </h2>
      </header>
      <form
        class="inline"
        onSubmit={(event) => {
          event.preventDefault();
          make('PUT', `/tenants/${encodeURIComponent(name.value)}`);
        }}
      >
        <label>
          Name
          <input
            required
            pattern="[A-Za-z0-9][A-Za-z0-9._\-]{0,63}"
            value={name.value}
            onInput={(event) => (name.value = event.currentTarget.value)}
          />
        </label>
        <button type="submit" class="primary">
          Make from the start
        </button>
        <button
          type="button"
          disabled={name.value === ''}
          onClick={() => make('POST', `/tenants/${encodeURIComponent(name.value)}/fork`, { from: tenant.value })}
        >
          Fork {tenant.value}
        </button>
      </form>
      <ul class="plain">
        {tenants.value.map((each) => (
          <li key={each} class="link-row tenant-row">
            <Link
              href={hrefOf('activity', {}, each)}
              {...(each === tenant.value && { 'aria-current': 'true' as const })}
            >
              {each}
            </Link>
            {each === tenant.value ? (
              <span class="muted">you are here</span>
            ) : (
              <>
                <Link class="button" href={hrefOf('data/diff', { tenant: each })}>
                  Compare with {tenant.value}
                </Link>
                <button type="button" onClick={() => (doomed.value = each)}>
                  Delete
                </button>
              </>
            )}
          </li>
        ))}
      </ul>
      {doomed.value !== undefined && (
        <Dialog title={`Delete ${doomed.value}?`} onClose={() => (doomed.value = undefined)}>
          <div class="stack">
            <p>Its world, its log and its restore points are gone for good.</p>
            <button
              type="button"
              class="danger"
              onClick={() => {
                const gone = doomed.value ?? '';
                doomed.value = undefined;
                void attempt(async () => {
                  await control(tenant.value, 'DELETE', `/tenants/${encodeURIComponent(gone)}`);
                  changed();
                }, `${gone} has been deleted.`);
              }}
            >
              Delete it
            </button>
          </div>
        </Dialog>
      )}
    </div>
  );
}
