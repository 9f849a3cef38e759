#!/usr/bin/env bash
# Builds the agent and runs pipelines/quickstart.yaml to its end: file, stream, steps, file. Needs no AWS account.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=deploy/prerequisites.sh
source deploy/prerequisites.sh

require_swift
require_packages "${build_packages[@]}"

say "Building (the first time takes some minutes)"
swift build -c release --product kinesis-agent
agent=.build/release/kinesis-agent

input=pipelines/sample/access.log
folder=.build/quickstart
output=$folder/failures.jsonl
rm -rf "$folder"
mkdir -p "$folder"

say "kinesis-agent check pipelines/quickstart.yaml"
"$agent" check pipelines/quickstart.yaml

say "kinesis-agent run pipelines/quickstart.yaml --until-idle 2s"
QUICKSTART_OUTPUT=$output "$agent" run pipelines/quickstart.yaml --until-idle 2s --state "$folder/state" >"$folder/stdout"

[[ -s $output ]] || fail "nothing arrived in $output"
# Reading these lines with grep tells how many there ought to be: requests to the API that were answered with 5xx.
expected=$(grep '"path": "/api' "$input" | grep -c '"status": 5')
arrived=$(wc -l <"$output")
stored=$("$agent" stream tail access-log -i TRIM_HORIZON -n "$(wc -l <"$input")" --endpoint embedded --state "$folder/state" | wc -l)

say "What came out"
printf '%6d lines in %s\n' "$(wc -l <"$input")" "$input"
printf '%6d records in the stream access-log\n' "$stored"
printf '%6d records in %s: failed requests to the API\n\n' "$arrived" "$output"
head -n 3 "$output"
[[ $arrived -eq $expected ]] || fail "$expected records were expected in $output, $arrived arrived"

cat <<END

== Next
Watch it follow the file (Ctrl-C ends it, the next start goes on where it was):
  $agent run pipelines/quickstart.yaml
  echo '{"path": "/api/orders", "status": 503, "method": "GET", "client": "203.0.113.9", "duration_ms": 12.5}' >> $input
Then read README.md, and begin your own from pipelines/relay.yaml or pipelines/ship-logs.yaml.
Your tests can use the same stream: $agent emulator --memory
END
