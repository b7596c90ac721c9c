#!/usr/bin/env bash
# Runs each example as a user would: copied to an empty folder, with the packed package installed. Names of examples as
# arguments run these alone.
set -euo pipefail
cd "$(dirname "$0")/.."
wrong=$PWD/.ci/wrong-tests

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
  case $1 in
    vitest) run_wrong vitest npx vitest run wrong --testTimeout 30000 ;;
    node-test) run_wrong node-test node --test wrong ;;
    jest) run_wrong jest npx jest wrong --testTimeout 30000 ;;
    playwright) run_wrong playwright npx playwright test wrong ;;
  esac
  cd - > /dev/null
}

# A test that is wrong fails, and prints what docs/testing.md says that it prints.
run_wrong() {
  mkdir wrong
  cp "$wrong/$1".* wrong
  timeout 180 node "$wrong/check.mjs" "$@"
}

for example in ${@:-vitest node-test jest shell playwright}; do
  if [ "$example" = playwright ] && [ ! -x /usr/bin/chromium ] && [ ! -x /usr/bin/chromium-browser ]; then
    echo "Left out: playwright, as there is no Chromium here."
  else
    run "$example"
  fi
done
