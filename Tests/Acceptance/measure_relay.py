"""Relays 20 MiB of JSON lines through the embedded stream, and prints what that took.

    KINESIS_AGENT_BINARY=.build/release/kinesis-agent python3 Tests/Acceptance/measure_relay.py [redis://127.0.0.1:6379]
"""

import json
import os
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from agents import Process, count_lines
from machine import most_resident_mebibytes

BYTES = 20 * 1024 * 1024
PIPELINE = """
pipeline: {name}-fill
aws: {{endpoint: embedded}}
sources:
  input: {{file: {{include: [input.jsonl], follow: false, processor: json_lines}}}}
sinks:
  stream: {{kinesis: {{stream: {name}, shards: 4, partition_key: record.customer, processor: {processor}, buffer_time: 100ms,
    put_rate_limit_per_shard: 1000000, put_bandwidth_limit_per_shard: 1 GiB}}}}
---
pipeline: {name}
aws: {{endpoint: embedded}}
checkpoints: {checkpoints}
sources:
  stream: {{kinesis: {{stream: {name}, shards: 4, processor: {processor}, shard_fetch_rate: 5, sleep_time_no_records: 100ms}}}}
transforms:
  marked:
    steps: [{{filter: record.n >= 0}}, {{set: {{total: record.net + record.vat}}}}]
sinks:
  archive: {{file: {{path: archive.jsonl}}}}
"""


@dataclass
class Measurement:
    records: int
    arrived: int
    seconds: float
    cpu_seconds: float
    resident_mebibytes: float

    def __str__(self):
        return (
            f"{self.records} records in {self.seconds:.1f} s: {self.records / self.seconds:,.0f} records/s, "
            f"{self.cpu_seconds:.1f} CPU s, {self.resident_mebibytes:.0f} MiB resident at most"
        )


def write_input(path):
    """About a kilobyte a record."""
    count = written = 0
    with open(path, "w") as file:
        while written < BYTES:
            order = {"n": count, "customer": f"customer-{count % 997}", "net": count / 4, "vat": 0.5, "note": "x" * 900}
            written += file.write(json.dumps(order) + "\n")
            count += 1
    return count


def measure(folder, name, checkpoints, processor="json_lines"):
    records = write_input(folder / "input.jsonl")
    pipeline = folder / "relay.yaml"
    pipeline.write_text(PIPELINE.format(name=name, checkpoints=checkpoints, processor=processor))
    started = time.monotonic()
    process = Process(["run", pipeline, "--state", folder / "state"], folder)
    archive = folder / "archive.jsonl"
    while count_lines(archive) < records and process.process.poll() is None and time.monotonic() < started + 120:
        time.sleep(0.1)
    seconds = time.monotonic() - started
    resident = most_resident_mebibytes(process.process.pid)
    process.process.terminate()
    # The child's own usage, which Popen.wait does not tell.
    _, status, usage = os.wait4(process.process.pid, 0)
    process.process.returncode = os.waitstatus_to_exitcode(status)
    assert process.process.returncode == 0, process.stderr[-4000:]
    return Measurement(records, count_lines(archive), seconds, usage.ru_utime + usage.ru_stime, resident)


if __name__ == "__main__":
    store = f"{{redis: {{url: '{sys.argv[1]}'}}}}" if len(sys.argv) > 1 else "{sqlite: {}}"
    with tempfile.TemporaryDirectory() as folder:
        print(measure(Path(folder), f"measure-{os.getpid()}", store))
