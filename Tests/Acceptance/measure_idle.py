"""What it costs an agent to read shards in which nothing happens: CPU of one agent with its share of the shards.

    KINESIS_AGENT_BINARY=.build/release/kinesis-agent python3 Tests/Acceptance/measure_idle.py [shards [seconds]]
"""

import os
import sys
import tempfile
import time
from pathlib import Path

import streams
from agents import Process, eventually

PIPELINE = """
pipeline: idle
aws: {{endpoint: '{url}', region: us-east-1}}
checkpoints: {{memory: {{}}}}
sources: {{input: {{kinesis: {{stream: idle}}}}}}
sinks: {{out: {{discard: {{}}}}}}
"""
TICKS = os.sysconf("SC_CLK_TCK")
SLEEP_TIME_NO_RECORDS = 2


def cpu_seconds(process):
    fields = Path(f"/proc/{process.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def main():
    shards = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    seconds = int(sys.argv[2]) if len(sys.argv) > 2 else 30
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        emulator = Process(["emulator", "--port", "0", "--memory"], folder, name="emulator")
        url = eventually(lambda: emulator.stdout.partition("\n")[0], lambda: f"no URL:\n{emulator.stderr}")
        streams.create(streams.client(url), "idle", shards=shards)
        (folder / "idle.yaml").write_text(PIPELINE.format(url=url))
        agent = Process(["run", folder / "idle.yaml", "--state", folder / "state"], folder)
        try:
            eventually(lambda: agent.stderr.count("reading shard") >= shards, lambda: agent.stderr[-2000:], within=60)
            time.sleep(3 * SLEEP_TIME_NO_RECORDS)
            before, started = cpu_seconds(agent), time.monotonic()
            time.sleep(seconds)
            used, passed = cpu_seconds(agent) - before, time.monotonic() - started
            calls = passed * shards / SLEEP_TIME_NO_RECORDS
            print(f"{shards} idle shards: {100 * used / passed:.1f} % of a core, {1e6 * used / calls:.0f} µs a GetRecords call")
        finally:
            agent.kill()
            emulator.kill()


if __name__ == "__main__":
    main()
