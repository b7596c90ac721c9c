#!/bin/sh
# What a shell can do: start it, ask it, let time pass, and check what came of it.
set -eu
log=$(mktemp)
npx bss-simulator --port 0 --log-level error > "$log" &
simulator=$!
trap 'kill "$simulator"' EXIT
until [ -s "$log" ]; do sleep 0.1; done
url=$(cat "$log")

curl -sf -X POST "$url/v1/customers" -H 'Authorization: Bearer shell' -H 'Content-Type: application/json' \
  -d '{"customerType":"Individual","email":"ada@example.com"}' > /dev/null
curl -sf -X POST "$url/_simulator/clock/advance" -H 'Content-Type: application/json' -d '{"by":"P1M"}' > /dev/null
curl -sf -X POST "$url/_simulator/requests/verify" -H 'Content-Type: application/json' \
  -d '{"operationId":"createCustomer","count":1}' | grep -q '"ok":true'
curl -sf "$url/_simulator/events?channel=billing/invoice/created" | grep -q '"channel":"billing/invoice/created"'
echo "The shell test passed."
