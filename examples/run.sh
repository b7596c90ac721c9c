#!/usr/bin/env bash
# Runs each example as a user would have it: in a folder of its own, with the packed package installed.
set -euo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
npm pack --silent --pack-destination "$work" > /dev/null
tarball=$(ls "$work"/*.tgz)

cp -R examples/crm-sync "$work/crm-sync"
cd "$work/crm-sync"
npm install --silent --no-audit --no-fund --ignore-scripts "$tarball" ws@8 vitest@4 @playwright/test@1 jest@30
npm ls --omit=dev --depth=0 bss-simulator
du -sm node_modules | sed 's/\s.*/ MB installed, test runners included/'

# Each is bounded: an example that hangs is one that fails.
timeout 120 npm run --silent test:vitest
timeout 120 npm run --silent test:node
timeout 120 npm run --silent test:jest
timeout 120 npm run --silent test:shell
if [ -x /usr/bin/chromium ] || [ -x /usr/bin/chromium-browser ]; then
  timeout 180 npm run --silent test:playwright
else
  echo "Left out: Playwright, as there is no Chromium here."
fi
