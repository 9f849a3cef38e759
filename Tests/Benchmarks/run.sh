#!/usr/bin/env bash
# Measures what is done with every record, beside the same work by a C++ JSON library and by Python's fastest.
#     Tests/Benchmarks/run.sh [PYTHON]        a Python with orjson; without one, its figures are left out
set -euo pipefail
cd "$(dirname "$0")/../.."
python=${1:-.build/venv/bin/python}
export KINESIS_AGENT_BENCHMARKS=1
swift build -c release --product benchmarks >&2
program=$(swift build -c release --product benchmarks --show-bin-path)/benchmarks
lines=$(mktemp)
trap 'rm -f "$lines"' EXIT
"$program" --write "$lines"
"$program" "$lines"
if "$python" -c 'import orjson' 2>/dev/null; then "$python" Tests/Benchmarks/orjson_filter.py "$lines"; fi
