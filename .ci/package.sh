#!/usr/bin/env bash
# What consumers install: its exports are what tools of every kind find, and its types hold under every TypeScript that
# they may have, libraries not skipped. `npm run check:package` after a build.
set -euo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
npm pack --silent --ignore-scripts --pack-destination "$work" > /dev/null
tarball=$(ls "$work"/*.tgz)
bytes=$(tar -tzvf "$tarball" | awk '{ sum += $3 } END { print sum }')
echo "Unpacked: $((bytes / 1000)) kB in $(tar -tzf "$tarball" | wc -l) files; packed: $(($(stat -c %s "$tarball") / 1000)) kB."
# What was taken out to come here, and what else would go, stands in bench/NOTES.md.
[ "$bytes" -le 3000000 ] || { echo "The package has grown beyond 3,000 kB. Take out what nobody needs, or raise the bound here with a reason."; exit 1; }

mkdir "$work/consumer"
cd "$work/consumer"
npm init -y > /dev/null
npm install --silent --no-audit --no-fund --ignore-scripts "$tarball"
du -sk node_modules | awk '{ print "Installed for the main job: " $1 / 1000 " MB." }'
versions=(5.0 5.2 5.4 5.7 5.9 6.0 7.0)
npm install --silent --no-audit --no-fund --ignore-scripts publint@0.3 @arethetypeswrong/cli@0.18 @types/node@20 \
  $(for version in "${versions[@]}"; do echo "ts-$version@npm:typescript@~$version"; done)

npx publint run "$tarball" --strict
# Not the profile esm-only, which would leave out node10 as well. The one rule that is ignored says that a `require` meets
# an ES module: every Node that the package runs on loads it.
npx attw "$tarball" --ignore-rules cjs-resolves-to-esm --format ascii

cat > consumer.mts <<'TS'
import { connect, createSimulator, type Simulator, type SimulatorTenant } from 'bss-simulator';
import type { Contracts, paths } from 'bss-simulator/contracts';
import { simulatorTest } from 'bss-simulator/node-test';

const simulator: Simulator = createSimulator({ port: 0, seed: 7, unref: true });
const tenant: SimulatorTenant<Contracts> = connect('http://127.0.0.1:4010', { tenant: 'a' });
export const path: keyof paths = '/v1/customers';
export async function story(): Promise<number> {
  const { payload } = await tenant.events.next('billing/invoice/created', { within: 'P2M' });
  // @ts-expect-error: a misspelt channel does not compile
  await tenant.events.next('billing/invoice/craeted');
  await tenant.actions.connectx.recordPayment({ invoiceId: String(payload.invoiceId), amount: 20, paymentMethod: 'Cash' });
  return simulator.coverage().totals.operations.covered;
}
simulatorTest({ seed: 7 })('is typed', async ({ clock }) => void (await clock.advance('P1M')));
TS
cp consumer.mts consumer.ts
cat > consumer.cts <<'TS'
import { simulatorTest } from 'bss-simulator/jest';
simulatorTest({ seed: 7 })('is typed', async ({ tenant }) => void (await tenant.received({ operationId: 'createCustomer' }).once()));
TS
check() {
  local version=$1 name=$2
  shift 2
  if node "node_modules/ts-$version/bin/tsc" --noEmit --strict --target es2022 --lib es2023,dom --types node --skipLibCheck false "$@"
  then echo "TypeScript $version, $name: good."
  else echo "TypeScript $version, $name: broken."; exit 1
  fi
}
# Types are the same whichever way they are found: each way by the first and last that know it, and each version once.
for version in "${versions[@]}"; do
  check "$version" NodeNext --module nodenext --moduleResolution nodenext consumer.mts consumer.cts
done
for version in "${versions[0]}" "${versions[-1]}"; do
  check "$version" Bundler --module esnext --moduleResolution bundler consumer.ts consumer.cts
done
# TypeScript 6 deprecates node10, and 7 has removed it.
for version in 5.0 5.9; do
  check "$version" node10 --module commonjs --moduleResolution node10 consumer.ts
done
