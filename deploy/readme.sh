#!/usr/bin/env bash
# Brings the reference tables of the README up to date with the declarations in the source.
# The program is the one of KINESIS_AGENT_BINARY, else it is built.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if [[ -z ${KINESIS_AGENT_BINARY:-} ]]; then
    swift build --product kinesis-agent
    KINESIS_AGENT_BINARY=$(swift build --show-bin-path)/kinesis-agent
fi
"$KINESIS_AGENT_BINARY" reference README.md
