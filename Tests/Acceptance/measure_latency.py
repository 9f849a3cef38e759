"""How long a record takes from the call of PutRecord to standard output, on a stream of 64 shards of which one has traffic, and little.

    KINESIS_AGENT_BINARY=.build/release/kinesis-agent python3 Tests/Acceptance/measure_latency.py [--records 40] [--only fast]
"""

import argparse
import random
import tempfile
import time
from pathlib import Path

import streams
from agents import Process, eventually
from machine import machine

SHARDS = 64
MODES = {
    "defaults": "",
    "fast": ", shard_fetch_rate: 5, sleep_time_no_records: 200ms",
    "fan_out": ", mode: fan_out, consumer: latency",
}
PIPELINE = """
pipeline: latency
aws: {{endpoint: '{url}', region: us-east-1}}
checkpoints: {{memory: {{}}}}
sources:
  source: {{kinesis: {{stream: latency, processor: raw{options}}}}}
sinks:
  output: {{stdout: {{processor: raw}}}}
"""


def lines_of(agent):
    return agent.out.read_bytes().count(b"\n")


def measure(folder, mode, count):
    chosen = random.Random(mode)
    emulator = Process(["emulator", "--port", "0", "--memory"], folder, name="emulator")
    agent = None
    try:
        url = eventually(lambda: emulator.stdout.partition("\n")[0], lambda: emulator.stderr)
        kinesis = streams.client(url)
        streams.create(kinesis, "latency", SHARDS)
        (folder / "latency.yaml").write_text(PIPELINE.format(url=url, options=MODES[mode]))
        agent = Process(["run", folder / "latency.yaml", "--state", folder / "state"], folder)
        agent.says("ready: every shard", within=60)
        time.sleep(5)  # The first reads are no idle ones.
        found = []
        for number in range(count):
            began = time.monotonic()
            kinesis.put_record(StreamName="latency", PartitionKey="a", Data=b"%d\n" % number)
            while lines_of(agent) <= number:
                assert time.monotonic() < began + 30, agent.stderr[-2000:]
                time.sleep(0.001)
            found.append(time.monotonic() - began)
            time.sleep(chosen.uniform(0.5, 2.5))
        found.sort()
        # The 99th percentile of so few is the most.
        print(f"{mode:10} {count:8} {found[0]:8.3f} {found[count // 2]:8.3f} {found[int(count * 0.99)]:8.3f} {found[-1]:8.3f}", flush=True)
    finally:
        for process in filter(None, [agent, emulator]):
            process.kill()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--records", type=int, default=20)
    parser.add_argument("--only", choices=list(MODES))
    options = parser.parse_args()
    print(machine(), flush=True)
    print(f"{'seconds':10} {'records':>8} {'least':>8} {'median':>8} {'p99':>8} {'most':>8}")
    for mode in [options.only] if options.only else MODES:
        with tempfile.TemporaryDirectory() as folder:
            measure(Path(folder), mode, options.records)
