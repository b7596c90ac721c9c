#!/usr/bin/env bash
# Runs each example as a user would: copied to an empty folder, with the packed package installed. Names of examples as
# arguments run these alone.
set -euo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
npm pack --silent --ignore-scripts --pack-destination "$work" > /dev/null
tarball=$(ls "$work"/*.tgz)
cmp examples/vitest/crm.mjs examples/node-test/crm.mjs

run() {
  cp -R "examples/$1" "$work/$1"
  cd "$work/$1"
  npm install --silent --no-audit --no-fund --ignore-scripts --save-dev "$tarball"
  echo "$1: $(du -sm node_modules | cut -f1) MB installed, test runner included."
  # An example that hangs is one that fails.
  timeout 180 npm test --silent
  cd - > /dev/null
}

for example in ${@:-vitest node-test jest shell playwright}; do
  if [ "$example" = playwright ] && [ ! -x /usr/bin/chromium ] && [ ! -x /usr/bin/chromium-browser ]; then
    echo "Left out: playwright, as there is no Chromium here."
  else
    run "$example"
  fi
done
