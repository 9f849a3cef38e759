#!/usr/bin/env bash
# Builds everything and runs every test: those of the targets, and the acceptance tests against the built program.
# Starts the servers that they need on free ports of this machine, and ends them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=deploy/prerequisites.sh
source deploy/prerequisites.sh

require_swift
require_packages "${build_packages[@]}" redis-server openssl python3-venv zstd

servers=()
work=$(mktemp -d)
end_servers() {
    local pid
    for pid in "${servers[@]}"; do kill "$pid" 2>/dev/null || true; done
    wait || true
    rm -rf "$work"
}
trap end_servers EXIT

say "Preparing Python"
venv=.build/venv
wanted=Tests/Acceptance/requirements.txt
if ! cmp -s "$wanted" "$venv/installed.txt"; then
    python3 -m venv --clear "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check --retries 5 -r "$wanted"
    cp "$wanted" "$venv/installed.txt"
fi

# Waits for a command to succeed; a server that ended, or takes longer than 20 seconds, fails.
await() {
    local name=$1 pid=$2 tries=200
    shift 2
    until "$@" >/dev/null 2>&1; do
        if ! kill -0 "$pid" 2>/dev/null || ((--tries == 0)); then
            fail "$name does not start" "$(tail -n 5 "$work/$name.log")"
        fi
        sleep 0.1
    done
}

say "Starting redis-server and moto"
# Below 55,536: the bus of a cluster's node is on a port 10,000 higher.
free_port() {
    "$venv/bin/python" - <<'PYTHON'
import socket
port = 65_535
while port > 55_535:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
print(port)
PYTHON
}
redis_port=$(free_port)
redis-server --bind 127.0.0.1 --port "$redis_port" --save '' --appendonly no --dir "$work" >"$work/redis.log" 2>&1 &
servers+=($!)
await redis $! redis-cli -h 127.0.0.1 -p "$redis_port" ping
"$venv/bin/python" Tests/Acceptance/moto_single_threaded.py >"$work/moto.url" 2>"$work/moto.log" &
servers+=($!)
await moto $! grep -q http "$work/moto.url"

say "Starting a Redis Cluster of three nodes"
nodes=()
for number in 1 2 3; do
    port=$(free_port)
    mkdir "$work/node-$number"
    redis-server --bind 127.0.0.1 --port "$port" --save '' --appendonly no --dir "$work/node-$number" \
        --cluster-enabled yes >"$work/node-$number.log" 2>&1 &
    servers+=($!)
    await "node-$number" $! redis-cli -h 127.0.0.1 -p "$port" ping
    nodes+=("127.0.0.1:$port")
done
redis-cli --cluster create "${nodes[@]}" --cluster-yes >"$work/cluster.log"
await node-3 "${servers[-1]}" sh -c "redis-cli -h 127.0.0.1 -p $port cluster info | grep -q cluster_state:ok"
export KINESIS_AGENT_TEST_REDIS_CLUSTER=redis://${nodes[0]}

export KINESIS_AGENT_TEST_REDIS=redis://127.0.0.1:$redis_port
KINESIS_AGENT_TEST_MOTO=$(<"$work/moto.url")
export KINESIS_AGENT_TEST_MOTO
if [[ -z ${KINESIS_AGENT_CONFORMANCE:-} && -d ../shared/conformance ]]; then
    KINESIS_AGENT_CONFORMANCE=$(cd ../shared/conformance && pwd)
    export KINESIS_AGENT_CONFORMANCE
fi

say "Building (the first time takes some minutes)"
# Not -warnings-as-errors: SwiftPM silences the warnings of dependencies, and the compiler refuses both at once.
swift build --build-tests 2>&1 | tee "$work/build.log"
warnings=$(grep -E "^$PWD/(Sources|Tests)/.*: warning:" "$work/build.log" | sort -u || true)
[[ -z $warnings ]] || fail "the compiler warns" "$warnings"

say "Testing the targets"
# Simulations compute without a pause: beside them, tests that wait for something (a reply of Redis, too) would miss their deadlines
# on few cores; nor does a thousand tests at once help anybody.
export SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=32
simulations='Simulation|SimulatedStream|SharedStream|Fuzz|LimitTests'
# The same thousands of calls to every store: alone, for they would delay the others likewise.
models='ModelTests'
swift test --skip-build --skip "$simulations|$models"
say "Testing every store against the same model"
swift test --skip-build --filter "$models"
say "Testing the targets by simulation"
swift test --skip-build --filter "$simulations"

say "Building the program as users have it: optimized"
swift build -c release --product kinesis-agent
KINESIS_AGENT_BINARY=$(swift build -c release --show-bin-path)/kinesis-agent
export KINESIS_AGENT_BINARY

say "Testing the program"
"$venv/bin/python" -m pytest -q -p no:cacheprovider --durations=5 Tests/Acceptance | tee "$work/pytest.log"

say "All passed: the tests of the targets, and of the program: $(tail -n 1 "$work/pytest.log" | tr -d =)"
